package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** One simulated server with its own history of commits. One thread. */
public final class InMemoryServer {

    private final LongSupplier trueNanos;
    private final DatabaseClock clock;
    private final Witness witness;
    private final List<Commit> commits = new ArrayList<>();
    private final Map<Integer, InMemorySession> locks = new LinkedHashMap<>();
    private final Set<InMemorySession> sessions = new LinkedHashSet<>();
    private final Set<InMemoryListener> listeners = new LinkedHashSet<>();
    private final ForeignLocks foreign = new ForeignLocks();
    private final InMemoryByHand byHand = new InMemoryByHand(this);
    private boolean running = true;
    private int lastPid = 100;
    private int lastCommit;
    private Server identity;

    /** What the tables were after a commit, and whether it waited for the disk. */
    private record Commit(Tables tables, boolean durable) {}

    InMemoryServer(LongSupplier trueNanos, DatabaseClock clock, Witness witness, long systemIdentifier, int timeline) {
        this.trueNanos = trueNanos;
        this.clock = clock;
        this.witness = witness;
        this.identity = new Server(systemIdentifier, timeline, Snapshot.micros(clock.now()));
        this.commits.add(new Commit(new Tables(identity), true));
    }

    // What a simulation does to it

    /** {@return which server this is, in which of its lives} */
    public Server identity() {
        return identity;
    }

    /** {@return its clock} */
    public DatabaseClock clock() {
        return clock;
    }

    /** {@return how many statements have changed something} */
    public int commits() {
        return lastCommit;
    }

    /** Ends every session and stops, without losing anything. */
    public void stop() {
        sessions().forEach(session -> end(session, trueNanos()));
        List.copyOf(listeners).forEach(InMemoryListener::cutOff);
        listeners.clear();
        foreign.transactions().forEach(FencedTransaction::rollback);
        foreign.release();
        running = false;
    }

    /** Starts again, as another postmaster with the same data. */
    public void start() {
        if (running) {
            throw new IllegalStateException("is running");
        }
        running = true;
        long started = Math.max(Snapshot.micros(now()), identity.startedAtMicros() + 1);
        identity = new Server(identity.systemIdentifier(), identity.timeline(), started);
    }

    /** Stops, and starts again. */
    public void restart() {
        stop();
        start();
    }

    /**
     * Crashes, and loses the last commits that did not wait for the disk. The postmaster goes on, so that its start stays the
     * same.
     */
    public void crash() {
        stop();
        running = true;
        while (!commits.get(commits.size() - 1).durable()) {
            commits.remove(commits.size() - 1);
        }
        Tables jumped = tables().copy();
        jumped.lastSession += 32;
        publish(jumped, true);
    }

    /**
     * Ends a connection as an administrator would. A server process that stands still does not notice.
     *
     * @param session whose
     * @return whether there was one
     */
    public boolean kill(InMemorySession session) {
        boolean found = sessions.contains(session);
        if (found) {
            end(session);
        }
        return found;
    }

    /** {@return the locks that transactions outside the library hold} */
    ForeignLocks foreign() {
        return foreign;
    }

    /**
     * Another transaction updates a row and does not commit.
     *
     * @param election the row
     */
    public void lockRow(String election) {
        foreign.lockRow(election);
    }

    /**
     * The transaction that has locked a row ends.
     *
     * @param election the row
     */
    public void unlockRow(String election) {
        foreign.unlockRow(election);
    }

    /**
     * Another transaction locks a session's row and does not commit.
     *
     * @param session the row
     */
    public void lockSession(int session) {
        foreign.lockSession(session);
    }

    /**
     * The transaction that has locked a session's row ends.
     *
     * @param session the row
     */
    public void unlockSession(int session) {
        foreign.unlockSession(session);
    }

    /** Another transaction locks the whole table. */
    public void lockTable() {
        foreign.lockTable();
    }

    /** The transaction that has locked the whole table ends. */
    public void unlockTable() {
        foreign.unlockTable();
    }

    /**
     * Opens a transaction and fences it with a term.
     *
     * @param election the election
     * @param term the term under which it is to write
     * @return the transaction, unless the fence says that the term is not led any more
     */
    public Optional<FencedTransaction> fence(String election, long term) {
        StoredRow row = tables().election(election);
        boolean led = row != null
                && row.term() == term
                && row.session().filter(holder -> tables().runs(holder, now())).isPresent()
                && tables().highestTermOf(election) <= term;
        if (!running || !led) {
            return Optional.empty();
        }
        FencedTransaction transaction = new FencedTransaction(this, election, term);
        foreign.add(transaction);
        return Optional.of(transaction);
    }

    void end(FencedTransaction transaction, boolean committed) {
        if (foreign.remove(transaction) && committed) {
            witness.fencedWrite(this, transaction.election(), transaction.term());
        }
    }

    /** {@return what other hands do to its tables} */
    public InMemoryByHand byHand() {
        return byHand;
    }

    /**
     * Looks without a session.
     *
     * @param election the row
     * @return what it says
     */
    public Optional<Found> row(String election) {
        return tables().shown(election, now())
                .map(row -> new Found(row, tables().remaining(election, now()), Optional.empty()));
    }

    /**
     * Reads the row of a session.
     *
     * @param session which
     * @return what it says
     */
    public Optional<StoredSession> sessionRow(int session) {
        return Optional.ofNullable(tables().sessions.get(session));
    }

