package dev.pgleader.testing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionContract;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.SessionLocksContract;
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionWritesContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The simulated session keeps to the contract. */
class InMemorySessionTest
        implements SessionContract, SessionLocksContract, SessionTakingContract, SessionWritesContract {

    static final Guard UNWATCHED = new Guard() {
        @Override
        public void begin(Runnable abort) {}

        @Override
        public void end() {}
    };

    private final InMemoryDatabase database = new InMemoryDatabase(() -> 0);
    private final List<Session> sessions = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    @AfterEach
    void nothingIsLeftOpen() {
        sessions.forEach(Session::close);
        listeners.forEach(Listener::close);
        assertEquals(List.of(), database.leftOpen());
    }

    @Override
    public Session session() throws SessionException {
        Session session = database.openSession(UNWATCHED);
        sessions.add(session);
        return session;
    }

    @Override
    public Listener listener() throws SessionException {
        Listener listener = database.openListener(UNWATCHED);
        listeners.add(listener);
        return listener;
    }

    @Override
    public void letLeasesRunOut() {
        database.primary().clock().jump(LEASE.plusSeconds(1));
    }

    @Override
    public Foreign lockRow(String election) {
        database.primary().lockRow(election);
        return database.primary()::releaseForeignLocks;
    }

    @Override
    public Foreign fenceRow(String election) {
        database.primary().fenceRow(election);
        return database.primary()::releaseForeignLocks;
    }

    @Override
    public Foreign lockTable() {
        database.primary().lockTable();
        return database.primary()::releaseForeignLocks;
    }

    @Override
    public void kill(Row.Backend backend) {
        assertTrue(database.primary().kill(backend));
    }

    @Override
    public void rewrite(String election, long term, long systemIdentifier, int timeline) {
        database.primary().rewrite(election, term, new Server(systemIdentifier, timeline, 1));
    }

    @Override
    public void awaitLock(Session session, String election, int lockId) throws Exception {
        assertTrue(locks(session, election, lockId));
    }
}
