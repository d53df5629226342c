package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionState.State;
import dev.pgleader.LeaderInfo;
import dev.pgleader.Problem;
import dev.pgleader.internal.election.News;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Faults.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a process asks of the database that stands in no election, and what it gets to know. */
class ConductorObservingTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    /** A retry interval and its jitter. */
    private static final Duration ROUTINE = Duration.ofMillis(2_401);

    private static final Duration LEASE = Machine.TIMINGS.lease();
    private static final int MOST_LOOKS_PER_MINUTE = 38;

    private final Machines machines = new Machines();
    private final Machine leader = machines.start();
    private final Machine watcher = machines.start();
    private final ObservedElection orders = observe("orders");

    @AfterEach
    void nothingIsLeftOpen() {
        leader.conductor.end();
        watcher.conductor.end();
        assertEquals(List.of(), machines.database.leftOpen());
    }

    // What is asked

    @Test
    void watcher_looksOncePerRetryInterval_andAsksForNothingElse() {
        leader.stand("orders");
        machines.run(MINUTE);

        List<Act> asked = watcher.asked();

        assertEquals(Set.of(Act.OPEN_SESSION, Act.LOOK), Set.copyOf(asked));
        assertEquals(1, Machine.count(asked, Act.OPEN_SESSION));
        int looks = Machine.count(asked, Act.LOOK);
        assertTrue(looks >= 25 && looks <= MOST_LOOKS_PER_MINUTE, looks + " looks");
        assertEquals(Optional.of("machine 0"), leaderSeen());
    }

    @Test
    void watcherOfAThousand_looksAtAllOfThemAtOnce() {
        List<ObservedElection> all = IntStream.range(0, 1000)
                .mapToObj(each -> observe("election " + each))
                .toList();
        machines.run(MINUTE);

        int looks = Machine.count(watcher.asked(), Act.LOOK);

        assertTrue(looks <= MOST_LOOKS_PER_MINUTE, looks + " looks");
        assertTrue(all.stream().allMatch(each -> each.state().state() == State.FOLLOWER));
    }

    @Test
    void electionInWhichNobodyHasEverStood_isNotRegistered() {
        machines.run(MINUTE);

        assertEquals("follower, nobody leads", orders.state().toString());
        assertTrue(machines.database.primary().row("orders").isEmpty());
    }

    @Test
    void watcherLeaves_nothingIsAskedAnyMore_norWhenItEnds() {
        machines.run(MOMENT);
        watcher.post(body -> body.ignore(orders));
        machines.run(MOMENT);
        watcher.asked();

        machines.run(MINUTE);
        watcher.conductor.end();

        assertEquals(List.of(Act.CLOSE), watcher.asked());
    }

    @Test
    void watcherEnds_whoeverStoodIsOnTheListStill_andNothingIsStruckOff() {
        leader.stand("orders");
        machines.run(MOMENT);
        watcher.asked();

        watcher.conductor.end();

        assertEquals(List.of(Act.CLOSE), watcher.asked());
    }

    // What it gets to know

    @Test
    void announcedChange_isSeenAtOnce() {
        RecordedWork work = leader.stand("orders");
        machines.run(MOMENT);
        watcher.post(body -> body.announced(Map.of("orders", News.CHANGED, "somebody else's", News.CHANGED)));
        machines.run(MOMENT);
        assertEquals(Optional.of("machine 0"), leaderSeen());
        watcher.asked();

        leader.post(body -> body.close(work.contender()));
        machines.run(MOMENT);
        watcher.post(body -> body.announced(Map.of("orders", News.VACATED)));
        machines.run(MOMENT);

        assertEquals(List.of(Act.LOOK), watcher.asked());
        assertEquals("follower, nobody leads", orders.state().toString());
    }

    @Test
    void lostAnnouncement_isMadeUpFor_byTheNextRoutineLook() {
        machines.run(Duration.ofSeconds(10));
        RecordedWork first = leader.stand("orders");
        machines.run(ROUTINE);
        assertEquals(first.terms, termSeen().stream().toList());

        leader.post(body -> body.close(first.contender()));
        machines.run(ROUTINE);

        assertEquals("follower, nobody leads", orders.state().toString());
    }

    @Test
    void leaderDies_nobodyLeadsByTheEndOfItsLease_andItIsLookedAtThen() {
        leader.stand("orders");
        machines.run(Duration.ofSeconds(10));
        leader.suffer(act -> Fault.of(Outcome.LOST));
        watcher.asked();

        machines.run(LEASE.plus(MOMENT));

        assertEquals("follower, nobody leads", orders.state().toString());
        machines.run(MINUTE);
        int looks = Machine.count(watcher.asked(), Act.LOOK);
        assertTrue(looks <= MOST_LOOKS_PER_MINUTE + 5, looks + " looks");
    }

    // Trouble

    @Test
    void databaseGone_nothingIsKnownAfterTheLease_andEverythingAgainWhenItIsBack() {
        leader.stand("orders");
        machines.run(Duration.ofSeconds(10));

        machines.database.primary().stop();
        machines.run(LEASE.plus(MOMENT));
        assertEquals(State.UNKNOWN, orders.state().state());
        machines.run(MINUTE);
        watcher.asked();
        machines.database.primary().start();
        machines.run(Duration.ofSeconds(10));

        assertEquals(Optional.of("machine 0"), leaderSeen());
        assertEquals(Set.of(Act.OPEN_SESSION, Act.LOOK), Set.copyOf(watcher.asked()));
    }

    @Test
    void databaseGone_isTriedAsSlowlyAsByThoseWhoStand() {
        machines.run(MOMENT);
        machines.database.primary().stop();
        machines.run(Duration.ofSeconds(10));
        watcher.asked();

        machines.run(MINUTE);

        List<Act> asked = watcher.asked();
        assertEquals(Set.of(Act.OPEN_SESSION), Set.copyOf(asked));
        assertTrue(asked.size() >= 29 && asked.size() <= 62, asked.size() + " attempts in a minute");
    }

    @Test
    void answerLost_sessionIsOpenedAnew() {
        machines.run(MOMENT);
        watcher.asked();
        watcher.suffer(act -> act == Act.LOOK ? Fault.of(Outcome.ANSWER_LOST) : Fault.NONE);
        machines.run(ROUTINE);
        watcher.suffer(act -> Fault.NONE);
        machines.run(Duration.ofSeconds(10));

        assertTrue(Machine.count(watcher.asked(), Act.OPEN_SESSION) >= 1);
        assertEquals("follower, nobody leads", orders.state().toString());
        assertEquals(Optional.empty(), watcher.conductor.problem());
    }

    @Test
    void sessionLost_nextOneLooksAtOnce() {
        machines.run(MOMENT);
        watcher.asked();
        Problem cutOff = new Problem(Problem.Kind.UNREACHABLE, "cut off", "simulated");
        watcher.post(body -> body.loseSession(new SessionException(cutOff)));

        machines.run(Duration.ofSeconds(1));

        assertEquals(List.of(Act.CLOSE, Act.OPEN_SESSION, Act.LOOK), watcher.asked());
    }

    @Test
    void tableLocked_isLookedAtNoMoreOftenForThat_andNothingIsKnownAfterTheLease() {
        leader.stand("orders");
        machines.run(Duration.ofSeconds(10));
        machines.database.primary().lockTable();
        watcher.asked();

        machines.run(MINUTE);

        List<Act> asked = watcher.asked();
        assertEquals(Set.of(Act.LOOK), Set.copyOf(asked));
        assertTrue(asked.size() <= MOST_LOOKS_PER_MINUTE + 1, asked.size() + " looks");
        assertEquals(State.UNKNOWN, orders.state().state());
        machines.database.primary().unlockTable();
        machines.run(ROUTINE.multipliedBy(3));
        assertEquals(Optional.of("machine 0"), leaderSeen());
    }

    // Watching and standing

    @Test
    void standsAsWell_andWithdraws_isStruckOffTheListOnce_andGoesOnWatching() {
        RecordedWork work = watcher.stand("billing");
        machines.run(Duration.ofSeconds(1));
        assertTrue(watcher.asked().contains(Act.LIST));

        watcher.post(body -> body.close(work.contender()));
        machines.run(MINUTE);

        List<Act> asked = watcher.asked();
        assertEquals(1, Machine.count(asked, Act.LEAVE));
        assertTrue(Machine.count(asked, Act.LOOK) >= 25);
        assertFalse(asked.contains(Act.OPEN_SESSION));
        watcher.conductor.end();
        assertEquals(List.of(Act.CLOSE), watcher.asked());
    }

    @Test
    void roleThatMayOnlyWatch_watches_andIsToldSoWhenItStands_untilItWithdraws() {
        watcher.route.onlyWatch();
        leader.stand("orders");
        machines.run(MINUTE);
        assertEquals(Optional.of("machine 0"), leaderSeen());
        assertEquals(Optional.empty(), watcher.conductor.problem());
        watcher.asked();

        RecordedWork work = watcher.stand("billing");
        machines.run(MINUTE);
        List<Act> asked = watcher.asked();
        assertEquals(Set.of(Act.CLOSE, Act.OPEN_SESSION), Set.copyOf(asked));
        assertTrue(asked.size() <= MOST_LOOKS_PER_MINUTE, asked.size() + " attempts");
        assertEquals(
                Optional.of(Problem.Kind.NO_RIGHTS), watcher.conductor.problem().map(Problem::kind));
        assertEquals(List.of(), work.terms);

        watcher.post(body -> body.close(work.contender()));
        machines.run(MINUTE);
        assertEquals(Optional.of("machine 0"), leaderSeen());
        assertEquals(Optional.empty(), watcher.conductor.problem());
    }

    private ObservedElection observe(String election) {
        ObservedElection observed =
                new ObservedElection(election, ObservedElection.Self.NOBODY, watcher.ticker, LEASE, Duration.ZERO);
        watcher.post(body -> body.observe(observed));
        return observed;
    }

    private Optional<String> leaderSeen() {
        return orders.state().leader().map(LeaderInfo::address);
    }

    private Optional<Long> termSeen() {
        return orders.state().leader().map(LeaderInfo::term);
    }
}
