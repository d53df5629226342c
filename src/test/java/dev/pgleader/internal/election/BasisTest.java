package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.byOtherHands;
import static dev.pgleader.internal.election.Examples.clockSet;
import static dev.pgleader.internal.election.Examples.detachedRow;
import static dev.pgleader.internal.election.Examples.myRow;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.watched;
import static dev.pgleader.internal.election.Examples.withLock;
import static dev.pgleader.internal.election.Examples.withoutSession;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What gave the right to a row that was taken, told by the row as it was. */
class BasisTest {

    private static final Duration OVER = Duration.ZERO;

    @Test
    void rowThatTheLibraryVacated_wasVacant() {
        assertEquals(Basis.VACANT, basis(vacantRow(), OVER));
    }

    @Test
    void rowThatNamesThisCandidate_wasClaimed() {
        assertEquals(Basis.CLAIMED, basis(myRow(TERM), LEASE));
        assertEquals(Basis.CLAIMED, basis(byOtherHands(myRow(TERM)), OVER));
    }

    @Test
    void lockThatWasFree_tellsWhetherTheLeaseWasOver() {
        assertEquals(Basis.LEASE_OVER, basisOf(withLock(seen(rowOfAnother(), OVER), true)));
        assertEquals(Basis.SESSION_ENDED, basisOf(withLock(seen(rowOfAnother(), LEASE), true)));
    }

    @Test
    void anythingElse_stoodStill() {
        assertEquals(Basis.STOOD_STILL, basis(detachedRow(), OVER));
        assertEquals(Basis.STOOD_STILL, basis(byOtherHands(vacantRow()), OVER));
        assertEquals(Basis.STOOD_STILL, basis(withoutSession(rowOfAnother()), OVER));
        assertEquals(Basis.STOOD_STILL, basis(rowOfAnother(), OVER));
        assertEquals(Basis.STOOD_STILL, basisOf(withLock(seen(rowOfAnother(), OVER), false)));
    }

    /** The lock was free as well, but it was not what gave the right. */
    @Test
    void lockThatProvesNothing_isNotWhatGaveTheRight() {
        assertEquals(Basis.STOOD_STILL, basisOf(withLock(seen(byOtherHands(rowOfAnother()), OVER), true)));
        Row edited = Examples.withEditedSession(rowOfAnother());
        assertEquals(Basis.STOOD_STILL, basisOf(withLock(seen(edited, OVER), true)));
        Duration hour = Duration.ofHours(1);
        assertEquals(Basis.STOOD_STILL, basisOf(withLock(seen(rowOfAnother(), hour), true)));

        Evidence known = watched(rowOfAnother(), atMillis(-1000));
        Sighting outrun = withLock(clockSet(seen(rowOfAnother(), OVER), hour), true);
        assertEquals(Basis.STOOD_STILL, Basis.of(ME, known, outrun));
    }

    private static Basis basisOf(Sighting before) {
        return Basis.of(ME, Evidence.NONE, before);
    }

    private static Basis basis(Row row, Duration remaining) {
        return basisOf(seen(row, remaining));
    }

    private static Sighting seen(Row row, Duration remaining) {
        return sighting(row, HERE, remaining, atMillis(0));
    }
}
