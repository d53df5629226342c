package dev.pgleader.testing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.ByHand;
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
    public Session observersSession() throws SessionException {
        Route observers = database.reachedBy(Faults.NONE);
        prepare(observers);
        observers.onlyWatch();
        return openedBy(observers);
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

    private InMemoryServer server() {
        return database.primary();
    }

    private ForeignLocks locks() {
        return server().foreign();
    }

    @Override
    public ByHand byHand() {
        return server().byHand();
    }

    /** A transaction that does nothing when it commits. */
    private record Locker(Runnable release) implements Foreign {
        @Override
        public void end() {
            release.run();
        }

        @Override
        public void commit() {
            release.run();
        }
    }

    @Override
    public Foreign lockRow(String election) {
        locks().lockRow(election);
        return new Locker(() -> locks().unlockRow(election));
    }

    @Override
    public Foreign fenceRow(String election) {
        locks().fenceRow(election);
        return new Locker(locks()::release);
    }

    @Override
    public Foreign lockTable() {
        locks().lockTable();
        return new Locker(locks()::unlockTable);
    }

    @Override
    public Foreign lockSession(int session) {
        locks().lockSession(session);
        return new Locker(() -> locks().unlockSession(session));
    }

    @Override
    public Foreign registering(String election) {
        locks().register(election);
        return new Locker(locks()::release);
    }

    @Override
    public Foreign deleting(String election) {
        locks().lockRow(election);
        return new Foreign() {
            @Override
            public void end() {
                locks().unlockRow(election);
            }

            @Override
            public void commit() {
                locks().unlockRow(election);
                byHand().deleteElection(election);
            }
        };
    }

    @Override
    public boolean request(String election, Optional<String> successor) {
        Succession.Request request =
                successor.map(Succession.Request::handOverTo).orElse(Succession.Request.RESIGN);
        return server().requestResignation(election, request);
    }

    @Override
    public void kill(int session) {
        assertTrue(server().kill(server().sessionOf(session).orElseThrow()));
    }

    @Override
    public List<PastTerm> history(String election) {
        return server().history(election).stream()
                .map(term -> new PastTerm(term.term(), term.candidate(), term.ending()))
                .toList();
    }
}
