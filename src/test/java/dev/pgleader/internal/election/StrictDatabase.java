package dev.pgleader.internal.election;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * As much of PostgreSQL as one election can see: one row, one advisory lock, sessions, and a clock that people set.
 *
 * <p>It is stricter than the real thing. Taking or renewing without the lock, asking for a lock that the session has
 * already (they nest), giving back one that it has not, and issuing a term twice are all refused with an
 * {@link AssertionError}.
 */
final class StrictDatabase {

    /** The second half of the election's advisory key. */
    static final int LOCK_ID = 1;

    private static final long TERMS_PER_TIMELINE = 1000;

    /** What a heartbeat came to. */
    enum Renewal {
        RENEWED,
        REFUSED,
        SKIPPED
    }

    /** What a look finds: the row, where it was read, and what is left of the lease there. */
    record Seen(Row row, Server server, Duration remaining) {}

    /** One connection as the server knows it. */
    static final class Session {
        private final String owner;
        private final Row.Backend backend;
        private boolean alive = true;

        private Session(String owner, Row.Backend backend) {
            this.owner = owner;
            this.backend = backend;
        }

        boolean isAlive() {
            return alive;
        }
    }

    /** The ends of a term after which nobody waits for whoever led. */
    private static final Set<Loss> YIELDING = EnumSet.of(Loss.RESIGNED, Loss.HANDED_OVER, Loss.PREEMPTED, Loss.FAILED);

    private final LongSupplier realNanos;
    private final StrictRoll roll = new StrictRoll();
    private final Set<Long> terms = new HashSet<>();
    private final Set<Session> sessions = new HashSet<>();
    private long clockOffset;
    private Server server = new Server(1, 1, 1);
    private Optional<Row> row = Optional.empty();
    private Optional<Row> standby = Optional.empty();
    private Optional<Session> lock = Optional.empty();
    private Optional<Loss> ending = Optional.empty();
    private boolean rowLocked;
    private int lastPid = 100;

    StrictDatabase(LongSupplier realNanos) {
        this.realNanos = realNanos;
    }

    Session connect(String owner) {
        Session session = new Session(owner, new Row.Backend(++lastPid, clock() / 1000));
        sessions.add(session);
        return session;
    }

    Optional<Seen> look() {
        return row.map(found -> new Seen(roll.seen(found, clock()), server, remaining(found)));
    }

    void register() {
        if (row.isEmpty()) {
            row = Optional.of(new Row(LOCK_ID, 0, 0, server, Optional.empty(), Succession.OPEN));
        }
    }

    boolean tryLock(Session session) {
        require(lock.isEmpty() || lock.get() != session, session, "asks for a lock that it has");
        if (lock.isPresent()) {
            return false;
        }
        lock = Optional.of(session);
        return true;
    }

    OptionalLong take(Session session, Candidate me, Claim claim) {
        require(holdsLock(session), session, "takes without the lock");
        require(!me.preference().neverLeads(), session, "takes although it is never to lead");
        Row found = row.orElseThrow();
        boolean tooEarly = found.holder().isPresent()
                && !claim.mayPrecedeExpiry()
                && !remaining(found).isNegative()
                && !remaining(found).isZero();
        if (rowLocked || tooEarly || !found.sameVersionAs(claim.row())) {
            return OptionalLong.empty();
        }
        long term = Math.max(found.term(), (server.timeline() - 1) * TERMS_PER_TIMELINE) + 1;
        require(terms.add(term), session, "is given a term a second time: " + term);
        Timings lengths = me.timings();
        row = Optional.of(new Row(
                LOCK_ID,
                term,
                found.beat() + 1,
                server,
                Optional.of(new Row.Holder(
                        me.id(),
                        session.owner,
                        me.preference().priority(),
                        "",
                        Phase.RECOVERING,
                        lengths.lease(),
                        lengths.refractory(),
                        stamp(clock()),
                        stamp(clock() + lengths.lease().toNanos()),
                        session.backend)),
                after(found, me)));
        ending = Optional.empty();
        return OptionalLong.of(term);
    }

    /** Who is known to have been named, and to have made way, once {@code next} has taken the row. */
    private Succession after(Row found, Candidate next) {
        if (found.holder().isPresent()) {
            return Succession.OPEN;
        }
        Optional<String> heir = found.succession().heir();
        Optional<String> named = heir.filter(next::isNamedBy).isPresent()
                ? heir.filter(any -> ending.equals(Optional.of(Loss.HANDED_OVER)))
                : heir.filter(cameNot -> ending.equals(Optional.of(Loss.PREEMPTED)))
                        .map(cameNot -> next.id().toString());
        return new Succession(named, found.succession().yieldedBy(), Optional.empty(), OptionalInt.empty());
    }

