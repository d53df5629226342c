package dev.pgleader.internal.election;

import dev.pgleader.internal.election.Participant.Event;
import dev.pgleader.internal.election.ScenarioWorld.Trip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The language of the scenario files. One command per line, all of them at the same moment:
 *
 * <pre>
 *   start NAME... [OPTION...]          stands in the election, with the default lengths
 *   begin NAME... [OPTION...]          the same, one after the other, and nothing is written down of it
 *                                      options: on-session-end, priority=NUMBER, preempting, never-leading,
 *                                      leading-elsewhere (its session lives on for other elections),
 *                                      pooled (a pooler stands in between, so that its sessions mean nothing)
 *   advance LENGTH                     lets time pass
 *   resign NAME, close NAME            what a user may ask for
 *   hand-over NAME SUCCESSOR           likewise
 *   request [SUCCESSOR]                the leader is asked by SQL: to resign, or to hand over
 *   work NAME by-hand                  from now on its work is recovering until told otherwise
 *   work NAME recovers | fails         tells it
 *   work NAME returns-after LENGTH     how long it goes on once it is cancelled
 *   work NAME never-returns
 *   crash NAME                         kill -9
 *   pause NAME, resume NAME            SIGSTOP and SIGCONT: its clocks run on
 *   suspend NAME, awake NAME           a virtual machine's sleep: its monotonic clock stands still
 *   cut NAME, heal NAME                its packets vanish, in both directions
 *   lose-reply NAME STATEMENT          the next one is carried out, but not heard of
 *   slow-reply NAME STATEMENT LENGTH   the next one is carried out at once, but heard of late
 *   slow-request NAME STATEMENT LENGTH the next one is carried out late, when its sender has given up on it
 *   deafen NAME                        it gets no notices
 *   terminate NAME                     pg_terminate_backend on its session
 *   database-clock LENGTH              sets the database's clock by this much, e.g. -1h
 *   restart-server
 *   replicate                          the standby has all that was written until now, and gets nothing more
 *   promote-standby
 *   lock-row, unlock-row               another transaction holds the row
 *   empty-row, delete-row              what may be done to it by hand
 *   save-row, restore-row              likewise, from an old dump
 *   point-row-at NAME                  likewise: the row names another session
 *   delete-session NAME                the same done to a session's row
 * </pre>
 */
final class Scenario {

    private static final String PRIORITY = "priority=";
    private static final Set<String> OPTIONS =
            Set.of("on-session-end", "preempting", "never-leading", "leading-elsewhere", "pooled");
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration REFRACTORY = Duration.ofMillis(1500);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration CLOCKS_APART = Duration.ofHours(7);

    private final Chronicle chronicle = new Chronicle();
    private final Map<String, Trip> trips = new HashMap<>();
    private final Map<String, Long> asleepSince = new HashMap<>();
    private final ScenarioWorld world = new ScenarioWorld(this::trip, chronicle);

    /** Carries out one step's commands and returns what happened. */
    String perform(List<String> commands) {
        for (String command : commands) {
            String[] words = command.split(" ", -1);
            perform(words[0], Arrays.copyOfRange(words, 1, words.length));
        }
        world.settle();
        return chronicle.closePage(world);
    }

    private void perform(String verb, String... words) {
        switch (verb) {
            case "start" -> start(List.of(words));
            case "begin" -> begin(List.of(words));
            case "advance" -> world.advance(length(words[0]));
            case "resign" -> ask(named(words), "resign asked", Succession.Request.RESIGN);
            case "hand-over" ->
                ask(named(words), "hand-over to " + words[1] + " asked", Succession.Request.handOverTo(words[1]));
            case "request" -> request(words);
            case "close" -> named(words).mail.add(new Event("close asked", State::closeAsked));
            case "work" -> work(named(words), words);
            case "lose-reply", "slow-reply", "slow-request" -> trouble(verb, words);
            case "database-clock" -> world.database.setClockBy(length(words[0]));
            case "restart-server", "replicate", "promote-standby", "lock-row", "unlock-row" -> server(verb);
            case "empty-row", "delete-row", "save-row", "restore-row" -> hands(verb);
            default -> process(verb, named(words));
        }
    }

    private static void ask(Participant who, String name, Succession.Request request) {
        who.mail.add(new Event(name, (state, me, now) -> state.resignAsked(me, request, now)));
    }

    private void request(String... words) {
        Succession.Request request =
                words.length == 0 ? Succession.Request.RESIGN : Succession.Request.handOverTo(words[0]);
        if (world.database.request(request)) {
            world.wire.announceToAll(News.CHANGED);
        }
    }

