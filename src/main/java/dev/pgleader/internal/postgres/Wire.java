package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postgresql.PGNotification;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One physical connection and the rules for using it: every wait is bounded and guarded, every commit counts only without
 * a warning, and after any doubt there is no second try. One thread at a time, except {@link #abort}.
 */
final class Wire {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    /** The few statements there are serve for the life of the connection, and the rarest are the most urgent. */
    private static final int PREPARE_AT_ONCE = 1;

    private final Borrowed borrowed;
    private final PgConnection connection;
    private final Guard guard;
    private final String schema;

    /** What begins each statement's own transaction, where it is to have one; empty where it commits by itself. */
    private Optional<String> frame = Optional.empty();

    /** Whether it is not known, or not as it should be, what the server has done. */
    private boolean doubtful;

    private final Refusals refusals = new Refusals();

    /** Whether this connection is being set up, by statements that may be asked again. */
    private boolean opening = true;

    /** Fills in a statement's parameters. */
    interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Reads a statement's rows. */
    interface Reading<T> {
        T read(ResultSet rows) throws SQLException, SessionException;
    }

    private Wire(Borrowed borrowed, Guard guard, String schema) {
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.guard = guard;
        this.schema = schema;
    }

    /** Connects, and sees to it that no read from the server takes longer than {@code timeout}. */
    static Wire open(Connector connector, Duration timeout, Guard guard, String schema) throws SessionException {
        return new Wire(Borrowed.from(connector, timeout, schema), guard, schema);
    }

    /** Returns whether the connection is one that another wraps, such as a pool, which may end or reset it. */
    boolean isFromPool() {
        return borrowed.given() != connection;
    }

    /** Returns who gave the connection, for people. */
    String givenBy() {
        return borrowed.given().getClass().getName();
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

    /** From now on who asks a statement decides whether to ask it again. */
    void opened() {
        opening = false;
    }

    Array texts(Stream<String> texts) throws SQLException {
        return array("text", texts);
    }

    Array array(String type, Stream<?> items) throws SQLException {
        return connection.createArrayOf(type, items.toArray());
    }

    /** Runs a statement that returns rows, and whose commit matters. */
    <T> T query(String sql, Binding binding, Reading<T> reading) throws SessionException, BusyException {
        return query(sql, binding, reading, Warnings.NOT_ALLOWED);
    }

    /** Runs a statement that returns rows, and whose commit is not worth more than an attempt. */
    <T> T attempt(String sql, Binding binding, Reading<T> reading) throws SessionException, BusyException {
        return query(sql, binding, reading, Warnings.IGNORED);
    }

    /**
     * Runs a statement that returns rows, and whose commit matters.
     *
     * @param otherwise the answer where the server refuses the statement as a whole
     * @param states the SQL states of such a refusal, after which the connection is as sound as before
     */
    <T> T queryOr(T otherwise, Set<String> states, String sql, Binding binding, Reading<T> reading)
            throws SessionException, BusyException {
        return exchange(sql, Warnings.NOT_ALLOWED, () -> {
            try {
                return rows(sql, binding, reading, Warnings.NOT_ALLOWED);
            } catch (SQLException failed) {
                if (!states.contains(String.valueOf(failed.getSQLState()))) {
                    throw failed;
                }
                LOG.debug("refused", failed);
                if (frame.isPresent()) {
                    execute("rollback", Warnings.IGNORED);
                }
                return otherwise;
            }
        });
    }

    private <T> T query(String sql, Binding binding, Reading<T> reading, Warnings warnings)
            throws SessionException, BusyException {
        return exchange(sql, warnings, () -> rows(sql, binding, reading, warnings));
    }

    private <T> T rows(String sql, Binding binding, Reading<T> reading, Warnings warnings)
            throws SQLException, SessionException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                T answer = reading.read(rows);
                warnings.check(statement.getWarnings());
                return answer;
            }
        }
    }

    /** Runs a statement that returns nothing. */
    void update(String sql, Binding binding) throws SessionException, BusyException {
        exchange(sql, Warnings.NOT_ALLOWED, () -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                binding.bind(statement);
                int updated = statement.executeUpdate();
                Warnings.NOT_ALLOWED.check(statement.getWarnings());
                return updated;
            }
        });
    }

    private interface Exchange<T> {
        T happen() throws SQLException, SessionException;
    }

    /** What a slow server did not finish is asked again while opening: what it has loaded for it by then is not lost. */
    private <T> T exchange(String sql, Warnings warnings, Exchange<T> exchange) throws SessionException, BusyException {
        while (true) {
            try {
                return exchangeOnce(sql, warnings, exchange);
            } catch (BusyException busy) {
                if (!opening || !busy.isSlow()) {
                    throw busy;
                }
            }
        }
    }

    private <T> T exchangeOnce(String sql, Warnings warnings, Exchange<T> exchange)
            throws SessionException, BusyException {
        guard.begin(this::abort);
        doubtful = true;
        try {
            T answer = framed(warnings, exchange);
            doubtful = false;
            refusals.answered(sql);
            return answer;
        } catch (SQLException failed) {
            throw doubt(sql, failed);
        } finally {
            guard.end();
        }
    }

    private <T> T framed(Warnings warnings, Exchange<T> exchange) throws SQLException, SessionException {
        if (frame.isEmpty()) {
            return exchange.happen();
        }
        execute(frame.get(), Warnings.IGNORED);
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

    /** Anything but a refusal leaves open what the server has done, so nothing further may be asked of this connection. */
    private SessionException doubt(String sql, SQLException failed) throws BusyException {
        Optional<BusyException> refusal = refusals.plain(sql, failed);
        if (refusal.isPresent()) {
            doubtful = false;
            abandonFrame(failed);
            throw refusal.get();
        }
        return new SessionException(Problems.of(failed, schema), failed);
    }

    private void abandonFrame(SQLException cause) {
        if (frame.isPresent()) {
            try {
                execute("rollback", Warnings.IGNORED);
            } catch (SQLException | SessionException failed) {
                cause.addSuppressed(failed);
                abort();
            }
        }
    }

    /** Closes the socket at once; a thread that waits for an answer gets an exception. Any thread. */
    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException alreadyClosed) {
            borrowed.close();
        }
    }

    /** Takes leave of the server; after any doubt nothing more is said to it. */
    void close() {
        guard.begin(this::abort);
        try {
            if (doubtful) {
                abort();
            }
            borrowed.close();
        } finally {
            guard.end();
        }
    }
}
