package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One simulated server with its own history of commits. One thread. */
public final class InMemoryServer {

    private final LongSupplier trueNanos;
    private final DatabaseClock clock;
    private final Witness witness;
    private final List<Map<String, StoredRow>> commits = new ArrayList<>();
    private final Map<String, StoredRow> rows = new LinkedHashMap<>();
    private final Map<Integer, InMemorySession> locks = new LinkedHashMap<>();
    private final Set<InMemorySession> sessions = new LinkedHashSet<>();
    private final Set<InMemoryListener> listeners = new LinkedHashSet<>();
    private final Set<String> writeLocked = new HashSet<>();
    private final Set<String> fenced = new HashSet<>();
    private final Set<FencedTransaction> transactions = new LinkedHashSet<>();
    private final InMemoryRoll roll = new InMemoryRoll();
    private boolean tableLocked;
    private boolean running = true;
    private int lastPid = 100;
    private Server identity;

    InMemoryServer(LongSupplier trueNanos, DatabaseClock clock, Witness witness, long systemIdentifier, int timeline) {
        this.trueNanos = trueNanos;
        this.clock = clock;
        this.witness = witness;
        this.identity = new Server(systemIdentifier, timeline, nowMicros());
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
        return commits.size();
    }

    /** Ends every session and stops. */
    public void stop() {
        sessions().forEach(this::end);
        List.copyOf(listeners).forEach(InMemoryListener::cutOff);
        listeners.clear();
        List.copyOf(transactions).forEach(FencedTransaction::rollback);
        releaseForeignLocks();
        running = false;
    }

    /** Starts again, as another postmaster with the same data. */
    public void start() {
        if (running) {
            throw new IllegalStateException("is running");
        }
        running = true;
        long started = Math.max(nowMicros(), identity.startedAtMicros() + 1);
        identity = new Server(identity.systemIdentifier(), identity.timeline(), started);
    }

    /** Stops, and starts again. */
    public void restart() {
        stop();
        start();
    }

    /**
     * Ends a session as an administrator would.
     *
     * @param backend its server process
     * @return whether there was one
     */
    public boolean kill(Row.Backend backend) {
        Optional<InMemorySession> found = sessions().stream()
                .filter(session -> session.backend().equals(backend))
                .findAny();
        found.ifPresent(this::end);
        return found.isPresent();
    }

    /**
     * Another transaction updates a row and does not commit.
     *
     * @param election the row
     */
    public void lockRow(String election) {
        writeLocked.add(election);
    }

    /**
     * Another transaction has fenced itself on a row: heartbeats pass, takeovers do not.
     *
     * @param election the row
     */
    public void fenceRow(String election) {
        fenced.add(election);
    }

    /**
     * The transaction that has locked a row ends.
     *
     * @param election the row
     */
    public void unlockRow(String election) {
        writeLocked.remove(election);
    }

    /** The transaction that has locked the whole table ends. */
    public void unlockTable() {
        tableLocked = false;
    }

    /**
     * Opens a transaction and fences it with a term.
     *
     * @param election the election
     * @param term the term under which it is to write
     * @return the transaction, unless the fence says that the term is not led any more
     */
    public Optional<FencedTransaction> fence(String election, long term) {
        StoredRow row = rows.get(election);
        if (!running || row == null || !row.isLedUnder(term) || row.isExpired(now())) {
            return Optional.empty();
        }
        FencedTransaction transaction = new FencedTransaction(this, election, term);
        transactions.add(transaction);
        return Optional.of(transaction);
    }

    void end(FencedTransaction transaction, boolean committed) {
        if (transactions.remove(transaction) && committed) {
            witness.fencedWrite(this, transaction.election(), transaction.term());
        }
    }

    /** Another transaction locks the whole table. */
    public void lockTable() {
        tableLocked = true;
    }

    /** Every other transaction ends. */
    public void releaseForeignLocks() {
        writeLocked.clear();
        fenced.clear();
        tableLocked = false;
    }

    /**
     * Makes a row say that its newest term was taken elsewhere.
     *
     * @param election the row
     * @param term the term that it shall say
     * @param electedOn the server where that was taken
     */
    public void rewrite(String election, long term, Server electedOn) {
        Row row = Objects.requireNonNull(rows.get(election)).row();
        Row other = new Row(row.lockId(), term, row.beat(), electedOn, row.holder(), row.succession());
        commit(Map.of(election, new StoredRow(other, Optional.empty())));
    }

    /**
     * Looks without a session.
     *
     * @param election the row
     * @return what it says
     */
    public Optional<Found> row(String election) {
        return Optional.ofNullable(rows.get(election)).map(row -> found(election, row));
    }

    /**
     * Says which session holds a lock.
     *
     * @param lockId the lock
     * @return its server process
     */
    public Optional<Row.Backend> lockHolder(int lockId) {
        settle();
        return Optional.ofNullable(locks.get(lockId)).map(InMemorySession::backend);
    }

    /** {@return the sessions that the server believes in} */
    public List<InMemorySession> sessions() {
        return List.copyOf(sessions);
    }

    /**
     * Somebody asks the leader to resign, as the SQL function does.
     *
     * @param election in which election
     * @param request in favour of whom
     * @return whether anybody leads
     */
    public boolean requestResignation(String election, Succession.Request request) {
        StoredRow row = rows.get(election);
        if (!running || row == null || row.row().holder().isEmpty() || row.isExpired(now())) {
            return false;
        }
        ask(election, row.row().term(), request);
        return true;
    }

