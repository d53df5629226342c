package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The session over JDBC: with a server process of its own, or {@linkplain #rowOnly row-only} where a pooler gives each
 * statement another. Loop thread only, except {@link #abort}.
 */
final class JdbcSession implements Session {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Without any wait the driver does not notice that the other end has closed the connection. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final Wire wire;
    private final Facts facts;
    private final Sql sql;
    private final Locks locks;
    private final JdbcRoll roll;

    /** What the session's answers must bear; empty where there is no session to know again. */
    private final Optional<String> mark;

    private JdbcSession(Wire wire, Facts facts, Sql sql, Locks locks, Optional<String> mark) {
        this.wire = wire;
        this.facts = facts;
        this.sql = sql;
        this.locks = locks;
        this.roll = new JdbcRoll(wire, facts, sql.roll);
        this.mark = mark;
    }

    /** Opens one whose session is this connection's own, and is set up. */
    static JdbcSession open(Wire wire, Facts facts, OwnSettings settings, ElectionConfig config, Sql sql)
            throws SessionException {
        Locks locks = new AdvisoryLocks(wire, facts, sql, settings, config.trust());
        JdbcSession session = new JdbcSession(wire, facts, sql, locks, Optional.of(settings.mark()));
        session.rehearse();
        return session;
    }

    /**
     * Gets along without a session: nothing is set that outlasts a statement, no lock is taken, and nothing is concluded
     * from the connection's being there.
     */
    static JdbcSession rowOnly(Wire wire, Facts facts, Sql sql) {
        return new JdbcSession(wire, facts, sql, new NoLocks(wire, facts), Optional.empty());
    }

    /*
     * Has the server parse and plan the statements of a hand-over, on no election at all. Those are the rarest, and the
     * ones that others wait for. A role that may only watch is refused them.
     */
    private void rehearse() throws SessionException {
        try {
            if (!facts.mayStand()) {
                watch(List.of());
                return;
            }
            look(List.of());
            tryLock(Map.of());
            take(List.of());
            heartbeat(List.of());
            vacate(List.of());
        } catch (BusyException busy) {
            throw new SessionException(Problems.doubtful("the election table is locked: " + busy.getMessage()), busy);
        }
    }

    @Override
    public Server server() {
        return facts.server();
    }

    @Override
    public void requireAlive() throws SessionException {
        wire.notifications(SHORTEST_WAIT);
    }

    @Override
    public void requireRightToStand() throws SessionException {
        if (!facts.mayStand()) {
            throw new SessionException(Problems.of(
                    new SQLException("the role may watch elections, and not stand in them", "42501"), sql.schema));
        }
    }

    @Override
    public Map<String, Found> look(Collection<String> elections) throws SessionException, BusyException {
        return wire.query(
                sql.look.look, statement -> statement.setArray(1, wire.texts(elections.stream())), this::found);
    }

    @Override
    public Map<String, Found> watch(Collection<String> elections) throws SessionException, BusyException {
        return wire.query(
                sql.look.watch, statement -> statement.setArray(1, wire.texts(elections.stream())), this::found);
    }

    private Map<String, Found> found(ResultSet rows) throws SQLException, SessionException {
        Map<String, Found> found = new HashMap<>();
        while (rows.next()) {
            requireOwnSession(rows);
            if (rows.getLong("table_oid") != facts.tableOid()) {
                throw new SessionException(Problems.doubtful("the election table is not the one it was"));
            }
            Server here = Rows.here(rows);
            found.put(rows.getString("name"), Rows.found(rows, locks.areReal() ? here : here.sessionless()));
        }
        return found;
    }

    /** Whoever has reset this session, or answers in its place, may have given its locks away. */
    private void requireOwnSession(ResultSet rows) throws SQLException, SessionException {
        if (mark.isPresent() && !mark.get().equals(rows.getString("mark"))) {
            throw new SessionException(Problems.sessionShared());
        }
    }

    @Override
    public void register(Collection<String> elections) throws SessionException, BusyException {
        wire.update(sql.register, statement -> statement.setArray(1, wire.texts(elections.stream())));
    }

    @Override
    public Set<String> tryLock(Map<String, Integer> elections) throws SessionException, BusyException {
        return locks.tryLock(elections);
    }

    @Override
    public Map<String, Found> take(List<Bid> bids) throws SessionException, BusyException {
        return wire.query(
                sql.take,
                statement -> {
                    statement.setArray(1, texts(bids, Bid::election));
                    statement.setArray(2, longs(bids, bid -> bid.claim().row().term()));
                    statement.setArray(3, longs(bids, bid -> bid.claim().row().beat()));
                    statement.setArray(
                            4, array("boolean", bids, bid -> bid.claim().mayPrecedeExpiry()));
                    statement.setArray(5, array("uuid", bids, bid -> bid.who().candidate()));
                    statement.setArray(6, texts(bids, bid -> bid.who().address()));
                    statement.setArray(7, longs(bids, bid -> bid.seenOn().systemIdentifier()));
                    statement.setArray(8, longs(bids, bid -> (long) bid.seenOn().timeline()));
                    statement.setArray(9, array("int4", bids, bid -> bid.who().priority()));
                    statement.setArray(10, texts(bids, bid -> bid.who().version()));
                    statement.setArray(11, array("int4", bids, Bid::termsKept));
                    statement.setDouble(12, seconds(bids, Bid::lease));
                    statement.setDouble(13, seconds(bids, Bid::refractory));
                    statement.setBoolean(14, locks.areReal());
                },
                this::found);
    }

    /** Returns a length that all bids of a process have in common. */
    private static double seconds(List<Bid> bids, Function<Bid, Duration> length) {
        return bids.stream().findFirst().map(length).orElse(Duration.ZERO).toNanos() / NANOS_PER_SECOND;
    }

    @Override
    public Map<String, Renewal> heartbeat(List<Beat> beats) throws SessionException, BusyException {
        return wire.query(
                sql.heartbeat,
                statement -> {
                    statement.setArray(1, texts(beats, Beat::election));
                    statement.setArray(2, array("uuid", beats, Beat::candidate));
                    statement.setArray(3, longs(beats, Beat::term));
                    statement.setArray(4, texts(beats, beat -> Rows.stored(beat.phase())));
                },
                this::renewals);
    }

    private Map<String, Renewal> renewals(ResultSet rows) throws SQLException, SessionException {
        Map<String, Renewal> renewals = new HashMap<>();
        while (rows.next()) {
            requireOwnSession(rows);
            renewals.put(rows.getString("name"), renewal(rows));
        }
        return renewals;
    }

    private static Renewal renewal(ResultSet row) throws SQLException {
        if (row.getObject("expires_at") != null) {
            return new Renewal.Renewed(Rows.instant(row, "expires_at"), Rows.request(row));
        }
        return row.getBoolean("still_ours") ? new Renewal.PassedOver() : new Renewal.Refused();
    }

    @Override
    public Set<String> vacate(List<Holding> holdings) throws SessionException, BusyException {
        return wire.query(
                sql.vacate,
                statement -> {
                    statement.setArray(1, texts(holdings, Holding::election));
                    statement.setArray(2, array("uuid", holdings, Holding::candidate));
                    statement.setArray(3, longs(holdings, Holding::term));
                    statement.setArray(4, texts(holdings, holding -> Rows.stored(holding.loss())));
                    statement.setArray(5, texts(holdings, JdbcSession::heir));
                },
                Rows::names);
    }

    @Override
    public void askToResign(List<Wish> wishes) throws SessionException, BusyException {
        roll.askToResign(wishes);
    }

    @Override
    public boolean attend(UUID process, Duration goodFor) throws SessionException, BusyException {
        return roll.attend(process, goodFor);
    }

    @Override
    public void enroll(UUID process, Duration goodFor, List<Enrolment> candidacies)
            throws SessionException, BusyException {
        roll.enroll(process, goodFor, candidacies);
    }

    @Override
    public void leave(UUID process) throws SessionException, BusyException {
        roll.leave(process);
    }

    @Override
    public void release(Collection<Integer> lockIds, Collection<String> announcements) throws SessionException {
        locks.release(lockIds, announcements);
    }

    @Override
    public void endBackends(Map<String, Row> condemned) throws SessionException, BusyException {
        locks.endBackends(condemned);
    }

    @Override
    public void abort() {
        wire.abort();
    }

    @Override
    public void close() {
        wire.close();
    }

    /** Returns null where nobody is named. */
    private static @Nullable String heir(Holding holding) {
        return holding.heir().orElse(null);
    }

    private <T> Array texts(List<T> items, Function<T, @Nullable String> text) throws SQLException {
        return array("text", items, text);
    }

    private <T> Array longs(List<T> items, Function<T, Long> number) throws SQLException {
        return array("int8", items, number);
    }

    private <T> Array array(String type, List<T> items, Function<T, ? extends @Nullable Object> value)
            throws SQLException {
        return wire.array(type, items.stream().map(value));
    }
}
