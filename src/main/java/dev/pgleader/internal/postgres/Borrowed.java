package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.SessionException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PgConnection;

/**
 * A physical connection, and how it came here. Used as the connection is.
 *
 * @param given what the data source gave
 * @param connection the driver's own in it, or the same
 */
record Borrowed(Connection given, PgConnection connection) {

    /** Behind a pooler the next statement may meet a server process that has not heard of what was prepared. */
    private static final int PREPARE_NEVER = 0;

    /** Connects, and sees to it that no read from the server takes longer than {@code timeout}. */
    static Borrowed from(Connector connector, Duration timeout, String schema) throws SessionException {
        Connection given;
        try {
            given = connector.connect();
        } catch (SQLException refused) {
            throw new SessionException(Problems.of(refused, schema), refused);
        } catch (RuntimeException broken) {
            throw new SessionException(Problems.doubtful("the data source failed: " + broken), broken);
        }
        try {
            if (!given.isWrapperFor(PGConnection.class)
                    || !(given.unwrap(PGConnection.class) instanceof PgConnection connection)) {
                throw new SessionException(
                        Problems.unsuitable("a connection of " + given.getClass() + " is none of PostgreSQL's driver"));
            }
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
            connection.setAutoCommit(true);
            connection.setAutosave(AutoSave.NEVER);
            connection.setPrepareThreshold(PREPARE_NEVER);
            return new Borrowed(given, connection);
        } catch (SQLException failed) {
            closeQuietly(given);
            throw new SessionException(Problems.of(failed, schema), failed);
        } catch (SessionException unsuitable) {
            closeQuietly(given);
            throw unsuitable;
        } catch (RuntimeException broken) {
            closeQuietly(given);
            throw new SessionException(Problems.doubtful("the connection failed: " + broken), broken);
        }
    }

    /** Closes the driver's connection, and gives the other back. */
    void close() {
        closeQuietly(connection);
        closeQuietly(given);
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException closedAlready) {
            // Nothing is left to close then.
        }
    }
}
