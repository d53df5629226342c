package dev.pgleader.faults;

import dev.pgleader.Leadership;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one leadership over a connection that comes back after trouble, until it is aborted. Writes from one thread;
 * {@link #abort} and {@link #drop} from any.
 */
final class Writer {

    private final DataSource dataSource;
    private final Leadership leadership;
    private final String who;
    private @Nullable Connection connection;
    private boolean aborted;

    Writer(DataSource dataSource, Leadership leadership, String who) {
        this.dataSource = dataSource;
        this.leadership = leadership;
        this.who = who;
    }

    /**
     * Writes in a transaction under the fence.
     *
     * @param pauseNanos how long the transaction takes its time after the fence
     */
    void writeFenced(long pauseNanos) throws SQLException {
        Connection open = connect();
        open.setAutoCommit(false);
        leadership.fence(open);
        LockSupport.parkNanos(pauseNanos);
        enter(open, History.Kind.FENCED);
        open.commit();
    }

    /** Says that a write was fenced which was not. */
    void claimFenced() throws SQLException {
        Connection open = connect();
        open.setAutoCommit(true);
        enter(open, History.Kind.FENCED);
    }

    /** Writes without the fence, if the leadership is held. */
    void writeUnfenced() throws SQLException {
        Connection open = connect();
        open.setAutoCommit(true);
        if (leadership.isHeld()) {
            enter(open, History.Kind.UNFENCED);
        }
    }

    private void enter(Connection open, History.Kind kind) throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(Book.ENTER)) {
            statement.setString(1, kind.name());
            statement.setLong(2, leadership.term());
            statement.setString(3, who);
            statement.execute();
        }
    }

    private Connection connect() throws SQLException {
        Connection known = known();
        if (known != null) {
            return known;
        }
        Connection opened = dataSource.getConnection();
        if (!keep(opened)) {
            throw new SQLException("the leadership was lost in the meantime");
        }
        return opened;
    }

    private synchronized @Nullable Connection known() {
        return connection;
    }

    private synchronized boolean keep(Connection opened) throws SQLException {
        if (aborted) {
            opened.abort(Runnable::run);
            return false;
        }
        connection = opened;
        return true;
    }

    /** Ends the connection; the next write makes a new one. */
    synchronized void drop() {
        try {
            if (connection != null) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException endedAlready) {
            // Nothing is left to end then.
        }
        connection = null;
    }

    /** Ends the connection for good. */
    synchronized void abort() {
        aborted = true;
        drop();
    }
}
