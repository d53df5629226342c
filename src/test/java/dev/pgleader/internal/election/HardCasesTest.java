package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.LOCK;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.RETRY;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Moments that a first version of the core got wrong. */
class HardCasesTest {

    private static final Tenure TENURE = Tenure.from(ME, LOCK, TERM, atMillis(0));
    private static final Reading TRUST_END = atMillis(3465);

    @Test
    void standbyPromoted_thatLostTheTakeOfAVacantRow_isNotTakenWhileTheLostLeaderIsTrusted() {
        Scenario scenario = new Scenario();
        scenario.perform(List.of("begin a", "close a", "advance 1s", "replicate", "begin b"));

        assertDoesNotThrow(() -> scenario.perform(List.of("cut b", "promote-standby", "start c", "advance 1s")));
    }

    @Test
    void beatDue_afterTrustHasEnded_extendsNoLease() {
        Step step = new Leading(TENURE, true).beatDue(ME, TRUST_END);

        assertTrue(step.commands().stream().noneMatch(Command.Heartbeat.class::isInstance), step.toString());
    }

    @Test
    void recovered_afterTrustHasEnded_doesNotLead() {
        Step step = new Recovering(TENURE).recovered(ME, TERM, TRUST_END);

        assertTrue(step.commands().stream().noneMatch(Command.Heartbeat.class::isInstance), step.toString());
    }

    @Test
    void leader_thatHearsNothing_wakesWhenItsTrustEnds_andIsDeposed() {
        for (State state : List.of(new Recovering(TENURE), new Leading(TENURE, true))) {
            Reading wake = state.wakesAt().orElseThrow();

            assertEquals(TRUST_END, wake);
            assertInstanceOf(Stopping.class, state.ticked(ME, wake).next());
        }
    }

    @Test
    void leaseEnd_ofAHeartbeatThatWasAnsweredTooLate_isThatOfTheHeartbeat() {
        Step step = new Leading(TENURE, true).renewed(ME, TERM, atMillis(3000), TRUST_END);

        Stopping stopping = assertInstanceOf(Stopping.class, step.next());
        assertEquals(atMillis(8000), stopping.tenure().leaseEnd());
    }

    @Test
    void leaseEnd_ofAHeartbeatAnsweredWhileStopping_isThatOfTheHeartbeat() {
        State stopping = new Stopping(TENURE, Exit.of(Loss.EXPIRED, new Aim.StandAgain()))
                .renewed(ME, TERM, atMillis(3000), atMillis(3600))
                .next();

        assertEquals(atMillis(8000), ((Stopping) stopping).tenure().leaseEnd());
    }

    @Test
    void endOfABackend_onceOrdered_isFollowedByALookSoon() {
        Step step = refusedAt(atMillis(60_000), Duration.ofSeconds(-55));

        assertTrue(step.commands().stream().anyMatch(Command.EndBackend.class::isInstance));
        Duration pause = step.next().wakesAt().orElseThrow().since(atMillis(60_000));
        assertTrue(pause.compareTo(Patience.GRACE) <= 0, pause.toString());
    }

    @Test
    void lockHeld_underAClockThatSteppedBack_isTreatedAsOneOfALeaderThatHangs() {
        Step step = refusedAt(atMillis(60_000), Duration.ofHours(1));

        assertTrue(step.commands().stream().anyMatch(Command.EndBackend.class::isInstance), step.toString());
        Duration pause = step.next().wakesAt().orElseThrow().since(atMillis(60_000));
        assertTrue(pause.compareTo(RETRY) <= 0, pause.toString());
    }

    /** Returns what a refused lock leads to, at {@code now}, for a row of another that has stood still since zero. */
    private static Step refusedAt(Reading now, Duration remaining) {
        Vigil vigil = new Vigil(rowOfAnother(), HERE, atMillis(0));
        Sighting seen = sighting(rowOfAnother(), HERE, remaining, now);
        assertTrue(now.since(atMillis(0)).compareTo(LEASE) > 0);
        return new Locking(vigil, seen, Verdict.of(ME, vigil, seen), atMillis(0)).lockRefused(ME, now);
    }
}
