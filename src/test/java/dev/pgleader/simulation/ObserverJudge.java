package dev.pgleader.simulation;

import dev.pgleader.ElectionState;
import dev.pgleader.ElectionState.State;
import dev.pgleader.LeaderInfo;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemoryServer;
import dev.pgleader.testing.memory.StoredSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Judges observers. What they say must be so (E): no leader whose lease is over by what was really committed, nobody where
 * nobody was seen to say so. What they tell must come in order, once, and in time (H).
 */
final class ObserverJudge {

    private static final int PERCENT = 100;

    /** A database's clock shows microseconds. */
    private static final long ROUNDED_NANOS = 10_000;

    /** The longest that those who are told sleep, and a little more. */
    private static final long NAP_NANOS = 1_050_000_000;

    private static final long LOOK_TAKES_NANOS = 100_000_000;

    private final World world;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Map<Term, Renewal> renewals = new HashMap<>();
    private final Map<String, Long> leaseEnds = new HashMap<>();
    private final Set<String> probed = new HashSet<>();
    private final Map<Watcher, Long> newestTold = new HashMap<>();

    private record Term(String election, long term) {}

    /** The last time that a lease was really extended. */
    private record Renewal(long nanos, Duration lease) {}

    ObserverJudge(World world) {
        this.world = world;
    }

    /** Returns a number for somebody who begins to watch. */
    int admit(Watcher watcher) {
        watchers.add(watcher);
        return watchers.size();
    }

    private List<Watcher> watching(String election) {
        return watchers.stream()
                .filter(watcher -> watcher.isOpen() && watcher.election.equals(election))
                .toList();
    }

    // What really is

    /** The row of a session is extended, and with it everything that the session holds. */
    void extended(InMemoryServer server, int session, StoredSession row) {
        for (String election : server.heldBy(session)) {
            Row held = server.row(election).orElseThrow().row();
            extended(election, held.term(), row.lease());
        }
    }

    void committed(String election, Optional<Row> before, Row after) {
        boolean taken = after.holder().isPresent()
                && before.filter(row -> row.term() == after.term()).isEmpty();
        if (taken) {
            extended(election, after.term(), after.lease());
        }
    }

    private void extended(String election, long term, Duration lease) {
        renewals.put(new Term(election, term), new Renewal(world.now(), lease));
        if (world.curiosity.watched) {
            leaseEnds.put(election, world.now() + lease.toNanos() * (PERCENT + 2) / PERCENT);
            probe(election);
        }
    }

    /** Has everybody asked when a lease is surely over, unless it is extended. */
    private void probe(String election) {
        if (probed.add(election)) {
            world.agenda.at(Objects.requireNonNull(leaseEnds.get(election)), () -> {
                probed.remove(election);
                if (Objects.requireNonNull(leaseEnds.get(election)) > world.now()) {
                    probe(election);
                } else {
                    watching(election).stream()
                            .filter(watcher -> watcher.node.isAwake())
                            .forEach(Watcher::ask);
                }
            });
        }
    }

    // What is said

    /** Somebody has asked, and this was the answer. */
    void asked(Watcher who, ElectionState said) {
        if (who.isClosed() && said.state() != State.UNKNOWN) {
            who.object(who + " is closed, and says " + said);
        }
        switch (said.state()) {
            case LEADER -> saysItLeads(who, said.leader().orElseThrow());
            case FOLLOWER -> said.leader().ifPresentOrElse(leader -> saysItFollows(who, leader), () -> saysNobody(who));
            case UNKNOWN -> world.tally.count(Happening.OBSERVER_CANNOT_TELL);
        }
        Optional<LeaderInfo> told =
                who.told().leader().filter(leader -> who.told().state() == State.FOLLOWER);
        long nap = NAP_NANOS + who.node.config.statementTimeout().toNanos();
        boolean awake = who.node.clocks.haltedWithin(world.now() - nap, world.now()) == 0;
        if (who.isOpen() && awake) {
            told.ifPresent(leader -> believe(who, leader, nap, "has told its listeners, and not taken back,"));
        }
    }

    private void saysItLeads(Watcher who, LeaderInfo leader) {
        world.tally.count(Happening.OBSERVER_LEADS);
        boolean leads = ownReign(who)
                .filter(reign -> reign.isHeld() && reign.term() == leader.term())
                .isPresent();
        if (!leads) {
            world.judges.object("E", who + " on " + who.node + " says that this process leads: " + leader);
        }
    }

    private void saysItFollows(Watcher who, LeaderInfo leader) {
        world.tally.count(Happening.OBSERVER_SEES_LEADER);
        if (who.own.filter(aspirant -> aspirant.id.equals(leader.candidate())).isPresent()) {
            world.judges.object("E", who + " on " + who.node + " says that it follows itself");
        }
        believe(who, leader, 0, "says");
    }

    private void saysNobody(Watcher who) {
        world.tally.count(Happening.OBSERVER_SEES_NOBODY);
        if (ownReign(who).filter(Reign::isHeld).isPresent()) {
            world.judges.object("E", who + " on " + who.node + " says that nobody leads, and leads itself");
        }
        Optional<Boolean> known = who.sights.nobodyLeads(who.node.clocks.read());
        if (!known.orElse(false)) {
            world.judges.object(
                    "E",
                    who + " on " + who.node + " says that nobody leads, which it "
                            + (known.isEmpty() ? "was never told" : "was told too long ago"));
        }
    }

    private static Optional<Reign> ownReign(Watcher who) {
        return who.own.flatMap(Aspirant::reign);
    }

