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
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionWritesContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Behind a simulated pooler all of the contract holds that does not speak of locks. */
class InMemoryRowOnlySessionTest implements SessionContract, SessionTakingContract, SessionWritesContract {

    private final InMemoryDatabase database = new InMemoryDatabase(() -> 0);
    private final Route throughPooler = database.reachedBy(Faults.NONE);
    private final List<Session> sessions = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    InMemoryRowOnlySessionTest() {
        throughPooler.goThroughPooler();
    }

    @AfterEach
    void nothingIsLeftOpen() {
        sessions.forEach(Session::close);
        listeners.forEach(Listener::close);
        assertEquals(List.of(), database.leftOpen());
    }

    @Test
    void server_isOneWithoutALife_andSoIsWhatRowsSayOfIt() throws Exception {
        Session session = session();

        Row taken = elected(session, "orders", ME);

        Server server = session.server();
        assertEquals(server.sessionless(), server);
        assertEquals(server, taken.writtenOn());
        assertEquals(server, seen(session, "orders").seenOn());
        assertEquals(new Row.Backend(0, 0), taken.holder().orElseThrow().backend());
    }

    @Test
    void locks_areGrantedToEverybody() throws Exception {
        Session one = session();
        Session other = session();
        int lockId = registered(one, "orders").lockId();

        assertTrue(locks(one, "orders", lockId));
        assertTrue(locks(other, "orders", lockId));
        assertTrue(database.primary().lockHolder(lockId).isEmpty());
    }

    @Test
    void restartAndPromotion_areSurvived() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);

        database.primary().restart();
        assertEquals(row, seen(session, "orders").row());
        database.promoteStandby(0, new DatabaseClock(() -> 0));

        assertEquals(
                database.primary().identity().sessionless(),
                seen(session, "orders").seenOn());
    }

    @Override
    public Session session() throws SessionException {
        Session session = throughPooler.openSession(Guard.NONE);
        sessions.add(session);
        return session;
    }

    @Override
    public Listener listener() throws SessionException {
        Listener listener = database.openListener(Guard.NONE);
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
}
