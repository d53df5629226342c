package dev.pgleader.testing.memory;

import dev.pgleader.Problem;
import dev.pgleader.internal.runtime.Database;
import dev.pgleader.internal.runtime.Fencing;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Faults.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way of one process to the database. One thread. */
public final class Route implements Database {

    private final InMemoryDatabase database;
    private final Faults faults;
    private final Duration silenceBound;
    private @Nullable InMemoryServer stuckTo;
    private boolean pooled;
    private boolean onlyWatches;

    Route(InMemoryDatabase database, Faults faults, Duration silenceBound) {
        this.database = database;
        this.faults = faults;
        this.silenceBound = silenceBound;
    }

    /**
     * Makes new connections reach this server for ever, even when another one is promoted.
     *
     * @param server the server
     */
    public void stickTo(InMemoryServer server) {
        stuckTo = server;
    }

    /** Makes new connections go through a pooler that gives each statement another session. */
    public void goThroughPooler() {
        pooled = true;
    }

    /** Makes new connections those of a role that may only watch. */
    public void onlyWatch() {
        onlyWatches = true;
    }

    @Override
    public Session openSession(Guard guard) throws SessionException {
        InMemoryServer server = connect(Act.OPEN_SESSION);
        InMemorySession session = pooled
                ? InMemorySession.rowOnly(database::primary, faults)
                : InMemorySession.on(server, faults, silenceBound);
        return onlyWatches ? session.onlyWatching() : session;
    }

    @Override
    public Listener openListener(Guard guard) throws SessionException {
        InMemoryServer server = connect(Act.OPEN_LISTENER);
        return new InMemoryListener(server, faults);
    }

    @Override
    public Fencing fence() {
        return InMemoryDatabase.NO_JDBC;
    }

    private InMemoryServer connect(Act act) throws SessionException {
        Fault fault = faults.strike(act);
        faults.elapse(fault.beforeEffect());
        faults.elapse(fault.afterEffect());
        InMemoryServer server = stuckTo == null ? database.primary() : stuckTo;
        if (fault.outcome() != Outcome.ANSWERED || !server.isRunning()) {
            throw unreachable("cannot connect");
        }
        server.settle();
        return server;
    }

    static SessionException unreachable(String why) {
        return new SessionException(new Problem(Problem.Kind.UNREACHABLE, why, "simulated"));
    }
}
