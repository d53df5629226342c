package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session over JDBC. Loop thread only, except {@link #abort}. */
final class JdbcSession implements Session {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");
    private static final double NANOS_PER_SECOND = 1e9;

    /** Without any wait the driver does not notice that the other end has closed the connection. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final Wire wire;
    private final Facts facts;
    private final Sql sql;
    private final String silenceBound;
    private final Set<Integer> heldLocks = new HashSet<>();

    private JdbcSession(Wire wire, Facts facts, Sql sql, Duration trust) {
        this.wire = wire;
        this.facts = facts;
        this.sql = sql;
        this.silenceBound = Facts.millis(trust);
    }

    static JdbcSession open(Wire wire, ElectionConfig config, Sql sql) throws SessionException {
        try {
            JdbcSession session = new JdbcSession(wire, Facts.establish(wire, config, sql), sql, config.trust());
            session.rehearse();
            return session;
        } catch (SessionException unusable) {
            wire.close();
            throw unusable;
        } catch (BusyException busy) {
            wire.close();
            throw new SessionException(Problems.doubtful("the election table is locked: " + busy.getMessage()), busy);
        }
    }

    /*
     * Has the server parse and plan the statements of a hand-over, on no election at all. Those are the rarest, and the
     * ones that others wait for.
     */
    private void rehearse() throws SessionException, BusyException {
        look(List.of());
        tryLock(Map.of());
        take(List.of());
        heartbeat(List.of());
        vacate(List.of());
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
    public Map<String, Found> look(Collection<String> elections) throws SessionException, BusyException {
        return wire.query(sql.look, statement -> statement.setArray(1, texts(elections.stream())), this::found);
    }

    private Map<String, Found> found(ResultSet rows) throws SQLException, SessionException {
        Map<String, Found> found = new HashMap<>();
        while (rows.next()) {
            if (rows.getLong("table_oid") != facts.tableOid()) {
                throw new SessionException(Problems.doubtful("the election table is not the one it was"));
            }
            found.put(rows.getString("name"), Rows.found(rows));
        }
        return found;
    }

    @Override
    public void register(Collection<String> elections) throws SessionException, BusyException {
        wire.update(sql.register, statement -> statement.setArray(1, texts(elections.stream())));
    }

    @Override
    public Set<String> tryLock(Map<String, Integer> elections) throws SessionException, BusyException {
        elections.forEach((election, lockId) -> {
            if (heldLocks.contains(lockId)) {
                throw new IllegalStateException("already holding lock " + lockId + " of '" + election + "'");
            }
        });
        Set<String> granted = wire.query(
                sql.tryLock,
                statement -> {
                    statement.setInt(1, facts.lockSpace());
                    statement.setArray(2, texts(elections.keySet().stream()));
                    statement.setBoolean(3, facts.endsWhenSilent());
                    statement.setString(4, silenceBound);
                },
                JdbcSession::names);
        granted.forEach(election -> heldLocks.add(elections.get(election)));
        return granted;
    }

    private static Set<String> names(ResultSet rows) throws SQLException {
        Set<String> names = new HashSet<>();
        while (rows.next()) {
            names.add(rows.getString(1));
        }
        return names;
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
                    statement.setArray(5, array("uuid", bids, Bid::candidate));
                    statement.setArray(6, texts(bids, Bid::address));
                    statement.setDouble(7, seconds(bids, Bid::lease));
                    statement.setDouble(8, seconds(bids, Bid::refractory));
                    statement.setBoolean(9, true);
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
                JdbcSession::renewals);
    }

    private static Map<String, Renewal> renewals(ResultSet rows) throws SQLException {
        Map<String, Renewal> renewals = new HashMap<>();
        while (rows.next()) {
            renewals.put(rows.getString("name"), renewal(rows));
        }
        return renewals;
    }

    private static Renewal renewal(ResultSet row) throws SQLException {
        if (row.getObject("expires_at") != null) {
            return new Renewal.Renewed(Rows.instant(row, "expires_at"));
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
                },
                JdbcSession::names);
    }

    @Override
    public void release(Collection<Integer> lockIds, Collection<String> announcements) throws SessionException {
        try {
            boolean allWereHeld = wire.attempt(
                    Sql.RELEASE,
                    statement -> {
                        statement.setInt(1, facts.lockSpace());
                        statement.setArray(2, wire.connection().createArrayOf("int4", lockIds.toArray()));
                        statement.setString(3, facts.channel());
                        statement.setArray(4, texts(announcements.stream()));
                    },
                    rows -> {
                        rows.next();
                        return Stream.of((Boolean[]) rows.getArray("unlocked").getArray())
                                .allMatch(Boolean::booleanValue);
                    });
            if (!allWereHeld) {
                throw new SessionException(Problems.doubtful("a lock was not held that should have been"));
            }
        } catch (BusyException announcersInTheWay) {
            // The locks are free all the same; whoever was not told finds out by looking.
            LOG.debug("nobody was told of a change in {}", announcements, announcersInTheWay);
        }
        heldLocks.removeAll(lockIds);
        if (!lockIds.isEmpty() && heldLocks.isEmpty() && facts.endsWhenSilent()) {
            allowSilence();
        }
    }

    /** A session that holds nothing may be as quiet as it likes. */
    private void allowSilence() throws SessionException {
        try {
            wire.query(
                    Sql.SET,
                    statement -> {
                        statement.setString(1, Facts.IDLE_SESSION_TIMEOUT);
                        statement.setString(2, "0");
                    },
                    ResultSet::next);
        } catch (BusyException impossible) {
            throw new SessionException(Problems.doubtful("a setting waited for a lock"), impossible);
        }
    }

    @Override
    public void endBackend(Row.Backend backend) throws SessionException {
        try {
            boolean ended = wire.query(
                    Sql.END_BACKEND,
                    statement -> {
                        statement.setInt(1, backend.pid());
                        statement.setLong(2, backend.startedAtMicros());
                    },
                    ResultSet::next);
            LOG.info("ended server process {}, which held the lock of a dead leader: {}", backend.pid(), ended);
        } catch (BusyException impossible) {
            throw new SessionException(Problems.doubtful("ending a session waited for a lock"), impossible);
        } catch (SessionException refused) {
            if (refused.problem().kind() != Problem.Kind.NO_RIGHTS) {
                throw refused;
            }
            LOG.info("may not end server process {}, which holds the lock of a dead leader", backend.pid());
        }
    }

    @Override
    public void abort() {
        wire.abort();
    }

    @Override
    public void close() {
        wire.close();
    }

    private Array texts(Stream<String> texts) throws SQLException {
        return wire.connection().createArrayOf("text", texts.toArray());
    }

    private <T> Array texts(List<T> items, Function<T, String> text) throws SQLException {
        return array("text", items, text);
    }

    private <T> Array longs(List<T> items, Function<T, Long> number) throws SQLException {
        return array("int8", items, number);
    }

    private <T> Array array(String type, List<T> items, Function<T, ?> value) throws SQLException {
        return wire.connection().createArrayOf(type, items.stream().map(value).toArray());
    }
}
