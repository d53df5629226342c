package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.StrictSessions.require;

import dev.pgleader.internal.election.StrictSessions.Connection;
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
import java.util.function.UnaryOperator;

/**
 * As much of PostgreSQL as one election can see: one row, the sessions that hold it or want to, and a clock that people set.
 *
 * <p>It is stricter than the real thing. Asking for one's own lock, renewing without it, beginning a second row over one
 * connection, and issuing a term twice are all refused with an {@link AssertionError}.
 */
final class StrictDatabase {

    private static final long TERMS_PER_TIMELINE = 1000;
    private static final long MUST_STAND_STILL = -1;

    /** The ends of a term after which the former leader is not waited for. */
    private static final Set<Loss> YIELDING = EnumSet.of(Loss.RESIGNED, Loss.HANDED_OVER, Loss.PREEMPTED, Loss.FAILED);

    /**
     * What became of a bid.
     *
     * @param before the row as it was
     * @param won the new term, if it was won
     */
    record Outcome(Sighting before, OptionalLong won) {}

    private final LongSupplier realNanos;
    private final StrictSessions sessions = new StrictSessions();
    private final StrictRoll roll = new StrictRoll(id -> sessions.runs(id, clock()));
    private final StrictHistory history = new StrictHistory();
    private final Set<Connection> connections = new HashSet<>();
    private long clockOffset;
    private Server server = new Server(1, 1, 1);
    private long serverSince = Long.MIN_VALUE / 2;
    private long writings;
    private Optional<Row> row = Optional.empty();
    private Optional<Row> standby = Optional.empty();
    private Optional<Row> saved = Optional.empty();
    private Optional<Loss> ending = Optional.empty();
    private boolean rowLocked;

    StrictDatabase(LongSupplier realNanos) {
        this.realNanos = realNanos;
    }

    // Sessions

    Connection connect(String owner, boolean pooled) {
        Connection connection = new Connection(owner, pooled);
        connections.add(connection);
        return connection;
    }

    int enter(Connection connection, UUID process, Candidate me, Duration goodFor) {
        int id = sessions.enter(connection, process, me.timings(), goodFor, server, clock());
        roll.enroll(me, id);
        return id;
    }

    StrictSessions.Renewal renew(Connection connection, Duration goodFor) {
        return sessions.renew(connection, goodFor, clock());
    }

    void end(Connection connection) {
        connections.remove(connection);
        sessions.end(connection);
    }

    void leave(Candidate who) {
        roll.leave(who);
    }

    // The row

    /** Reads the row, by a statement that was sent at {@code askedAt}; {@link StrictRows#answered} says when the answer came. */
    Optional<Sighting> look(Connection connection, Reading askedAt) {
        return row.map(found -> sighting(found, connection, askedAt, Optional.empty()));
    }

    private Sighting sighting(Row found, Connection connection, Reading askedAt, Optional<Boolean> lockFree) {
        Server here = connection.pooled ? server.sessionless() : server;
        DatabaseTime time = new DatabaseTime(here, clock() / 1000, askedAt, askedAt);
        int id = found.holder().map(Row.Holder::sessionId).orElse(0);
        return new Sighting(complete(found), time, sessions.remaining(id, clock()), lockFree, id == connection.id());
    }

    /** Returns the row with what other tables say of it. */
    private Row complete(Row found) {
        Optional<UUID> holder = found.holder().map(Row.Holder::candidate);
        Succession seen = roll.seen(found.succession(), found.term(), holder);
        Row told = Examples.with(found, seen);
        return Examples.withHolder(
                told, found.holder().map(who -> StrictRows.withSession(who, sessions.row(who.sessionId()))));
    }

    /** Returns the row as people see it. */
    Optional<Row> shown() {
        return row.map(this::complete);
    }

    /** Returns whether the row names a holder. */
    boolean isHeld() {
        return row.flatMap(Row::holder).isPresent();
    }

    Duration remaining() {
        int id = row.flatMap(Row::holder).map(Row.Holder::sessionId).orElse(0);
        return sessions.remaining(id, clock());
    }

    /** Returns whether the lock of the row's holder is held. */
    boolean isHoldersLockHeld() {
        return row.flatMap(Row::holder)
                .filter(holder -> sessions.isLockHeld(holder.sessionId()))
                .isPresent();
    }

    void register(Duration lease) {
        if (row.isPresent()) {
            return;
        }
        boolean mayBeLed = history.speaksForALeader()
                || serverSince > clock() - lease.toNanos()
                || sessions.anyLockWithoutRow(clock());
        write(new Row(0, mayBeLed ? MUST_STAND_STILL : 0, true, 0, server, lease, Optional.empty(), Succession.OPEN));
    }

    Optional<Outcome> bid(Connection connection, Candidate me, StrictBid bid, Reading sentAt) {
        require(!me.preference().neverLeads(), connection, "bids although it is never to lead");
        require(connection.id() != 0, connection, "bids without a row of its own");
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Row found = row.get();
        Sighting seen = sighting(found, connection, sentAt, lockFree(found, connection, me));
        boolean wins = bid.wins(seen, me, connection.id()) && !rowLocked && sessions.runs(connection.id(), clock());
        return Optional.of(
                new Outcome(seen, wins ? OptionalLong.of(taken(found, connection, me)) : OptionalLong.empty()));
    }

    /** Writes the row: each writing is another version. */
    private void write(Row next) {
        writings++;
        row = Optional.of(StrictRows.as(next, writings));
    }