    /**
     * Says whether the lock of a session can be had.
     *
     * @param session which
     * @return whether nobody holds it
     */
    public boolean isFree(int session) {
        return isLockFree(session);
    }

    /**
     * Says what a session holds.
     *
     * @param session which
     * @return the elections that name it
     */
    public List<String> heldBy(int session) {
        return tables().elections
                .entries()
                .filter(row -> row.getValue().session().equals(Optional.of(session)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Reads the history of an election.
     *
     * @param election which
     * @return its terms, the oldest first
     */
    public List<StoredTerm> history(String election) {
        return tables().termsOf(election).toList();
    }

    /** {@return the connections that the server believes in} */
    public List<InMemorySession> sessions() {
        return List.copyOf(sessions);
    }

    /**
     * Finds the connection of a session.
     *
     * @param id which
     * @return the connection that holds its lock
     */
    public Optional<InMemorySession> sessionOf(int id) {
        return Optional.ofNullable(locks.get(id));
    }

    /**
     * Asks the leader to resign, as the SQL function does.
     *
     * @param election in which election
     * @param request in favour of which candidate
     * @return whether there is a leader
     */
    public boolean requestResignation(String election, Succession.Request request) {
        StoredRow row = tables().election(election);
        if (!running
                || row == null
                || row.session().filter(holder -> tables().runs(holder, now())).isEmpty()) {
            return false;
        }
        Transaction write = new Transaction(this, Witness.Writer.OTHERS);
        write.ask(election, row.term(), request);
        write.commit(true);
        return true;
    }

    /**
     * Says who is on the list of those who stand and may lead, and will be for some time unless it leaves.
     *
     * @param election in which election
     * @param margin for how long
     * @return the candidates
     */
    public List<Session.Enrolment> present(String election, Duration margin) {
        return tables().present(election, now().plus(margin)).toList();
    }

    // What sessions ask of it

    /** {@return whether it serves} */
    public boolean isRunning() {
        return running;
    }

    long trueNanos() {
        return trueNanos.getAsLong();
    }

    Instant now() {
        return clock.now();
    }

    Witness witness() {
        return witness;
    }

    Tables tables() {
        return commits.get(commits.size() - 1).tables();
    }

    /** Returns what the tables were before the last commits. */
    Tables tablesBefore(int lastCommits) {
        return commits.get(Math.max(0, commits.size() - 1 - lastCommits)).tables();
    }

    void publish(Tables tables, boolean durable) {
        lastCommit++;
        commits.add(new Commit(tables, durable));
    }

    int fork(InMemorySession session) {
        sessions.add(session);
        lastPid++;
        return lastPid;
    }

    /** Ends connections that have been silent for longer than they may. */
    void settle() {
        for (InMemorySession each : sessions()) {
            if (each.silentUntilNanos() <= trueNanos() && !each.standsStill()) {
                end(each, each.silentUntilNanos());
                witness.fellSilent(this, each.pid());
            }
        }
    }

    /** Ends a connection, as soon as its server process notices. */
    void end(InMemorySession session) {
        if (session.standsStill()) {
            session.endWhenItGoesOn();
        } else {
            end(session, trueNanos());
        }
    }

    private void end(InMemorySession session, long atNanos) {
        if (sessions.remove(session)) {
            locks.values().removeIf(session::equals);
            session.ended(atNanos);
            witness.sessionEnded(this, session.id(), session.pid(), atNanos);
        }
    }

    boolean believesIn(InMemorySession session) {
        return running && sessions.contains(session);
    }

    boolean isLockedAgainstTaking(String election) {
        boolean locked = foreign.isLocked(election) || foreign.isFenced(election);
        if (locked) {
            witness.passedOver(this, election);
        }
        return locked;
    }

    boolean isSessionLocked(int session) {
        return foreign.isSessionLocked(session);
    }

    boolean isLockFree(int session) {
        settle();
        return !locks.containsKey(session);
    }

    boolean tryLock(int id, InMemorySession session) {
        return locks.putIfAbsent(id, session) == null;
    }

    void unlock(int id, InMemorySession session) {
        locks.remove(id, session);
    }

    /** Returns whether a lock is held behind which no session runs. */
    boolean hasLockWithoutSession(Instant now) {
        settle();
        return locks.keySet().stream().anyMatch(id -> !tables().runs(id, now));
    }

    void listen(InMemoryListener listener) {
        listeners.add(listener);
    }

    void forget(InMemoryListener listener) {
        listeners.remove(listener);
    }

    void announce(String election, News news) {
        List.copyOf(listeners).forEach(listener -> listener.hear(election, news));
    }

    /** Makes this server what a standby is that has replayed all of {@code primary} but its last commits. */
    void replay(InMemoryServer primary, int lost) {
        commits.clear();
        commits.addAll(primary.commits.subList(0, Math.max(1, primary.commits.size() - lost)));
        lastCommit = primary.lastCommit;
    }

    /** Says what is open although its client has not closed it. */
    List<String> leftOpen() {
        List<String> open = new ArrayList<>();
        for (InMemorySession session : sessions) {
            if (!session.isClosed()) {
                open.add(session + " on " + identity);
            }
        }
        listeners.forEach(listener -> open.add("a listener on " + identity));
        foreign.transactions().forEach(transaction -> open.add(transaction + " on " + identity));
        return open;
    }
}
