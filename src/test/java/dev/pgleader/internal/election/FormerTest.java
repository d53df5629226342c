package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.BEAT;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.MY_SESSION;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.myRow;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.rowOf;
import static dev.pgleader.internal.election.Examples.tenure;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a candidate may claim of a leadership that it had: which row, and until when whatever became of the server. */
class FormerTest {

    private static final Former FORMER = tenure().former(ME);
    private static final Duration NO_TIME = Duration.ZERO;

    @Test
    void former_isTheTermAndTheSession() {
        assertEquals(TERM, FORMER.term());
        assertEquals(MY_SESSION, FORMER.session());
        assertTrue(FORMER.isIn(myRow(TERM)));
    }

    @Test
    void former_isInNoOtherRow() {
        assertFalse(FORMER.isIn(myRow(TERM - 1)));
        assertFalse(FORMER.isIn(myRow(TERM + 1)));
        assertFalse(FORMER.isIn(rowOf(ME.id(), TERM, MY_SESSION + 1, BEAT)));
        assertFalse(FORMER.isIn(rowOf(ANOTHER.id(), TERM, MY_SESSION + 1, BEAT)));
        assertFalse(FORMER.isIn(vacantRow()));
    }

    /** Until then no other can have taken it, in any history of the server. */
    @Test
    void former_isSureWhileTheLeaseThatWasAcknowledgedRuns() {
        assertTrue(FORMER.isSureAt(at(LEASE.minus(nano())), NO_TIME));
        assertFalse(FORMER.isSureAt(at(LEASE), NO_TIME));
    }

    /** A suspended machine's monotonic clock stands still, and another may have led for an hour. */
    @Test
    void former_isNotSure_whenAnyClockHasPassedTheEndOfTheLease() {
        long early = atMillis(100).monotonicNanos();
        long late = at(LEASE).monotonicNanos();

        assertFalse(FORMER.isSureAt(new Reading(early, late, early), NO_TIME));
        assertFalse(FORMER.isSureAt(new Reading(early, early, late), NO_TIME));
    }

    /** A heartbeat that was answered too late, or refused, may have extended nothing. */
    @Test
    void former_isNotSureForLonger_byAHeartbeatThatWasNotAcknowledgedInTime() {
        Former outrun = tenure().outrun(atMillis(8000)).former(ME);

        assertFalse(outrun.isSureAt(at(LEASE), NO_TIME));
    }

    @Test
    void former_isNotSure_whereTheStatementMayArriveTooLate() {
        Duration second = Duration.ofSeconds(1);

        assertTrue(FORMER.isSureAt(at(LEASE.minus(second).minus(nano())), second));
        assertFalse(FORMER.isSureAt(at(LEASE.minus(second)), second));
    }

    @Test
    void former_afterAHeartbeat_isSureForLonger() {
        Former renewed = tenure().renewed(ME, atMillis(1000)).former(ME);

        assertTrue(renewed.isSureAt(at(LEASE), NO_TIME));
        assertFalse(renewed.isSureAt(atMillis(6000), NO_TIME));
    }
}