    private Optional<Boolean> lockFree(Row found, Connection connection, Candidate me) {
        int id = found.holder().map(Row.Holder::sessionId).orElse(0);
        boolean over = !sessions.runs(id, clock());
        return sessions.row(id)
                .filter(line -> line.locked() && line.server().equals(server) && !connection.pooled)
                .filter(line -> id != connection.id() && (over || me.timings().onSessionEnd()))
                .map(line -> sessions.isLockFree(id, connection));
    }

    private long taken(Row found, Connection connection, Candidate me) {
        long front = (server.timeline() - 1) * TERMS_PER_TIMELINE;
        long term = Math.max(Math.max(found.term(), history.highest()), front) + 1;
        Timings lengths = me.timings();
        found.holder()
                .filter(old -> sessions.runs(old.sessionId(), clock()))
                .ifPresent(old -> sessions.disturb(old.sessionId()));
        sessions.extend(connection.id(), lengths.lease(), clock());
        history.begin(term, connection);
        write(new Row(
                term,
                found.released(),
                true,
                0,
                server,
                lengths.lease(),
                Optional.of(new Row.Holder(
                        me.id(),
                        connection.owner,
                        me.preference().priority(),
                        "",
                        Phase.RECOVERING,
                        lengths.refractory(),
                        Instant.EPOCH.plusNanos(clock()),
                        connection.id(),
                        Optional.empty())),
                StrictRows.after(found, me, ending)));
        ending = Optional.empty();
        return term;
    }

    /** Returns whether the row says that this leader is ready. */
    boolean lead(UUID candidate, Tenure tenure) {
        Optional<Row> mine = row.filter(found -> StrictRows.names(found, candidate, tenure.term(), tenure.session()));
        if (rowLocked || mine.isEmpty()) {
            return false;
        }
        Row found = mine.get();
        write(Examples.withHolder(
                StrictRows.written(found, server), found.holder().map(StrictRows::leading)));
        return true;
    }

    /** Returns whether the row does not name this candidate, term and session any more; false when it is locked. */
    boolean vacate(UUID candidate, Command.Vacate order) {
        return empty(candidate, order.term(), order.session(), order.loss(), order.successor(), true);
    }

    /** Returns the same for a row that must stand still afterwards. */
    boolean detach(UUID candidate, Command.Detach order) {
        UUID named = order.holder().orElse(candidate);
        return empty(named, order.term(), order.session(), order.loss(), Optional.empty(), false);
    }

    private boolean empty(
            UUID candidate, long term, int session, Loss loss, Optional<String> successor, boolean frees) {
        if (rowLocked) {
            return false;
        }
        Optional<Row> mine = row.filter(found -> StrictRows.names(found, candidate, term, session));
        if (mine.isPresent()) {
            Row found = mine.get();
            boolean free = frees && found.ownHand() && found.writtenOn().hasHistoryOf(server);
            ending = Optional.of(loss);
            history.end(term);
            Succession next = new Succession(
                    roll.present(successor, candidate),
                    ending.filter(YIELDING::contains).map(any -> candidate),
                    Optional.empty(),
                    OptionalInt.empty());
            write(new Row(
                    term, free ? term : MUST_STAND_STILL, true, 0, server, found.lease(), Optional.empty(), next));
        }
        return true;
    }

    // Wishes

    /** The leader of now, if there is one, is asked for something; returns whether there is. */
    boolean request(Succession.Request request) {
        Optional<Row> led =
                row.filter(found -> found.holder().isPresent() && remaining().toNanos() > 0);
        led.ifPresent(found -> {
            roll.ask(found.term(), request);
            disturbHolder();
        });
        return led.isPresent();
    }

    /** A candidate asks the leader of a term to resign; returns whether that is news. */
    boolean askToResign(Candidate me, long term) {
        boolean news = row.filter(found -> found.term() == term).isPresent() && roll.ask(term, me);
        if (news) {
            disturbHolder();
        }
        return news;
    }

    private void disturbHolder() {
        row.flatMap(Row::holder).ifPresent(holder -> sessions.disturb(holder.sessionId()));
    }

    // What other hands do

    /** "update election set session_id = null", and whatever else that takes. */
    void emptyByHand() {
        edit(found -> Examples.withHolder(found, Optional.empty()));
    }

    void pointAt(int session) {
        edit(found -> Examples.withHolder(found, found.holder().map(holder -> StrictRows.onSession(holder, session))));
    }

    void save() {
        saved = row;
    }

    void restore() {
        disturbHolder();
        saved.map(Examples::byOtherHands).ifPresentOrElse(this::write, () -> row = Optional.empty());
    }

    private void edit(UnaryOperator<Row> change) {
        disturbHolder();
        row.map(change).map(Examples::byOtherHands).ifPresent(this::write);
    }

    void deleteRow() {
        disturbHolder();
        row.ifPresent(found -> history.remove(found.term()));
        row = Optional.empty();
    }

    void deleteSession(int id) {
        sessions.delete(id);
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
        sessions.replicate();
    }

    void promoteStandby() {
        row = standby;
        sessions.promote();
        serverSince = clock();
        become(new Server(server.systemIdentifier(), server.timeline() + 1, clock() / 1000));
    }

    private void become(Server next) {
        Set.copyOf(connections).forEach(this::end);
        server = next;
    }

    void lockRow(boolean locked) {
        rowLocked = locked;
    }

    private long clock() {
        return realNanos.getAsLong() + clockOffset;
    }
}
