package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_ON_SESSION_END;
import static dev.pgleader.internal.election.Examples.RESTARTED;
import static dev.pgleader.internal.election.Examples.STOPPED;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.look;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.renewedRowOfAnother;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.withLock;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A lock that was seen free while the lease ran: what begins the wait, what ends it, and what calls it off. */
class FreeLockTest {

    private static final Sighting LIVE = sighting(rowOfAnother(), HERE, LEASE, atMillis(0));
    private static final Optional<FreeLock> NONE = Optional.empty();
    private static final Optional<FreeLock> SEEN = FreeLock.after(NONE, ME_ON_SESSION_END, withLock(LIVE, true));

    @Test
    void freeLock_isWaitedOutForOneRefractoryPeriodSinceTheAnswer() {
        Sighting slow = withLock(look(rowOfAnother(), HERE, LEASE, atMillis(0), atMillis(800)), true);

        FreeLock freed = FreeLock.after(NONE, ME_ON_SESSION_END, slow).orElseThrow();

        assertEquals(atMillis(800).plus(STOPPED), freed.until());
        assertFalse(freed.isOver(atMillis(800).plus(STOPPED.minus(nano()))));
        assertTrue(freed.isOver(atMillis(800).plus(STOPPED)));
    }

    @Test
    void lock_heldOrNotAskedFor_isNotFree() {
        assertEquals(NONE, FreeLock.after(NONE, ME_ON_SESSION_END, withLock(LIVE, false)));
        assertEquals(NONE, FreeLock.after(NONE, ME_ON_SESSION_END, LIVE));
    }

    @Test
    void freeLock_countsOnlyForACandidateThatTakesOverOnSessionEnd_andWhileTheLeaseRuns() {
        assertEquals(NONE, FreeLock.after(NONE, ME, withLock(LIVE, true)));
        Sighting over = withLock(sighting(rowOfAnother(), HERE, Duration.ZERO, atMillis(0)), true);
        assertEquals(NONE, FreeLock.after(NONE, ME_ON_SESSION_END, over));
        Sighting vacant = withLock(sighting(vacantRow(), HERE, LEASE, atMillis(0)), true);
        assertEquals(NONE, FreeLock.after(NONE, ME_ON_SESSION_END, vacant));
    }

    @Test
    void freeLock_seenAgainOrNotAskedFor_isWaitedOutFromTheFirstTime() {
        Sighting later = sighting(rowOfAnother(), HERE, LEASE, at(STOPPED));

        assertEquals(SEEN, FreeLock.after(SEEN, ME_ON_SESSION_END, later));
        assertEquals(SEEN, FreeLock.after(SEEN, ME_ON_SESSION_END, withLock(later, true)));
    }

    @Test
    void lockThatIsHeldAfterAll_refutesIt() {
        Sighting held = withLock(sighting(rowOfAnother(), HERE, LEASE, at(STOPPED)), false);

        assertEquals(NONE, FreeLock.after(SEEN, ME_ON_SESSION_END, held));
    }

    /** A heartbeat needs the session that the lock belongs to. */
    @Test
    void beatThatMoves_refutesIt_andAFreeLockIsWaitedOutAnew() {
        Sighting moved = sighting(renewedRowOfAnother(), HERE, LEASE, at(STOPPED));

        assertEquals(NONE, FreeLock.after(SEEN, ME_ON_SESSION_END, moved));
        assertEquals(
                at(STOPPED).plus(STOPPED),
                FreeLock.after(SEEN, ME_ON_SESSION_END, withLock(moved, true))
                        .orElseThrow()
                        .until());
    }

    @Test
    void anotherServer_beginsAnew() {
        Sighting elsewhere = sighting(rowOfAnother(), RESTARTED, LEASE, at(STOPPED));

        assertEquals(NONE, FreeLock.after(SEEN, ME_ON_SESSION_END, elsewhere));
        assertEquals(
                at(STOPPED).plus(STOPPED),
                FreeLock.after(SEEN, ME_ON_SESSION_END, withLock(elsewhere, true))
                        .orElseThrow()
                        .until());
    }
}