    Renewal heartbeat(Session session, UUID candidate, long term, Phase phase) {
        require(holdsLock(session), session, "sends a heartbeat without the lock");
        if (rowLocked) {
            return Renewal.SKIPPED;
        }
        Row found = row.orElseThrow();
        boolean expired = remaining(found).isNegative() || remaining(found).isZero();
        if (!names(found, candidate, term) || expired) {
            return Renewal.REFUSED;
        }
        row = Optional.of(new Row(
                LOCK_ID,
                term,
                found.beat() + 1,
                found.writtenOn(),
                found.holder().map(holder -> renewed(holder, phase)),
                found.succession()));
        return Renewal.RENEWED;
    }

    /** Returns whether the row does not name this candidate and term any more; false when it is locked. */
    boolean vacate(UUID candidate, Command.Vacate order) {
        if (rowLocked) {
            return false;
        }
        if (row.filter(found -> names(found, candidate, order.term())).isPresent()) {
            Row found = row.get();
            ending = Optional.of(order.loss());
            Succession next = new Succession(
                    roll.present(order.heir(), candidate, clock()),
                    ending.filter(YIELDING::contains).map(loss -> candidate),
                    Optional.empty(),
                    OptionalInt.empty());
            row = Optional.of(
                    new Row(LOCK_ID, found.term(), found.beat() + 1, found.writtenOn(), Optional.empty(), next));
        }
        return true;
    }

    void attend(Candidate who) {
        roll.attend(who, clock());
    }

    void leave(Candidate who) {
        roll.leave(who);
    }

    /** Somebody asks whoever leads now for something, and is told whether anybody does. */
    boolean request(Succession.Request request) {
        Optional<Seen> led = look().filter(seen -> seen.row().holder().isPresent()
                && !seen.remaining().isNegative()
                && !seen.remaining().isZero());
        led.ifPresent(seen -> roll.ask(seen.row().term(), request));
        return led.isPresent();
    }

    /** A candidate asks the leader of a term for its post; returns whether that is news. */
    boolean askToResign(Candidate me, long term) {
        return row.filter(found -> found.term() == term).isPresent() && roll.ask(term, me, clock());
    }

    Optional<Succession.Request> requestOf(long term) {
        return roll.request(term);
    }

    void unlock(Session session) {
        require(holdsLock(session), session, "gives back a lock that it has not");
        lock = Optional.empty();
    }

    void endBackend(Row condemned) {
        Row.Backend backend = condemned.holder().orElseThrow().backend();
        boolean unchanged = row.filter(condemned::sameVersionAs).isPresent();
        sessions.stream()
                .filter(session -> unchanged && session.backend.equals(backend))
                .findFirst()
                .ifPresent(this::end);
    }

    void end(Session session) {
        session.alive = false;
        sessions.remove(session);
        lock = lock.filter(owner -> owner != session);
    }

    void setClockBy(Duration step) {
        clockOffset += step.toNanos();
    }

    void restart() {
        become(new Server(server.systemIdentifier(), server.timeline(), clock() / 1000));
    }

    /** Everything that was written so far reaches the standby; what is written from now on does not. */
    void replicate() {
        standby = row;
    }

    void promoteStandby() {
        row = standby;
        become(new Server(server.systemIdentifier(), server.timeline() + 1, clock() / 1000));
    }

    private void become(Server next) {
        Set.copyOf(sessions).forEach(this::end);
        server = next;
    }

    void lockRow(boolean locked) {
        rowLocked = locked;
    }

    boolean holdsLock(Session session) {
        return lock.isPresent() && lock.get() == session;
    }

    Optional<String> lockOwner() {
        return lock.map(session -> session.owner);
    }

    private Row.Holder renewed(Row.Holder before, Phase phase) {
        return new Row.Holder(
                before.candidate(),
                before.address(),
                before.priority(),
                before.version(),
                phase,
                before.lease(),
                before.refractory(),
                before.electedAt(),
                stamp(clock() + before.lease().toNanos()),
                before.backend());
    }

    private static boolean names(Row found, UUID candidate, long term) {
        return found.term() == term
                && found.holder()
                        .map(holder -> holder.candidate().equals(candidate))
                        .orElse(false);
    }

    private Duration remaining(Row found) {
        return found.holder()
                .map(holder -> Duration.between(stamp(clock()), holder.expiresAt()))
                .orElse(Duration.ZERO);
    }

    private long clock() {
        return realNanos.getAsLong() + clockOffset;
    }

    private static Instant stamp(long nanos) {
        return Instant.EPOCH.plusNanos(nanos);
    }

    private static void require(boolean kept, Session session, String broken) {
        if (!kept) {
            throw new AssertionError(session.owner + " " + broken);
        }
    }
}
