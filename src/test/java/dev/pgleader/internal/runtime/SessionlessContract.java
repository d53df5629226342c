package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session keeps to, in place of {@link SessionLocksContract}, where sessions mean nothing. */
public interface SessionlessContract extends SessionFixture {

    @Test
    default void server_isOneWithoutALife_andSoIsWhatRowsSayOfIt() throws Exception {
        Session session = session();

        Row taken = elected(session, "orders", ME);

        Server server = session.server();
        assertEquals(server.sessionless(), server);
        assertEquals(server, taken.writtenOn());
        assertEquals(server, seen(session, "orders").seenOn());
        assertEquals(new Row.Backend(0, 0), taken.holder().orElseThrow().backend());
    }

    @Test
    default void locks_areGrantedToEverybody_andNoneIsTaken() throws Exception {
        Session one = session();
        Session other = session();
        int lockId = registered(one, "orders").lockId();

        assertTrue(locks(one, "orders", lockId));
        assertTrue(locks(other, "orders", lockId));
        assertNoLockIsTaken(lockId);
        one.release(List.of(lockId), List.of());

        assertNoLockIsTaken(lockId);
    }

    /** Asserts that the server knows of no lock of that number. */
    void assertNoLockIsTaken(int lockId);
}
