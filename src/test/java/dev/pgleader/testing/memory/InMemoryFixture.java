package dev.pgleader.testing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.SessionFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contract tests of sessions need, on a simulated server. */
abstract class InMemoryFixture implements SessionFixture {

    final InMemoryDatabase database = new InMemoryDatabase(() -> 0);
    private final Route route = database.reachedBy(Faults.NONE);
    private final List<Session> sessions = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    /** Makes a way one on which sessions under test are opened. */
    void prepare(Route way) {}

    @BeforeEach
    void prepareRoute() {
        prepare(route);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        sessions.forEach(Session::close);
        listeners.forEach(Listener::close);
        assertEquals(List.of(), database.leftOpen());
    }

    @Override
    public Session session() throws SessionException {
        return openedBy(route);
    }

    @Override
    public Session onlookersSession() throws SessionException {
        Route onlookers = database.reachedBy(Faults.NONE);
        prepare(onlookers);
        onlookers.onlyWatch();
        return openedBy(onlookers);
    }

    private Session openedBy(Route way) throws SessionException {
        Session session = way.openSession(Guard.NONE);
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
    public boolean request(String election, Optional<String> successor) {
        Succession.Request request =
                successor.map(Succession.Request::handOverTo).orElse(Succession.Request.RESIGN);
        return database.primary().requestResignation(election, request);
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
