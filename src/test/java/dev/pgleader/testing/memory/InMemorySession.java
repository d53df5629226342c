package dev.pgleader.testing.memory;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A simulated session: what becomes of its statements, while {@link Statements} says what they do. One thread. */
public final class InMemorySession implements Session {

    private static final int NO_PID = 0;
    private static final long NEVER = Long.MAX_VALUE;

    /** What passes although the table of the elections is locked. */
    private static final Set<Act> WITHOUT_ELECTIONS = EnumSet.of(Act.RENEW, Act.LEAVE, Act.LIST, Act.ANNOUNCE);

    private final Supplier<InMemoryServer> pooled;
    private final boolean rowOnly;
    private final Faults faults;
    private final Duration silenceBound;
    private final Statements statements;
    private final int pid;
    private InMemoryServer server;
    private Server identity;
    private @Nullable Snapshot begun;
    private @Nullable InMemoryServer begunOn;
    private boolean onlyWatches;
    private boolean closed;
    private boolean failed;
    private boolean standsStill;
    private boolean endsWhenItGoesOn;
    private boolean mustNotFallSilent;
    private long lastHeardNanos;
    private long hearsOfItsEndAtNanos = NEVER;

    private InMemorySession(Supplier<InMemoryServer> pooled, boolean rowOnly, Faults faults, Duration silenceBound) {
        this.pooled = pooled;
        this.server = pooled.get();
        this.rowOnly = rowOnly;
        this.faults = faults;
        this.silenceBound = silenceBound;
        this.statements = new Statements(this, rowOnly);
        this.pid = rowOnly ? NO_PID : server.fork(this);
        this.identity = rowOnly ? server.identity().sessionless() : server.identity();
        this.lastHeardNanos = server.trueNanos();
    }

    /** A session with a server process of its own. */
    static InMemorySession on(InMemoryServer server, Faults faults, Duration silenceBound) {
        return new InMemorySession(() -> server, false, faults, silenceBound);
    }

    /** None: a pooler passes each statement on to whichever server is the right one then. */
    static InMemorySession rowOnly(Supplier<InMemoryServer> pooled, Faults faults) {
        return new InMemorySession(pooled, true, faults, Duration.ZERO);
    }

    /** Its role may read the rows, and nothing else. */
    InMemorySession onlyWatching() {
        onlyWatches = true;
        return this;
    }

    /** {@return the number of the server process that serves it} */
    public int pid() {
        return pid;
    }

    /** {@return the id of its row; 0 where it has none} */
    public int id() {
        return statements.id();
    }

    /** {@return whether its client has closed it} */
    public boolean isClosed() {
        return closed;
    }

    /** {@return whether its server process stands still, so that it neither answers nor ends} */
    public boolean standsStill() {
        return standsStill;
    }

    /**
     * The next statement has reached the server already: it sees what is there now, and acts on it later. For a simulation
     * that lets others act meanwhile.
     */
    public void begin() {
        reach();
        if (isBelievedIn() && begun == null) {
            begun = snapshot();
            begunOn = server;
        }
    }

    /** Says when the server ends it, unless it hears from it before. */
    long silentUntilNanos() {
        return mustNotFallSilent ? lastHeardNanos + silenceBound.toNanos() : NEVER;
    }

    /** The server is to end it, or not any more, when its client falls silent. */
    void mustNotFallSilent(boolean bounded) {
        mustNotFallSilent = bounded;
    }

    /** The server has ended it. */
    void ended(long atNanos) {
        if (!closed) {
            Fault word = faults.strike(Act.END);
            if (word.outcome() == Faults.Outcome.ANSWERED) {
                hearsOfItsEndAtNanos = atNanos + word.beforeEffect().toNanos();
            }
        }
    }

    void endWhenItGoesOn() {
        endsWhenItGoesOn = true;
    }

    @Override
    public Server server() {
        return identity;
    }