    private void ask(String election, long term, Succession.Request request) {
        roll.ask(election, term, request);
        witness.asked(this, election, term, request);
        announce(election);
    }

    /** A candidate asks for a post, unless somebody has asked for something before; only who is present is heard. */
    void ask(Session.Wish wish) {
        boolean present = present(wish.election(), Duration.ZERO).stream()
                .anyMatch(each -> each.candidate().equals(wish.candidate()));
        if (present && roll.request(wish.election(), wish.term()).isEmpty()) {
            Optional<String> heir = Optional.of(wish.candidate().toString());
            ask(wish.election(), wish.term(), new Succession.Request(heir, true));
        }
    }

    /**
     * Says who is on the list of those who stand and may lead, and will be for some time unless it leaves.
     *
     * @param election in which election
     * @param margin for how long
     * @return the candidates
     */
    public List<Session.Enrolment> present(String election, Duration margin) {
        return roll.present(election, now().plus(margin)).toList();
    }

    /** Forgets who stands and what leaders were asked for. */
    public void forgetRoll() {
        roll.forget();
    }

    // What sessions ask of it

    InMemoryRoll roll() {
        return roll;
    }

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

    Row.Backend fork(InMemorySession session) {
        sessions.add(session);
        lastPid++;
        return new Row.Backend(lastPid, nowMicros());
    }

    /** Ends sessions that have been silent for longer than they may. */
    void settle() {
        if (locks.isEmpty()) {
            return;
        }
        for (InMemorySession holder : new LinkedHashSet<>(locks.values())) {
            if (holder.silentUntilNanos() <= trueNanos()) {
                end(holder, holder.silentUntilNanos());
                witness.fellSilent(this, holder.backend());
            }
        }
    }

    void end(InMemorySession session) {
        end(session, trueNanos());
    }

    private void end(InMemorySession session, long atNanos) {
        if (sessions.remove(session)) {
            locks.values().removeIf(session::equals);
            session.ended(atNanos);
            witness.sessionEnded(this, session.backend(), atNanos);
        }
    }

    void ending(String election, Row row, Loss loss) {
        witness.ended(this, election, row, loss);
    }

    void condemn(String election, Row row, Row.Backend backend) {
        witness.condemned(this, election, row);
        kill(backend);
    }

    boolean believesIn(InMemorySession session) {
        return running && sessions.contains(session);
    }

    boolean isTableLocked() {
        return tableLocked;
    }

    boolean isLockedAgainstWriting(String election) {
        return writeLocked.contains(election);
    }

    boolean isLockedAgainstTaking(String election) {
        boolean locked = writeLocked.contains(election)
                || fenced.contains(election)
                || transactions.stream().anyMatch(open -> open.election().equals(election));
        if (locked) {
            witness.passedOver(this, election);
        }
        return locked;
    }

    @Nullable
    StoredRow stored(String election) {
        return rows.get(election);
    }

    Found found(String election, StoredRow stored) {
        Row row = stored.row();
        Row seen = new Row(
                row.lockId(), row.term(), row.beat(), row.writtenOn(), row.holder(), roll.seen(election, row, now()));
        Duration remaining = row.holder()
                .map(holder -> Duration.between(now(), holder.expiresAt()))
                .orElse(Duration.ZERO);
        return new Found(seen, remaining, identity);
    }

    int nextLockId() {
        return 1
                + rows.values().stream()
                        .mapToInt(row -> row.row().lockId())
                        .max()
                        .orElse(0);
    }

    void commit(Map<String, StoredRow> changed) {
        if (!changed.isEmpty()) {
            commits.add(new LinkedHashMap<>(changed));
            changed.forEach((election, row) -> {
                StoredRow before = rows.put(election, row);
                witness.committed(this, election, Optional.ofNullable(before).map(StoredRow::row), row.row());
            });
        }
    }

    boolean tryLock(int lockId, InMemorySession session) {
        if (locks.get(lockId) == session) {
            throw new IllegalStateException("lock " + lockId + " asked for by the session that holds it");
        }
        return locks.putIfAbsent(lockId, session) == null;
    }

    void unlock(int lockId, InMemorySession session) {
        if (!locks.remove(lockId, session)) {
            throw new IllegalStateException("lock " + lockId + " given back by a session that does not hold it");
        }
        witness.unlocked(this, lockId, session.backend());
    }

    void listen(InMemoryListener listener) {
        listeners.add(listener);
    }

    void forget(InMemoryListener listener) {
        listeners.remove(listener);
    }

    void announce(String election) {
        List.copyOf(listeners).forEach(listener -> listener.hear(election));
    }

    /** Makes this server what a standby is that has replayed all of {@code primary} but its last commits. */
    void replay(InMemoryServer primary, int lost) {
        for (Map<String, StoredRow> commit : primary.commits.subList(0, Math.max(0, primary.commits.size() - lost))) {
            commits.add(commit);
            rows.putAll(commit);
        }
    }

    /** Says what is open although its client has not closed it. */
    List<String> leftOpen() {
        List<String> open = new ArrayList<>();
        for (InMemorySession session : sessions) {
            if (!session.isClosed()) {
                open.add("session " + session.backend() + " on " + identity);
            }
        }
        locks.forEach((lockId, session) -> {
            if (!session.isClosed()) {
                open.add("lock " + lockId + " of session " + session.backend() + " on " + identity);
            }
        });
        listeners.forEach(listener -> open.add("a listener on " + identity));
        transactions.forEach(transaction -> open.add(transaction + " on " + identity));
        return open;
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.now());
    }
}
