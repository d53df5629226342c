package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.election.Timings;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Faults.Outcome;
import dev.pgleader.testing.memory.FencedTransaction;
import dev.pgleader.testing.memory.InMemoryByHand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of leaderships when statements fail, servers change and candidates end. */
class ConductorLossTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Machines machines = new Machines();
    private final Machine machine = machines.start();

    @AfterEach
    void nothingIsLeftOpen() {
        machine.conductor.end();
        assertEquals(List.of(), machines.database.leftOpen());
    }

    @Test
    void answerToABidLost_rowIsClaimedUnderAnotherTerm() {
        machine.suffer(act -> act == Act.BID ? Fault.of(Outcome.ANSWER_LOST) : Fault.NONE);
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        assertEquals(List.of(), work.terms, "a leadership that nobody confirmed");
        long unconfirmed =
                machines.database.primary().row("orders").orElseThrow().row().term();

        machine.suffer(act -> Fault.NONE);
        machines.run(Duration.ofSeconds(1));

        assertEquals(1, work.terms.size());
        assertTrue(work.term() > unconfirmed);
    }

    @Test
    void answerToAHeartbeatLost_leadershipIsLostAtOnceAndNotRevived() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        long term = work.term();

        machine.suffer(act -> act == Act.RENEW ? Fault.of(Outcome.ANSWER_LOST) : Fault.NONE);
        machines.run(Duration.ofMillis(1100));
        machine.suffer(act -> Fault.NONE);

        assertEquals(List.of(Loss.SESSION_LOST), work.losses);
        machines.run(Duration.ofSeconds(10));
        assertEquals(2, work.terms.size());
        assertTrue(work.term() > term);
    }

    /** A heartbeat extends the session and touches no election. */
    @Test
    void electionsRowLocked_leadershipGoesOn() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        machines.database.primary().lockRow("orders");

        machines.run(MINUTE);

        assertTrue(work.leads());
        assertEquals(List.of(), work.losses);
        machines.database.primary().unlockRow("orders");
    }

    @Test
    void sessionsRowLocked_leadershipsLastAsLongAsTheirTrust() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        int session = holder("orders").orElseThrow().sessionId();
        machines.database.primary().lockSession(session);

        machines.run(Duration.ofSeconds(3));
        assertTrue(work.leads());
        machines.run(Duration.ofSeconds(1));

        assertEquals(List.of(Loss.EXPIRED), work.losses);
        machines.database.primary().unlockSession(session);
    }

    /** It would be won and could not be used: an answer that comes after the trust is none. */
    @Test
    void electionToBeHad_whenTrustIsOverAlready_isNotBidFor_untilThereIsAnotherSession() {
        machine.stand("orders");
        machines.run(MOMENT);
        int session = holder("orders").orElseThrow().sessionId();
        machines.database.primary().lockSession(session);
        machines.run(Duration.ofMillis(3500));
        machine.asked();

        RecordedWork late = machine.stand("billing");
        machines.run(MOMENT);

        assertEquals(0, Machine.count(machine.asked(), Act.BID));
        machines.database.primary().unlockSession(session);
        machines.run(Duration.ofSeconds(10));
        assertTrue(late.leads());
        assertEquals(1, late.terms.size());
    }

    @Test
    void tableOfElectionsLocked_leadershipGoesOn_andNoneBegins() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        machines.database.primary().lockTable();
        RecordedWork late = machine.stand("billing");

        machines.run(MINUTE);

        assertTrue(work.leads());
        assertFalse(late.leads());
        machines.database.primary().unlockTable();
        machines.run(Duration.ofSeconds(10));
        assertTrue(late.leads());
        assertEquals(1, work.terms.size());
    }

    @Test
    void rowsDeletedOrEditedByHand_leaderIsDeposedWithinAHeartbeat_andLeadsAgainOnlyAfterALease() {
        for (Consumer<InMemoryByHand> deed : List.<Consumer<InMemoryByHand>>of(
                hand -> hand.deleteElection("orders"),
                InMemoryByHand::truncateElections,
                hand -> hand.empty("orders"),
                InMemoryByHand::truncateSessions)) {
            RecordedWork work = machine.stand("orders");
            machines.run(Duration.ofSeconds(10));
            assertTrue(work.leads());

            deed.accept(machines.database.primary().byHand());
            machines.run(Duration.ofMillis(1100));

            assertEquals(List.of(Loss.DEPOSED), work.losses);
            machines.run(Duration.ofSeconds(20));
            assertTrue(work.leads());
            machine.post(Conductor::closeAll);
            machines.run(MOMENT);
        }
    }

    @Test
    void killedLeader_isReplaced_withinItsLease() {
        Machine doomed = machines.start();
        RecordedWork dead = doomed.stand("orders");
        machines.run(MOMENT);
        RecordedWork successor = machine.stand("orders");
        machines.run(Duration.ofSeconds(10));
        long term = dead.term();

        int session = holder("orders").orElseThrow().sessionId();
        machines.database
                .primary()
                .kill(machines.database.primary().sessionOf(session).orElseThrow());
        doomed.suffer(act -> Fault.of(Outcome.LOST));
        machines.run(Duration.ofMillis(5250));

        assertEquals(1, successor.terms.size());
        assertTrue(successor.term() > term);
        assertFalse(dead.leads());
        doomed.conductor.end();
    }

    @Test
    void promotionThatLosesCommits_leadersDoNotOverlap_andTermsAreNew() {
        Machine other = machines.start();
        RecordedWork here = machine.stand("orders");
        RecordedWork there = other.stand("orders");
        machines.run(Duration.ofSeconds(10));
        Set<Long> before = Set.copyOf(concat(here.terms, there.terms));
        var old = machines.database.primary();

        machines.database.promoteStandby(3, old.clock());
        old.stop();
        for (int i = 0; i < 200; i++) {
            machines.run(Duration.ofMillis(100));
            assertFalse(here.leads() && there.leads(), "two lead");
        }

        List<Long> after = concat(here.terms, there.terms);
        assertEquals(before.size() + 1, after.size());
        assertEquals(after.size(), Set.copyOf(after).size());
        other.conductor.end();
    }

    @Test
    void slowStatementsOfOtherElections_doNotKeepHeartbeatsWaiting() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);

        machine.suffer(act -> Fault.delay(Duration.ofMillis(450), Duration.ofMillis(450)));
        machine.stand("billing");
        machines.run(Duration.ofSeconds(20));

        assertEquals(List.of(), work.losses, "every statement was answered within the statement timeout");
        machine.suffer(act -> Fault.NONE);
    }

    @Test
    void fenceHeldForAMinute_isTriedEverMoreSlowly() {
        Machine other = machines.start();
        RecordedWork work = other.stand("orders");
        machines.run(MOMENT);
        FencedTransaction fenced =
                machines.database.primary().fence("orders", work.term()).orElseThrow();
        other.post(body -> body.happen(work.contender(), Event.resignAsked(Succession.Request.RESIGN)));
        machine.stand("orders");
        machines.run(Duration.ofSeconds(1));
        machine.asked();

        machines.run(MINUTE);

        int asked = machine.asked().size();
        assertTrue(asked <= 200, asked + " statements in a minute");
        fenced.rollback();
        other.conductor.end();
    }

    @Test
    void workThatDoesNotStopInTime_rowIsLetGo_andTheSessionGoesOn() {
        Timings hurried =
                new Timings(Duration.ofSeconds(5), Duration.ofMillis(1500), MINUTE, Duration.ofMillis(1500), false);
        RecordedWork work = machine.stand("orders", hurried);
        RecordedWork other = machine.stand("billing");
        work.doNotStop();
        machines.run(MOMENT);

        machine.post(body -> body.happen(work.contender(), Event.resignAsked(Succession.Request.RESIGN)));
        machines.run(Duration.ofMillis(1600));

        Row row = machines.database.primary().row("orders").orElseThrow().row();
        assertTrue(row.holder().isEmpty());
        assertEquals(-1, row.released(), "it must stand still before another takes it");
        machines.run(MINUTE);
        assertTrue(other.leads());
        assertEquals(1, other.terms.size());
        work.stop();
    }

    // No connection

    @Test
    void databaseDown_isTriedEverMoreSlowly() {
        machines.database.primary().stop();
        machine.stand("orders");

        machines.run(Duration.ofSeconds(2));
        int soon = machine.asked().size();
        machines.run(MINUTE);

        List<Act> later = machine.asked();
        assertTrue(soon >= 5 && soon <= 12, soon + " attempts in the first two seconds");
        assertEquals(Set.of(Act.OPEN_SESSION), Set.copyOf(later));
        assertTrue(later.size() >= 29 && later.size() <= 62, later.size() + " attempts in a minute");
    }

    @Test
    void databaseBack_isFoundWithinTheLongestPause() {
        machines.database.primary().stop();
        RecordedWork work = machine.stand("orders");
        machines.run(MINUTE);

        machines.database.primary().start();
        machines.run(Duration.ofSeconds(2));

        assertTrue(work.leads());
        assertEquals(Optional.empty(), machine.conductor.problem());
    }

    @Test
    void sameProblemForHours_isWarnedOfOnce_andAgainWhenItComesBack() {
        try (CapturedLog log = new CapturedLog()) {
            machine.stand("orders");
            machines.run(MOMENT);

            for (int outage = 1; outage <= 2; outage++) {
                machines.database.primary().stop();
                machines.run(Duration.ofHours(1));
                assertEquals(outage, log.lines("cannot take part").size());
                machines.database.primary().start();
                machines.run(MINUTE);
            }
        }
    }

    // The end

    @Test
    void closed_nothingComesBackToLife() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        long term = work.term();
        machine.post(body -> body.close(work.contender()));
        machines.run(MOMENT);
        assertTrue(work.closed);
        assertTrue(machine.conductor.isIdle());
        machine.asked();

        machine.post(body -> {
            body.announced(Map.of("orders", News.VACATED));
            body.happen(work.contender(), Event.recovered(term));
            body.happen(work.contender(), Event.workStopped(term));
            body.happen(work.contender(), Event.workFailed(term));
            body.happen(work.contender(), Event.trustEnded(term));
            body.happen(work.contender(), Event.resignAsked(Succession.Request.RESIGN));
            body.close(work.contender());
            body.beatAgain();
            body.lookAgain();
        });
        machines.run(MINUTE);

        assertEquals(List.of(), machine.asked());
        assertEquals(List.of(term), work.terms);
        assertTrue(holder("orders").isEmpty());
    }

    @Test
    void closedFollower_freesNothingOfTheLeaders() {
        Machine leader = machines.start();
        RecordedWork leading = leader.stand("orders");
        machines.run(MOMENT);
        RecordedWork following = machine.stand("orders");
        machines.run(MOMENT);

        machine.post(Conductor::closeAll);
        machines.run(MINUTE);

        assertTrue(following.closed);
        assertTrue(leading.leads());
        assertEquals(1, leading.terms.size());
        leader.conductor.end();
    }

    private Optional<Row.Holder> holder(String election) {
        return machines.database.primary().row(election).orElseThrow().row().holder();
    }

    private static List<Long> concat(List<Long> one, List<Long> other) {
        List<Long> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }
}
