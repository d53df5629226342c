package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.jdbc.PgConnection;

/**
 * One physical connection and the rules for using it: every wait is bounded and guarded, every commit counts only without
 * a warning, and after any doubt there is no second try. One thread at a time, except {@link #abort}.
 */
final class Wire {

    private static final String WARNING_CLASS = "01";

    /** The few statements there are serve for the life of the connection, and the rarest are the most urgent. */
    private static final int PREPARE_AT_ONCE = 1;

    /** Behind a pooler the next statement may meet a server process that has not heard of what was prepared. */
    private static final int PREPARE_NEVER = 0;

    private final Connection borrowed;
    private final PgConnection connection;
    private final Guard guard;
    private final String schema;

    /** What begins each statement's own transaction, where it is to have one; empty where it commits by itself. */
    private Optional<String> frame = Optional.empty();

    /** Whether it is not known, or not as it should be, what the server has done. */
    private boolean doubtful;

    /** Fills in a statement's parameters. */
    interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Judges what a statement was warned of. */
    private interface Warnings {
        void check(@Nullable SQLWarning first) throws SessionException;
    }

    /** Reads a statement's rows. */
    interface Reading<T> {
        T read(ResultSet rows) throws SQLException, SessionException;
    }

    private Wire(Connection borrowed, PgConnection connection, Guard guard, String schema) {
        this.borrowed = borrowed;
        this.connection = connection;
        this.guard = guard;
        this.schema = schema;
    }

    /** Connects, and sees to it that no read from the server takes longer than {@code timeout}. */
    static Wire open(Connector connector, Duration timeout, Guard guard, String schema) throws SessionException {
        Connection borrowed;
        try {
            borrowed = connector.connect();
        } catch (SQLException refused) {
            throw new SessionException(Problems.of(refused, schema), refused);
        } catch (RuntimeException broken) {
            throw new SessionException(Problems.doubtful("the data source failed: " + broken), broken);
        }
        try {
            if (!borrowed.isWrapperFor(PGConnection.class)
                    || !(borrowed.unwrap(PGConnection.class) instanceof PgConnection connection)) {
                throw new SessionException(Problems.unsuitable(
                        "a connection of " + borrowed.getClass() + " is none of PostgreSQL's driver"));
            }
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
            connection.setAutoCommit(true);
            connection.setPrepareThreshold(PREPARE_NEVER);
            return new Wire(borrowed, connection, guard, schema);
        } catch (SQLException failed) {
            closeQuietly(borrowed);
            throw new SessionException(Problems.of(failed, schema), failed);
        } catch (SessionException unsuitable) {
            closeQuietly(borrowed);
            throw unsuitable;
        } catch (RuntimeException broken) {
            closeQuietly(borrowed);
            throw new SessionException(Problems.doubtful("the connection failed: " + broken), broken);
        }
    }

    /** Returns whether the connection is one that somebody else wraps, who may think that it is his. */
    boolean isFromPool() {
        return borrowed != connection;
    }

    /** Returns who gave the connection, for people. */
    String givenBy() {
        return borrowed.getClass().getName();
    }

    /** Returns what the other end gave as its process when it was connected to, which a pooler makes up. */
    int announcedPid() {
        return connection.getBackendPID();
    }

    /** From now on statements are prepared on the server, which must be the same one for all of them. */
    void prepareStatements() {
        connection.setPrepareThreshold(PREPARE_AT_ONCE);
    }

    /** From now on each statement is a transaction of its own that begins with {@code settings}. */
    void frameEach(String settings) {
        frame = Optional.of(settings);
    }

    Array texts(Stream<String> texts) throws SQLException {
        return array("text", texts);
    }

    Array array(String type, Stream<?> items) throws SQLException {
        return connection.createArrayOf(type, items.toArray());
    }

    /** Runs a statement that returns rows, and whose commit matters. */
    <T> T query(String sql, Binding binding, Reading<T> reading) throws SessionException, BusyException {
        return query(sql, binding, reading, Wire::requireNoWarning);
    }

