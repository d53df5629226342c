package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that a session gives itself, whatever the role's defaults are. Immutable.
 *
 * @param mark what this session has set in itself to know itself by: it is gone when another has reset the session, and
 *     another one where a pooler has passed a statement on to another
 * @param refused the names of those settings that this server does not let an ordinary role change
 */
record OwnSettings(String mark, List<String> refused) {

    static final String IDLE_SESSION_TIMEOUT = "idle_session_timeout";

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    /** Returns whether the server can be told to end the session of a client that has fallen silent. */
    boolean endWhenSilent() {
        return !refused.contains(IDLE_SESSION_TIMEOUT);
    }

    /** Sets a session up, which must be this connection's own. */
    static OwnSettings apply(Wire wire, ElectionConfig config) throws SessionException {
        String mark = UUID.randomUUID().toString();
        try {
            pin(wire, config, mark);
            return new OwnSettings(mark, wish(wire, wishes(config)));
        } catch (BusyException impossible) {
            throw new SessionException(Problems.doubtful("a setting waited for a lock"), impossible);
        }
    }

    /**
     * Returns what begins a transaction of its own for each statement, with settings that end with it, where a session
     * cannot be set up because the next statement may meet another one.
     */
    static String perTransaction(ElectionConfig config) {
        return """
                begin isolation level read committed read write;
                set local client_min_messages = 'warning';
                set local synchronous_commit = 'on';
                set local search_path = 'pg_catalog';
                set local jit = 'off';
                set local statement_timeout = '%s';
                set local lock_timeout = '%s';
                set local idle_in_transaction_session_timeout = '%s'
                """
                .formatted(statementTimeout(config), lockTimeout(config), millis(config.trust()));
    }

    private static void pin(Wire wire, ElectionConfig config, String mark) throws SessionException, BusyException {
        wire.query(
                SetupSql.PIN,
                statement -> {
                    statement.setString(1, statementTimeout(config));
                    statement.setString(2, lockTimeout(config));
                    statement.setString(3, mark);
                },
                ResultSet::next);
    }

    /** The server gives a statement up well before the client does, which would lose the session with it. */
    private static String statementTimeout(ElectionConfig config) {
        return millis(config.statementTimeout().multipliedBy(4).dividedBy(5));
    }

    private static String lockTimeout(ElectionConfig config) {
        return millis(config.statementTimeout().dividedBy(2));
    }

    /** Sets what a platform may refuse; returns what it did refuse. */
    private static List<String> wish(Wire wire, Map<String, String> wishes) throws SessionException, BusyException {
        if (isGranted(wire, wishes)) {
            return List.of();
        }
        List<String> refused = new ArrayList<>();
        for (Map.Entry<String, String> wish : wishes.entrySet()) {
            if (!isGranted(wire, Map.of(wish.getKey(), wish.getValue()))) {
                refused.add(wish.getKey());
            }
        }
        LOG.info("the server refuses to set {}", refused);
        return List.copyOf(refused);
    }

    private static boolean isGranted(Wire wire, Map<String, String> wishes) throws SessionException, BusyException {
        try {
            wire.query(
                    SetupSql.SET_ALL,
                    statement -> {
                        statement.setArray(1, wire.texts(wishes.keySet().stream()));
                        statement.setArray(2, wire.texts(wishes.values().stream()));
                    },
                    ResultSet::next);
            return true;
        } catch (SessionException refused) {
            if (refused.problem().kind() == Problem.Kind.UNREACHABLE) {
                throw refused;
            }
            LOG.debug("refused: {}", wishes, refused);
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
                IDLE_SESSION_TIMEOUT,
                "0",
                "idle_in_transaction_session_timeout",
                trust,
                "tcp_user_timeout",
                trust,
                "tcp_keepalives_idle",
                heartbeatSeconds,
                "tcp_keepalives_interval",
                heartbeatSeconds,
                "tcp_keepalives_count",
                "3",
                "client_connection_check_interval",
                millis(config.statementTimeout()));
    }

    static String millis(Duration length) {
        return Math.max(1, length.toMillis()) + "ms";
    }
}