    /** Nobody is reported for longer than a lease after its last extension, by the observer's own clock and 1 %. */
    private void believe(Watcher who, LeaderInfo leader, long allowedNanos, String how) {
        Renewal last = renewals.get(new Term(who.election, leader.term()));
        if (last == null) {
            world.judges.object("E", who + " on " + who.node + " reports a leader that never was: " + leader);
            return;
        }
        MachineClocks clocks = who.node.clocks;
        Reading now = clocks.read();
        Reading then = clocks.readAt(last.nanos());
        long most = last.lease().toNanos() * (PERCENT + 1) / PERCENT + ROUNDED_NANOS + allowedNanos;
        long passed = now.uptimeNanos() - then.uptimeNanos();
        if (passed > most && !excused(who, leader.term(), last, allowedNanos)) {
            String late = Story.seconds(passed - last.lease().toNanos());
            world.judges.object(
                    "E",
                    who + " on " + who.node + " " + how + " that " + leader.address() + " leads under term "
                            + leader.term() + ", whose lease was over " + late + " ago");
        }
    }

    private boolean excused(Watcher who, long term, Renewal last, long allowedNanos) {
        MachineClocks clocks = who.node.clocks;
        Reading now = clocks.read();
        Optional<Sights.Shown> shown = who.sights.lastOf(term);
        if (shown.isEmpty()) {
            return false;
        }
        Sighting seen = shown.get().seen();
        // A machine has slept and woken up with the time of day at which it fell asleep: a question looks at no third
        // clock.
        Duration given = seen.remaining();
        boolean hidden = allowedNanos == 0
                && now.since(seen.askedAt()).compareTo(given) < 0
                && now.wallNanos() - seen.askedAt().wallNanos() < given.toNanos()
                && now.uptimeNanos() - seen.askedAt().uptimeNanos() >= given.toNanos();
        if (hidden) {
            world.tally.count(Happening.BELIEVED_AFTER_SLEEP);
            return true;
        }
        long passed = seen.askedAt().uptimeNanos() - clocks.readAt(last.nanos()).uptimeNanos();
        long left = last.lease().toNanos() * (PERCENT + 1) / PERCENT + ROUNDED_NANOS - passed;
        boolean clockLied = seen.remaining().toNanos() > left;
        if (clockLied && who.sights.mayBeMisledBy(shown.get(), now.plus(Duration.ofNanos(-allowedNanos)))) {
            world.tally.count(Happening.BELIEVED_A_CLOCK_SET_BACK);
            return true;
        }
        return false;
    }

    // What is told

    void told(Watcher who, ElectionState state) {
        world.tally.count(Happening.OBSERVER_TOLD);
        if (state.state() == State.UNKNOWN && who.told().state() != State.UNKNOWN) {
            world.tally.count(Happening.OBSERVER_LOSES_SIGHT);
        }
        state.leader().ifPresent(leader -> {
            Long newest = newestTold.put(who, leader.term());
            if (newest != null && newest > leader.term()) {
                if (world.hasPromoted() || world.mayShowOlderTerms()) {
                    world.tally.count(Happening.TOLD_AN_OLDER_TERM);
                } else {
                    who.object(who + " is told of term " + leader.term() + " after " + newest);
                }
            }
        });
    }

    // All is well

    /** Everybody who watches knows who leads, once nothing has changed for a retry interval and a little more. */
    void everybodyMustKnow() {
        for (Watcher who : watchers) {
            long since = world.now() - foundWithin(who.node);
            boolean able =
                    who.isOpen() && who.sinceNanos < since && who.node.clocks.haltedWithin(since, world.now()) == 0;
            if (able && who.election.equals(Users.NOWHERE)) {
                if (looksOftenEnough(who.node)) {
                    mustKnow(who, Optional.empty());
                }
            } else if (able) {
                world.leader(who.election)
                        .filter(leader -> isSettled(leader, since))
                        .ifPresent(leader -> mustKnow(who, Optional.of(leader)));
            }
        }
    }

    /** That nobody leads is known for a lease after each look. */
    private static boolean looksOftenEnough(Node node) {
        return foundWithin(node) < node.config.leaseDuration().toNanos();
    }

    private static long foundWithin(Node node) {
        long look = node.config.retryInterval().toNanos() * 6 / 5;
        return look + 4 * node.config.statementTimeout().toNanos() + LOOK_TAKES_NANOS;
    }

    private boolean isSettled(Aspirant leader, long since) {
        Reign reign = leader.reign().orElseThrow();
        Row row = world.database.primary().row(leader.election).orElseThrow().row();
        return reign.begunNanos < since
                && row.term() == reign.term()
                && row.holder().isPresent();
    }

    /** A question that is asked while a look is under way, at the end of a lease, has no answer. */
    private void mustKnow(Watcher who, Optional<Aspirant> leader) {
        boolean leads = leader.isPresent() && who.own.equals(leader);
        State expected = leads ? State.LEADER : State.FOLLOWER;
        Optional<Long> term = leader.flatMap(Aspirant::reign).map(Reign::term);
        ElectionState told = who.told();
        boolean looking = who.state().state() == State.UNKNOWN;
        for (ElectionState known : looking ? List.of(told) : List.of(who.state(), told)) {
            if (known.state() != expected
                    || !known.leader().map(LeaderInfo::term).equals(term)) {
                who.object(who + " on " + who.node + " knows " + known + " where all is well and "
                        + leader.flatMap(Aspirant::reign) + " leads");
            }
        }
        world.tally.count(Happening.PRESENT_LEADER_KNOWN);
    }

    // The end

    void nothingIsLeft() {
        watchers.stream().filter(who -> who.node.users.haveEnded()).forEach(Watcher::judgeTheEnd);
    }
}