    /** Runs a statement that returns rows, and whose commit is not worth more than an attempt. */
    <T> T attempt(String sql, Binding binding, Reading<T> reading) throws SessionException, BusyException {
        return query(sql, binding, reading, warning -> {});
    }

    private <T> T query(String sql, Binding binding, Reading<T> reading, Warnings warnings)
            throws SessionException, BusyException {
        return exchange(warnings, () -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                binding.bind(statement);
                try (ResultSet rows = statement.executeQuery()) {
                    T answer = reading.read(rows);
                    warnings.check(statement.getWarnings());
                    return answer;
                }
            }
        });
    }

    /** Runs a statement that returns nothing. */
    void update(String sql, Binding binding) throws SessionException, BusyException {
        exchange(Wire::requireNoWarning, () -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                binding.bind(statement);
                int updated = statement.executeUpdate();
                requireNoWarning(statement.getWarnings());
                return updated;
            }
        });
    }

    /** What is said to the server, and what it answers. */
    private interface Exchange<T> {
        T happen() throws SQLException, SessionException;
    }

    private <T> T exchange(Warnings warnings, Exchange<T> exchange) throws SessionException, BusyException {
        guard.begin(this::abort);
        doubtful = true;
        try {
            T answer = framed(warnings, exchange);
            doubtful = false;
            return answer;
        } catch (SQLException failed) {
            throw doubt(failed);
        } finally {
            guard.end();
        }
    }

    private <T> T framed(Warnings warnings, Exchange<T> exchange) throws SQLException, SessionException {
        if (frame.isEmpty()) {
            return exchange.happen();
        }
        execute(frame.get(), warning -> {});
        T answer = exchange.happen();
        execute("commit", warnings);
        return answer;
    }

    private void execute(String sql, Warnings warnings) throws SQLException, SessionException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            warnings.check(statement.getWarnings());
        }
    }

    /** Waits for notifications, {@code atMost} so long unless the server stops in the middle of one. */
    PGNotification[] notifications(Duration atMost) throws SessionException {
        guard.begin(this::abort);
        try {
            PGNotification[] heard = connection.getNotifications(Math.toIntExact(atMost.toMillis()));
            return heard == null ? new PGNotification[0] : heard;
        } catch (SQLException failed) {
            doubtful = true;
            throw new SessionException(Problems.of(failed, schema), failed);
        } finally {
            guard.end();
        }
    }

    /*
     * A lock that was not to be had, or a queue that was full, is a plain no. Anything else leaves open what the server has
     * done, so nothing further may be asked of this connection.
     */
    private SessionException doubt(SQLException failed) throws BusyException {
        String state = String.valueOf(failed.getSQLState());
        if (state.equals(Problems.LOCK_NOT_AVAILABLE) || state.equals(Problems.LIMIT_EXCEEDED)) {
            doubtful = false;
            abandonFrame(failed);
            throw new BusyException(failed);
        }
        return new SessionException(Problems.of(failed, schema), failed);
    }

    private void abandonFrame(SQLException cause) {
        if (frame.isPresent()) {
            try {
                execute("rollback", warning -> {});
            } catch (SQLException | SessionException failed) {
                cause.addSuppressed(failed);
                abort();
            }
        }
    }

    /*
     * A commit that was told to stop waiting for its synchronous standby succeeds with a warning: it may be lost in a
     * failover, and so must not count.
     */
    private static void requireNoWarning(@Nullable SQLWarning first) throws SessionException {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            String state = warning.getSQLState();
            if (state != null && state.startsWith(WARNING_CLASS)) {
                throw new SessionException(Problems.doubtful("a statement had a warning: " + warning.getMessage()));
            }
        }
    }

    /** Closes the socket at once; whoever waits for an answer gets an exception. Any thread. */
    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException alreadyClosed) {
            closeQuietly(connection);
        }
    }

    /** Takes leave of the server; after any doubt nothing more is said to it. */
    void close() {
        guard.begin(this::abort);
        try {
            if (doubtful) {
                abort();
            }
            closeQuietly(connection);
            closeQuietly(borrowed);
        } finally {
            guard.end();
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException closedAlready) {
            // Nothing is left to close then.
        }
    }
}
