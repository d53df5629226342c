package dev.pgleader.internal.election;

import dev.pgleader.internal.election.Participant.Event;
import dev.pgleader.internal.election.ScenarioWorld.Trip;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The language of the scenario files. One command per line, all of them at the same moment:
 *
 * <pre>
 *   start NAME... [on-session-end]     stands in the election, with the default lengths
 *   begin NAME... [on-session-end]     the same, one after the other, and nothing is written down of it
 *   advance LENGTH                     lets time pass
 *   resign NAME, close NAME            what a user may ask for
 *   work NAME by-hand                  from now on its work is recovering until told otherwise
 *   work NAME recovers | fails         tells it
 *   work NAME returns-after LENGTH     how long it goes on once it is cancelled
 *   work NAME never-returns
 *   crash NAME                         kill -9
 *   pause NAME, resume NAME            SIGSTOP and SIGCONT: its clocks run on
 *   suspend NAME, awake NAME           a virtual machine's sleep: its monotonic clock stands still
 *   cut NAME, heal NAME                its packets vanish, in both directions
 *   lose-reply NAME COMMAND            the next one is carried out, but not heard of
 *   slow-reply NAME COMMAND LENGTH     the next one is carried out at once, but heard of late
 *   deafen NAME                        it gets no notices
 *   terminate NAME                     pg_terminate_backend on its session
 *   database-clock LENGTH              sets the database's clock by this much, e.g. -1h
 *   restart-server
 *   replicate                          the standby has all that was written until now, and gets nothing more
 *   promote-standby
 *   lock-row, unlock-row               somebody else's transaction holds the row
 * </pre>
 */
final class Scenario {

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
            case "resign" ->
                named(words)
                        .mail
                        .add(new Event(
                                "resign asked",
                                (state, me, now) -> state.resignAsked(me, Succession.Request.RESIGN, now)));
            case "close" -> named(words).mail.add(new Event("close asked", State::closeAsked));
            case "work" -> work(named(words), words);
            case "lose-reply", "slow-reply" -> trouble(words);
            case "database-clock" -> world.database.setClockBy(length(words[0]));
            case "restart-server", "replicate", "promote-standby", "lock-row", "unlock-row" -> server(verb);
            default -> process(verb, named(words));
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

    private void start(List<String> words) {
        boolean onSessionEnd = words.contains("on-session-end");
        Timings timings = new Timings(LEASE, REFRACTORY, RETRY, DRAIN, onSessionEnd);
        words.stream().filter(name -> !name.equals("on-session-end")).forEach(name -> {
            long apart = CLOCKS_APART.toNanos() * world.participants.size();
            world.participants.put(name, new Participant(name, timings, apart, 0, world.now()));
        });
    }

    private void begin(List<String> words) {
        List<String> mode = words.stream().filter("on-session-end"::equals).toList();
        words.stream().filter(word -> !mode.contains(word)).forEach(name -> {
            start(mode.isEmpty() ? List.of(name) : List.of(name, mode.get(0)));
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

    private void trouble(String... words) {
        Trip trip = words.length == 2
                ? new Trip(Duration.ZERO, Duration.ZERO, true)
                : new Trip(Duration.ZERO, length(words[2]), false);
        trips.put(words[0] + words[1], trip);
    }

    private Trip trip(Participant sender, Command command) {
        Trip trip = trips.remove(sender.name + command.getClass().getSimpleName());
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
