package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every session keeps to about its locks and its end: see {@link Session}. */
public interface SessionLocksContract extends SessionFixture {

    // Locks

    @Test
    default void lock_heldByOneSession_isRefusedToAnother() throws Exception {
        Session holder = session();
        int lockId = registered(holder, "orders").lockId();

        assertTrue(locks(holder, "orders", lockId));

        assertFalse(locks(session(), "orders", lockId));
    }

    @Test
    default void locks_ofTwoElections_doNotMeet() throws Exception {
        Session session = session();
        Session other = session();
        int orders = registered(session, "orders").lockId();
        int billing = registered(session, "billing").lockId();

        assertTrue(locks(session, "orders", orders));

        assertEquals(Set.of("billing"), other.tryLock(Map.of("orders", orders, "billing", billing)));
    }

    @Test
    default void lock_released_canBeHadByAnother() throws Exception {
        Session holder = session();
        int lockId = registered(holder, "orders").lockId();
        assertTrue(locks(holder, "orders", lockId));

        holder.release(List.of(lockId), List.of());

        assertTrue(locks(session(), "orders", lockId));
    }

    @Test
    default void lock_releasedByItsHolder_canBeHadByItAgain() throws Exception {
        Session holder = session();
        int lockId = registered(holder, "orders").lockId();
        assertTrue(locks(holder, "orders", lockId));
        holder.release(List.of(lockId), List.of());

        assertTrue(locks(holder, "orders", lockId));

        holder.release(List.of(lockId), List.of());
        assertTrue(locks(session(), "orders", lockId), "one release did not give back one lock");
    }

    @Test
    default void lock_askedForByItsHolder_isAnError() throws Exception {
        Session holder = session();
        int lockId = registered(holder, "orders").lockId();
        assertTrue(locks(holder, "orders", lockId));

        assertThrows(IllegalStateException.class, () -> locks(holder, "orders", lockId));
    }

    @Test
    default void lockNeverTaken_released_isAnError() throws Exception {
        Session session = session();
        int lockId = registered(session, "orders").lockId();

        assertThrows(Exception.class, () -> session.release(List.of(lockId), List.of()));
    }

    @Test
    default void session_closed_freesItsLocks() throws Exception {
        Session holder = session();
        Session other = session();
        int lockId = registered(holder, "orders").lockId();
        assertTrue(locks(holder, "orders", lockId));

        holder.close();

        awaitLock(other, "orders", lockId);
    }

    @Test
    default void session_aborted_freesItsLocks() throws Exception {
        Session holder = session();
        Session other = session();
        int lockId = registered(holder, "orders").lockId();
        assertTrue(locks(holder, "orders", lockId));

        holder.abort();

        awaitLock(other, "orders", lockId);
    }

    /** Waits for a lock whose holder has ended: its server process takes a moment to notice. */
    void awaitLock(Session session, String election, int lockId) throws Exception;

    // The end of a session

    @Test
    default void session_killed_saysSoAtTheNextStatement() throws Exception {
        Session session = session();
        Row.Backend backend =
                elected(session, "orders", ME).holder().orElseThrow().backend();

        kill(backend);

        assertThrows(SessionException.class, () -> session.look(List.of("orders")));
    }

    @Test
    default void twoSessions_taking_areToldApartByTheirBackends() throws Exception {
        Row mine = elected(session(), "orders", ME);
        Row others = elected(session(), "billing", ME);

        assertNotEquals(
                mine.holder().orElseThrow().backend(),
                others.holder().orElseThrow().backend());
    }

    @Test
    default void backendOfADeadLeader_ended_losesItsLocks() throws Exception {
        Session hung = session();
        Session other = session();
        Row row = elected(hung, "orders", ME);
        assertTrue(locks(hung, "orders", row.lockId()));

        other.endBackends(Map.of("orders", row));

        awaitLock(other, "orders", row.lockId());
    }

    @Test
    default void backend_whoseProcessLeadsAnewSince_isLeftAlone() throws Exception {
        Session slow = session();
        Session other = session();
        Row condemned = elected(slow, "orders", ME);
        vacated(slow, "orders", ME, condemned.term());
        Row anew = elected(slow, "orders", ME);

        other.endBackends(Map.of("orders", condemned));

        assertEquals(anew, seen(slow, "orders").row());
    }

    @Test
    default void backend_whoseLeaderHasRenewedSince_isLeftAlone() throws Exception {
        Session slow = session();
        Session other = session();
        Row condemned = elected(slow, "orders", ME);
        beaten(slow, "orders", ME, condemned.term());

        other.endBackends(Map.of("orders", condemned));

        beaten(slow, "orders", ME, condemned.term());
    }

    @Test
    default void backend_ofARowThatIsLocked_isLeftAlone() throws Exception {
        Session slow = session();
        Row condemned = elected(slow, "orders", ME);
        Foreign lock = lockRow("orders");

        session().endBackends(Map.of("orders", condemned));

        lock.end();
        beaten(slow, "orders", ME, condemned.term());
    }

    @Test
    default void backend_thatIsGone_endsNobody() throws Exception {
        Session gone = session();
        Session session = session();
        Row row = elected(gone, "orders", ME);
        kill(row.holder().orElseThrow().backend());

        session.endBackends(Map.of("orders", row));

        assertEquals(row, seen(session, "orders").row());
    }
}