    private void process(String verb, Participant who) {
        switch (verb) {
            case "crash" -> world.wire.crash(who);
            case "pause" -> who.frozen = true;
            case "resume" -> who.frozen = false;
            case "suspend" -> {
                who.frozen = true;
                asleepSince.put(who.name, world.now());
            }
            case "awake" -> {
                who.frozen = false;
                who.suspendedFor(Duration.ofNanos(world.now() - Objects.requireNonNull(asleepSince.remove(who.name))));
            }
            case "cut" -> who.cut = true;
            case "heal" -> world.wire.heal(who);
            case "deafen" -> who.deaf = true;
            case "point-row-at" -> world.database.pointAt(who.lease.id());
            case "delete-session" -> world.database.deleteSession(who.lease.id());
            case "terminate" -> {
                world.database.end(who.session.orElseThrow());
                world.wire.noticeDeadSessions();
            }
            default -> throw new IllegalArgumentException(verb);
        }
    }

    private void server(String verb) {
        switch (verb) {
            case "restart-server" -> world.database.restart();
            case "replicate" -> world.database.replicate();
            case "promote-standby" -> world.database.promoteStandby();
            case "lock-row" -> world.database.lockRow(true);
            case "unlock-row" -> world.database.lockRow(false);
            default -> throw new IllegalArgumentException(verb);
        }
        world.wire.noticeDeadSessions();
    }

    private void hands(String verb) {
        switch (verb) {
            case "empty-row" -> world.database.emptyByHand();
            case "delete-row" -> world.database.deleteRow();
            case "save-row" -> world.database.save();
            case "restore-row" -> world.database.restore();
            default -> throw new IllegalArgumentException(verb);
        }
    }

    private void start(List<String> words) {
        Timings timings = new Timings(LEASE, REFRACTORY, RETRY, DRAIN, words.contains("on-session-end"));
        int priority = words.stream()
                .filter(word -> word.startsWith(PRIORITY))
                .mapToInt(word -> Integer.parseInt(word.substring(PRIORITY.length())))
                .sum();
        Preference preference = new Preference(priority, words.contains("preempting"), words.contains("never-leading"));
        words.stream().filter(word -> !isOption(word)).forEach(name -> {
            long apart = CLOCKS_APART.toNanos() * world.participants.size();
            Participant fresh = new Participant(name, preference, timings, apart, 0, world.now());
            fresh.leadsElsewhere = words.contains("leading-elsewhere");
            fresh.pooled = words.contains("pooled");
            fresh.deaf = fresh.pooled;
            world.participants.put(name, fresh);
        });
    }

    private static boolean isOption(String word) {
        return OPTIONS.contains(word) || word.startsWith(PRIORITY);
    }

    private void begin(List<String> words) {
        List<String> options = words.stream().filter(Scenario::isOption).toList();
        words.stream().filter(word -> !isOption(word)).forEach(name -> {
            List<String> one = new ArrayList<>(options);
            one.add(name);
            start(one);
            world.settle();
        });
        chronicle.discardPage();
    }

    private void work(Participant who, String... words) {
        switch (words[1]) {
            case "by-hand" -> who.recoversAtOnce = false;
            case "recovers" -> world.recovered(who);
            case "fails" -> world.fail(who);
            case "returns-after" -> who.stopsAfter = length(words[2]);
            case "never-returns" -> who.neverStops = true;
            default -> throw new IllegalArgumentException(words[1]);
        }
    }

    private void trouble(String verb, String... words) {
        Trip trip =
                switch (verb) {
                    case "lose-reply" -> new Trip(Duration.ZERO, Duration.ZERO, true);
                    case "slow-reply" -> new Trip(Duration.ZERO, length(words[2]), false);
                    default -> new Trip(length(words[2]), Duration.ZERO, true);
                };
        trips.put(words[0] + words[1], trip);
    }

    private Trip trip(Participant sender, Statement statement) {
        Trip trip = trips.remove(sender.name + statement.kind());
        return trip == null ? Trip.AT_ONCE : trip;
    }

    private Participant named(String... words) {
        return Objects.requireNonNull(world.participants.get(words[0]), words[0]);
    }

    /** Returns the length that is written like {@code 2s}, {@code 300ms} or {@code -1h}. */
    private static Duration length(String text) {
        String iso = text.endsWith("ms")
                ? "PT" + Long.parseLong(text.substring(0, text.length() - 2)) / 1000.0 + "S"
                : "PT" + text.toUpperCase(Locale.ROOT);
        return Duration.parse(iso);
    }
}