    /** What the server says unasked reaches a client that is not cut off. */
    @Override
    public void requireAlive() throws SessionException {
        server.settle();
        if (!rowOnly && server.trueNanos() >= hearsOfItsEndAtNanos) {
            throw failure("the server has ended the session", Fault.NONE);
        }
    }

    @Override
    public void requireRightToStand() throws SessionException {
        requireOpen("the right to stand");
        if (onlyWatches) {
            throw refusal("standing");
        }
    }

    // The statements

    @Override
    public int enter(UUID process, Duration goodFor, Duration refractory) throws SessionException, BusyException {
        return execute(Act.ENTER, seen -> statements.enter(seen, process, goodFor, refractory));
    }

    @Override
    public Renewal renew(int id, Duration goodFor, boolean holds) throws SessionException, BusyException {
        return execute(Act.RENEW, seen -> statements.renew(seen, id, goodFor, holds));
    }

    @Override
    public void leave(int id) throws SessionException, BusyException {
        execute(Act.LEAVE, seen -> statements.leave(id));
    }

    @Override
    public Looked look(Collection<String> elections) throws SessionException, BusyException {
        return execute(Act.LOOK, seen -> statements.look(seen, elections));
    }

    @Override
    public Looked watch(Collection<String> elections) throws SessionException, BusyException {
        return send(Act.LOOK, true, seen -> statements.watch(seen, elections));
    }

    @Override
    public void register(Collection<String> elections, Duration lease) throws SessionException, BusyException {
        execute(Act.REGISTER, seen -> statements.register(elections, lease));
    }

    @Override
    public Session.Outcome bid(BidTerms terms, List<Bid> bids) throws SessionException, BusyException {
        if (bids.size() > MOST_BIDS) {
            throw new IllegalArgumentException(bids.size() + " bids in one statement");
        }
        return execute(Act.BID, seen -> statements.bid(seen, terms, bids));
    }

    @Override
    public Set<String> lead(List<Held> held) throws SessionException, BusyException {
        return execute(Act.LEAD, seen -> statements.lead(held));
    }

    @Override
    public Set<String> vacate(List<Vacation> vacations) throws SessionException, BusyException {
        return execute(Act.VACATE, seen -> statements.vacate(vacations, true));
    }

    @Override
    public Set<String> detach(List<Vacation> vacations) throws SessionException, BusyException {
        return execute(Act.DETACH, seen -> statements.vacate(vacations, false));
    }

    @Override
    public void askToResign(List<Wish> wishes) throws SessionException, BusyException {
        execute(Act.ASK_TO_RESIGN, seen -> statements.askToResign(wishes));
    }

    @Override
    public void enroll(int id, List<Enrolment> candidates) throws SessionException, BusyException {
        execute(Act.LIST, seen -> statements.enroll(id, candidates));
    }

    @Override
    public void withdraw(List<Enrolment> candidates) throws SessionException, BusyException {
        execute(Act.LIST, seen -> statements.withdraw(candidates));
    }

    @Override
    public int listed(int id) throws SessionException, BusyException {
        return execute(Act.LIST, seen -> statements.listed(seen, id));
    }

