package dev.pgleader.internal.postgres;

import dev.pgleader.Fence;
import dev.pgleader.LeadershipLostException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction that is fenced before anything else is done in it, on a connection borrowed for it. One thread.
 *
 * <p>The connection goes back as it came, or not alive: one whose transaction could not be ended, or whose mode could not
 * be restored, is aborted first, so that a pool does not lend it out again.
 */
final class FencedTransaction {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Fence");

    private final JdbcFencing fencing;
    private final Fence fence;

    FencedTransaction(JdbcFencing fencing, Fence fence) {
        this.fencing = fencing;
        this.fence = fence;
    }

    /** What is done in the transaction. */
    interface Body<T extends @Nullable Object, X extends Exception> {
        T run(Connection connection) throws SQLException, X;
    }

    /** Runs it from its beginning to its end, as {@code Fencing.inTransaction} says. */
    <T extends @Nullable Object, X extends Exception> T run(DataSource dataSource, Body<T, X> body)
            throws SQLException, X {
        Connection connection = dataSource.getConnection();
        try {
            boolean autoCommit = connection.getAutoCommit();
            requireNoTransaction(connection, autoCommit);
            if (autoCommit) {
                connection.setAutoCommit(false);
            }
            try {
                T result = fenced(connection, body);
                connection.commit();
                return result;
            } catch (Throwable failed) {
                rollBack(connection, failed);
                throw failed;
            } finally {
                restore(connection, autoCommit);
            }
        } catch (LeadershipLostException lost) {
            throw lost;
        } catch (Throwable failed) {
            for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
                if (JdbcFencing.saysThatItIsOver(cause, fence)) {
                    throw JdbcFencing.lost(fence, failed);
                }
            }
            throw failed;
        } finally {
            giveBack(connection);
        }
    }

    private <T extends @Nullable Object, X extends Exception> T fenced(Connection connection, Body<T, X> body)
            throws SQLException, X {
        fencing.raise(connection, fence);
        FencedConnection lent = new FencedConnection(connection);
        T result;
        try {
            result = body.run(lent.view());
        } finally {
            lent.end();
        }
        lent.requireTransaction();
        requireSound(connection);
        return result;
    }

    /** A fence does not reach back: what was done in an open transaction before it would be fenced too late. */
    private static void requireNoTransaction(Connection connection, boolean autoCommit) throws SQLException {
        if (!autoCommit && (isIn(TransactionState.OPEN, connection) || isIn(TransactionState.FAILED, connection))) {
            throw new IllegalStateException("fenced work needs a transaction of its own, but the data source gave a"
                    + " connection with one open: give it the pool itself, not what shares a thread's transaction");
        }
    }

    /** A transaction that has failed is "committed" without an error, and rolled back by that. */
    private static void requireSound(Connection connection) throws SQLException {
        if (isIn(TransactionState.FAILED, connection)) {
            connection.setSavepoint();
            throw new IllegalStateException("a failed transaction has accepted a savepoint");
        }
    }

    /** Returns whether a transaction is in this state, as far as the driver can be asked. */
    static boolean isIn(TransactionState state, Connection connection) throws SQLException {
        return connection.isWrapperFor(BaseConnection.class)
                && connection.unwrap(BaseConnection.class).getTransactionState() == state;
    }

    private static void rollBack(Connection connection, Throwable because) {
        try {
            connection.rollback();
        } catch (SQLException stillOpen) {
            because.addSuppressed(stillOpen);
            abort(connection);
        }
    }

    private static void restore(Connection connection, boolean autoCommit) {
        try {
            if (autoCommit && !connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException unusable) {
            LOG.debug("a connection cannot be given back as it was, and is closed", unusable);
            abort(connection);
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException alreadyGone) {
            LOG.debug("a connection cannot be aborted", alreadyGone);
        }
    }

    /** What was committed stays so, whatever becomes of the connection. */
    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException gone) {
            LOG.debug("a connection cannot be given back", gone);
        }
    }
}
