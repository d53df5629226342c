package dev.pgleader.testing.memory;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Wish;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Faults.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A simulated session. One thread.
 *
 * <p>Stricter than the real one: after it has failed, whoever uses it again is wrong; and so is whoever names an election
 * twice in one statement.
 */
public final class InMemorySession implements Session {

    private static final Row.Backend NOBODY = new Row.Backend(0, 0);

    private final Supplier<InMemoryServer> pooled;
    private final boolean rowOnly;
    private final Faults faults;
    private final Duration silenceBound;
    private final Row.Backend backend;
    private InMemoryServer server;
    private Server identity;
    private long lastHeardNanos;
    private long hearsOfItsEndAtNanos = Long.MAX_VALUE;
    private boolean onlyWatches;
    private boolean failed;
    private boolean closed;

    private InMemorySession(Supplier<InMemoryServer> pooled, boolean rowOnly, Faults faults, Duration silenceBound) {
        this.pooled = pooled;
        this.rowOnly = rowOnly;
        this.server = pooled.get();
        this.faults = faults;
        this.silenceBound = silenceBound;
        this.backend = rowOnly ? NOBODY : server.fork(this);
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

    /** {@return the server process that serves it} */
    public Row.Backend backend() {
        return backend;
    }

    /** {@return whether its client has closed it} */
    public boolean isClosed() {
        return closed;
    }

    /** Says when the server ends it, unless it hears from it before. */
    long silentUntilNanos() {
        return lastHeardNanos + silenceBound.toNanos();
    }

    /** The server has ended it. */
    void ended(long atNanos) {
        if (!closed) {
            Fault word = faults.strike(Act.END);
            if (word.outcome() == Outcome.ANSWERED) {
                hearsOfItsEndAtNanos = atNanos + word.beforeEffect().toNanos();
            }
        }
    }

    @Override
    public Server server() {
        return identity;
    }

    /** What the server says of its own accord reaches a client that is not cut off. */
    @Override
    public void requireAlive() throws SessionException {
        server.settle();
        if (!rowOnly && server.trueNanos() >= hearsOfItsEndAtNanos) {
            throw failure("the server has ended the session", Fault.NONE);
        }
    }

    @Override
    public void requireRightToStand() throws SessionException {
        if (closed || failed) {
            throw new IllegalStateException("rights asked of a session that is over");
        }
        if (onlyWatches) {
            throw refusal("standing");
        }
    }

    @Override
    public Map<String, Found> look(Collection<String> elections) throws SessionException, BusyException {
        return execute(Act.LOOK, true, () -> found(elections));
    }

    @Override
    public Map<String, Found> watch(Collection<String> elections) throws SessionException, BusyException {
        return send(Act.LOOK, true, () -> {
            Map<String, Found> found = found(elections);
            found.replaceAll((election, row) -> withoutSuccession(row));
            return found;
        });
    }

    private Map<String, Found> found(Collection<String> elections) {
        Map<String, Found> found = new HashMap<>();
        for (String election : distinct(elections, Function.identity())) {
            server.row(election).ifPresent(row -> found.put(election, seen(row)));
        }
        return found;
    }

    private static Found withoutSuccession(Found found) {
        Row row = found.row();
        Row shown = new Row(row.lockId(), row.term(), row.beat(), row.writtenOn(), row.holder(), Succession.OPEN);
        return new Found(shown, found.remaining(), found.seenOn());
    }

    @Override
    public void register(Collection<String> elections) throws SessionException, BusyException {
        execute(Act.REGISTER, true, () -> {
            Map<String, StoredRow> created = new LinkedHashMap<>();
            int lockId = server.nextLockId();
            for (String election : distinct(elections, Function.identity())) {
                if (server.stored(election) == null) {
                    created.put(election, StoredRow.registered(lockId++, server()));
                }
            }
            server.commit(created);
            return created;
        });
    }

    @Override
    public Set<String> tryLock(Map<String, Integer> elections) throws SessionException, BusyException {
        if (rowOnly) {
            return new LinkedHashSet<>(elections.keySet());
        }
        return execute(Act.TRY_LOCK, true, () -> {
            Set<String> granted = new HashSet<>();
            elections.forEach((election, lockId) -> {
                StoredRow row = server.stored(election);
                if (row != null && server.tryLock(row.row().lockId(), this)) {
                    granted.add(election);
                }
            });
            return granted;
        });
    }

    @Override
    public Map<String, Found> take(List<Bid> bids) throws SessionException, BusyException {
        if (bids.stream()
                        .map(bid -> List.of(bid.lease(), bid.refractory()))
                        .distinct()
                        .count()
                != 1) {
            throw new IllegalArgumentException("the bids of one process have one lease and one refractory period");
        }
        return execute(Act.TAKE, true, () -> {
            Instant now = server.now();
            Map<String, StoredRow> taken = new LinkedHashMap<>();
            for (Bid bid : distinct(bids, Bid::election)) {
                StoredRow row = server.stored(bid.election());
                if (row != null
                        && row.row().sameVersionAs(bid.claim().row())
                        && bid.seenOn().hasHistoryOf(identity)
                        && (row.isExpired(now) || bid.claim().mayPrecedeExpiry())
                        && !server.isLockedAgainstTaking(bid.election())) {
                    taken.put(bid.election(), row.taken(bid, backend, identity, now));
                }
            }
            server.commit(taken);
            Map<String, Found> found = new HashMap<>();
            taken.forEach((election, row) -> found.put(election, seen(server.found(election, row))));
            return found;
        });
    }

    @Override
    public Map<String, Renewal> heartbeat(List<Beat> beats) throws SessionException, BusyException {
        return execute(Act.HEARTBEAT, true, () -> {
            Instant now = server.now();
            Map<String, Renewal> answers = new HashMap<>();
            Map<String, StoredRow> renewed = new LinkedHashMap<>();
            for (Beat beat : distinct(beats, Beat::election)) {
                StoredRow row = server.stored(beat.election());
                if (row == null || !row.isHeldBy(beat.candidate(), beat.term()) || row.isExpired(now)) {
                    answers.put(beat.election(), new Renewal.Refused());
                } else if (server.isLockedAgainstWriting(beat.election())) {
                    answers.put(beat.election(), new Renewal.PassedOver());
                } else {
                    StoredRow longer = row.renewed(beat.phase(), now);
                    renewed.put(beat.election(), longer);
                    Instant until = longer.row().holder().orElseThrow().expiresAt();
                    answers.put(
                            beat.election(),
                            new Renewal.Renewed(until, server.roll().request(beat.election(), beat.term())));
                }
            }
            server.commit(renewed);
            return answers;
        });
    }

    @Override
    public Set<String> vacate(List<Holding> holdings) throws SessionException, BusyException {
        return execute(Act.VACATE, true, () -> {
            Set<String> gone = new HashSet<>();
            Map<String, StoredRow> emptied = new LinkedHashMap<>();
            for (Holding holding : distinct(holdings, Holding::election)) {
                StoredRow row = server.stored(holding.election());
                if (row == null || !row.isHeldBy(holding.candidate(), holding.term())) {
                    gone.add(holding.election());
                } else if (!server.isLockedAgainstWriting(holding.election())) {
                    Optional<String> heir = server.roll()
                            .present(holding.election(), holding.heir(), holding.candidate(), server.now());
                    server.ending(holding.election(), row.row(), holding.loss());
                    emptied.put(holding.election(), row.vacated(holding.loss(), heir));
                    gone.add(holding.election());
                }
            }
            server.commit(emptied);
            return gone;
        });
    }

    @Override
    public void askToResign(List<Wish> wishes) throws SessionException, BusyException {
        execute(Act.ASK_TO_RESIGN, true, () -> {
            for (Wish wish : distinct(wishes, Wish::election)) {
                StoredRow row = server.stored(wish.election());
                if (row != null && row.isHeldBy(wish.candidate(), wish.term())) {
                    throw new IllegalArgumentException(wish + " is one's own post");
                }
                if (row != null && row.row().term() == wish.term()) {
                    server.ask(wish);
                }
            }
            return wishes;
        });
    }

    @Override
    public boolean attend(UUID process, Duration goodFor) throws SessionException, BusyException {
        return execute(Act.ROLL, true, () -> server.roll().attend(process, goodFor, server.now()));
    }

    @Override
    public void enroll(UUID process, Duration goodFor, List<Enrolment> candidacies)
            throws SessionException, BusyException {
        execute(Act.ROLL, true, () -> {
            server.roll().enroll(process, goodFor, candidacies, server.now());
            return candidacies;
        });
    }

    @Override
    public void leave(UUID process) throws SessionException, BusyException {
        execute(Act.ROLL, true, () -> {
            server.roll().leave(process);
            return process;
        });
    }

    @Override
    public void release(Collection<Integer> lockIds, Collection<String> announcements) throws SessionException {
        if (rowOnly && announcements.isEmpty()) {
            return;
        }
        try {
            execute(Act.RELEASE, false, () -> {
                if (!rowOnly) {
                    distinct(lockIds, Function.identity()).forEach(lockId -> server.unlock(lockId, this));
                }
                announcements.forEach(server::announce);
                return lockIds;
            });
        } catch (BusyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void endBackends(Map<String, Row> condemned) throws SessionException, BusyException {
        if (rowOnly) {
            throw new IllegalStateException("no lock keeps anybody out here, but " + condemned + " are to be ended");
        }
        execute(Act.END_BACKEND, true, () -> {
            condemned.forEach((election, row) -> {
                StoredRow now = server.stored(election);
                if (now != null && now.row().sameVersionAs(row) && !server.isLockedAgainstWriting(election)) {
                    now.row().holder().ifPresent(holder -> server.condemn(election, now.row(), holder.backend()));
                }
            });
            return condemned;
        });
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
        if (fault.outcome() == Outcome.LATE) {
            faults.postpone(() -> server.end(this));
        } else if (fault.outcome() != Outcome.LOST) {
            server.end(this);
        }
    }

    /** What a statement does once it has reached the server. */
    private interface Effect<T> {
        T happen();
    }

    /** Does what a role needs the rights of a candidate for. */
    private <T> T execute(Act act, boolean usesTable, Effect<T> effect) throws SessionException, BusyException {
        if (onlyWatches && usesTable) {
            throw refusal(act.name());
        }
        return send(act, usesTable, effect);
    }

    private <T> T send(Act act, boolean usesTable, Effect<T> effect) throws SessionException, BusyException {
        if (closed || failed) {
            throw new IllegalStateException(act + " asked of a session that is over");
        }
        Fault fault = faults.strike(act);
        faults.elapse(fault.beforeEffect());
        if (fault.outcome() == Outcome.LOST) {
            throw failure(act + " did not reach the server", fault);
        }
        if (fault.outcome() == Outcome.LATE) {
            faults.postpone(() -> arrive(usesTable, effect));
            throw failure(act + " did not reach the server in time", fault);
        }
        reach();
        if (!isBelievedIn()) {
            throw failure("the server has ended the session before " + act, fault);
        }
        lastHeardNanos = server.trueNanos();
        if (usesTable && server.isTableLocked()) {
            faults.elapse(fault.afterEffect());
            throw new BusyException(new IllegalStateException("the table is locked"));
        }
        T answer = effect.happen();
        faults.elapse(fault.afterEffect());
        if (fault.outcome() == Outcome.ANSWER_LOST) {
            throw failure("the answer to " + act + " was lost", fault);
        }
        return answer;
    }

    /** Does what a statement does that nobody waits for any more. */
    private void arrive(boolean usesTable, Effect<?> effect) {
        reach();
        if (isBelievedIn() && !(usesTable && server.isTableLocked())) {
            lastHeardNanos = server.trueNanos();
            effect.happen();
        }
    }

    private void reach() {
        server = pooled.get();
        if (rowOnly) {
            identity = server.identity().sessionless();
        }
        server.settle();
    }

    private boolean isBelievedIn() {
        return rowOnly ? server.isRunning() : server.believesIn(this);
    }

    private Found seen(Found found) {
        return new Found(found.row(), found.remaining(), identity);
    }

    private SessionException failure(String why, Fault fault) {
        failed = true;
        if (fault.outcome() != Outcome.ANSWER_LOST) {
            faults.elapse(fault.afterEffect());
        }
        return Route.unreachable(why);
    }

    private SessionException refusal(String what) {
        failed = true;
        return new SessionException(
                new Problem(Problem.Kind.NO_RIGHTS, what + " is not for those who only watch", "simulated"));
    }

    private static <T, K> Collection<T> distinct(Collection<T> items, Function<T, K> key) {
        if (items.stream().map(key).distinct().count() != items.size()) {
            throw new IllegalArgumentException("named twice in one statement: " + items);
        }
        return items;
    }
}