    @Override
    public void announce(Collection<String> elections) throws SessionException {
        try {
            send(Act.ANNOUNCE, false, seen -> statements.announce(elections));
        } catch (BusyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Fault fault = faults.strike(Act.CLOSE);
        if (fault.outcome() == Faults.Outcome.LATE) {
            faults.postpone(() -> server.end(this));
        } else if (fault.outcome() != Faults.Outcome.LOST) {
            server.end(this);
        }
    }

    // What becomes of them

    /** What a statement does once it acts. */
    private interface Effect<T> {
        T happen(Snapshot seen);
    }

    /** Does what a role needs the rights of a candidate for. */
    private <T> T execute(Act act, Effect<T> effect) throws SessionException, BusyException {
        if (onlyWatches) {
            faults.strike(act);
            throw refusal(act.name());
        }
        return send(act, !WITHOUT_ELECTIONS.contains(act), effect);
    }

    private <T> T send(Act act, boolean usesTable, Effect<T> effect) throws SessionException, BusyException {
        requireOpen(act.name());
        Fault fault = faults.strike(act);
        faults.elapse(fault.beforeEffect());
        if (fault.outcome() == Faults.Outcome.LOST) {
            throw failure(act + " did not reach the server", fault);
        }
        if (fault.outcome() == Faults.Outcome.LATE) {
            faults.postpone(() -> arrive(usesTable, effect));
            throw failure(act + " did not reach the server in time", fault);
        }
        reach();
        if (!isBelievedIn()) {
            throw failure("the server has ended the session before " + act, fault);
        }
        lastHeardNanos = server.trueNanos();
        if (fault.outcome() == Faults.Outcome.HALTED) {
            begin();
            standsStill = true;
            faults.postpone(() -> goOn(usesTable, effect));
            throw failure("nothing answers " + act, fault);
        }
        if (usesTable && server.foreign().isTableLocked()) {
            begun = null;
            faults.elapse(fault.afterEffect());
            throw BusyException.inTheWay(new IllegalStateException("the table is locked"));
        }
        begin();
        faults.elapse(fault.inTheMiddle());
        T answer;
        try {
            answer = act(effect);
        } catch (Transaction.DuplicateKeyException refused) {
            throw failure(String.valueOf(refused.getMessage()), fault);
        }
        standsStill = fault.outcome() == Faults.Outcome.STUCK;
        faults.elapse(fault.afterEffect());
        if (fault.outcome() != Faults.Outcome.ANSWERED) {
            throw failure("the answer to " + act + " was lost", fault);
        }
        return answer;
    }

    private <T> T act(Effect<T> effect) {
        Snapshot seen = begun == null || begunOn != server ? snapshot() : begun;
        begun = null;
        return effect.happen(seen);
    }

    /** Does what a statement does for whose answer the process waits no more. */
    private void arrive(boolean usesTable, Effect<?> effect) {
        reach();
        if (isBelievedIn() && !(usesTable && server.foreign().isTableLocked())) {
            lastHeardNanos = server.trueNanos();
            try {
                act(effect);
            } catch (Transaction.DuplicateKeyException refused) {
                // Nobody hears of it.
                begun = null;
            }
        }
    }

    /** The server process that stood still goes on. */
    private void goOn(boolean usesTable, Effect<?> effect) {
        standsStill = false;
        if (endsWhenItGoesOn && !closed) {
            server.end(this);
            return;
        }
        arrive(usesTable, effect);
        if (endsWhenItGoesOn) {
            server.end(this);
        }
    }

    private void reach() {
        server = pooled.get();
        if (rowOnly) {
            identity = server.identity().sessionless();
        }
        server.settle();
    }

    private Snapshot snapshot() {
        return new Snapshot(server.tables(), server.now(), server.commits(), identity);
    }

    /** Returns the server that the present statement has reached. */
    InMemoryServer reached() {
        return server;
    }

    private boolean isBelievedIn() {
        return rowOnly ? server.isRunning() : server.believesIn(this);
    }

    private void requireOpen(String what) {
        if (closed || failed) {
            throw new IllegalStateException(what + " asked of a session that is over");
        }
    }

    private SessionException failure(String why, Fault fault) {
        failed = true;
        if (fault.outcome() != Faults.Outcome.ANSWER_LOST && fault.outcome() != Faults.Outcome.STUCK) {
            faults.elapse(fault.afterEffect());
        }
        return Route.unreachable(why);
    }

    private SessionException refusal(String what) {
        failed = true;
        return new SessionException(
                new Problem(Problem.Kind.NO_RIGHTS, what + " is not for those who only watch", "simulated"));
    }

    @Override
    public String toString() {
        return "session " + id() + " of server process " + pid;
    }
}
