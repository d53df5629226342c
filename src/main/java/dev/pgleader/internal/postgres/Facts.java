package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.Schema;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a new connection finds at its other end, once it has been set up. Immutable.
 *
 * @param server the server
 * @param tableOid the election table's identity, which sets its advisory locks and its channel apart from those of the
 *     same library in another schema
 * @param endsWhenSilent whether the server can be told to end the session of a client that has fallen silent
 */
record Facts(Server server, long tableOid, boolean endsWhenSilent) {

    static final String IDLE_SESSION_TIMEOUT = "idle_session_timeout";

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    /** "pgld", the half of the advisory key that is ours. */
    private static final int KEY_SPACE = 0x70676c64;

    /** Returns the first half of the advisory keys of this schema's elections. */
    int lockSpace() {
        return KEY_SPACE ^ (int) tableOid;
    }

    /** Returns the channel on which changes are announced. */
    String channel() {
        return "pgleader_" + tableOid;
    }

    /**
     * Sets a connection up and finds out where it leads.
     *
     * @throws SessionException if nothing can be elected there
     */
    static Facts establish(Wire wire, ElectionConfig config, Sql sql) throws SessionException {
        try {
            pin(wire, config);
            wire.query(Sql.LIFT_TRANSACTION_TIMEOUT, statement -> {}, ResultSet::next);
            boolean endsWhenSilent = set(wire, IDLE_SESSION_TIMEOUT, "0");
            for (Map.Entry<String, String> wish : wishes(config).entrySet()) {
                set(wire, wish.getKey(), wish.getValue());
            }
            Facts facts = wire.query(sql.facts, statement -> {}, rows -> read(rows, config.schema(), endsWhenSilent));
            int version = wire.query(sql.schemaVersion, statement -> {}, rows -> {
                rows.next();
                return rows.getInt(1);
            });
            if (version < Schema.VERSION) {
                throw new SessionException(Problems.schemaOutdated(version, Schema.VERSION, config.schema()));
            }
            return facts;
        } catch (BusyException busy) {
            throw new SessionException(Problems.doubtful("the schema is locked: " + busy.getMessage()), busy);
        }
    }

    private static Facts read(ResultSet rows, String schema, boolean endsWhenSilent)
            throws SQLException, SessionException {
        rows.next();
        if (rows.getBoolean("in_recovery")) {
            throw new SessionException(Problems.inRecovery());
        }
        long tableOid = rows.getLong("table_oid");
        if (rows.wasNull()) {
            throw new SessionException(Problems.schemaMissing("there is no table for elections", schema));
        }
        if (!rows.getBoolean("has_rights")) {
            throw new SessionException(
                    Problems.of(new SQLException("the role lacks rights on the election table", "42501"), schema));
        }
        Server server = new Server(
                rows.getLong("system_identifier"), rows.getInt("timeline"), rows.getLong("postmaster_start_micros"));
        return new Facts(server, tableOid, endsWhenSilent);
    }

    private static void pin(Wire wire, ElectionConfig config) throws SessionException, BusyException {
        Duration bound = config.statementTimeout();
        wire.query(
                Sql.PIN,
                statement -> {
                    statement.setString(1, millis(bound.multipliedBy(9).dividedBy(10)));
                    statement.setString(2, millis(bound.dividedBy(2)));
                },
                ResultSet::next);
    }

    /** Sets what a platform may refuse; returns whether it did not. */
    private static boolean set(Wire wire, String name, String value) throws SessionException, BusyException {
        try {
            wire.query(
                    Sql.SET,
                    statement -> {
                        statement.setString(1, name);
                        statement.setString(2, value);
                    },
                    ResultSet::next);
            return true;
        } catch (SessionException refused) {
            if (refused.problem().kind() == Problem.Kind.UNREACHABLE) {
                throw refused;
            }
            LOG.info("the server refuses {} = {}: {}", name, value, refused.getMessage());
            return false;
        }
    }

    /*
     * What makes the server notice a client that has vanished without a word. Where a platform refuses one of these, the
     * lock of a vanished leader may be kept for longer, until a candidate ends that session.
     */
    private static Map<String, String> wishes(ElectionConfig config) {
        String trust = millis(config.trust());
        String heartbeatSeconds =
                String.valueOf(Math.max(1, config.heartbeatInterval().toSeconds()));
        return Map.of(
                "idle_in_transaction_session_timeout", trust,
                "tcp_user_timeout", trust,
                "tcp_keepalives_idle", heartbeatSeconds,
                "tcp_keepalives_interval", heartbeatSeconds,
                "tcp_keepalives_count", "3",
                "client_connection_check_interval", millis(config.statementTimeout()));
    }

    static String millis(Duration length) {
        return Math.max(1, length.toMillis()) + "ms";
    }
}
