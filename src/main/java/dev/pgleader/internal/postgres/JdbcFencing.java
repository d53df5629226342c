package dev.pgleader.internal.postgres;

import dev.pgleader.Fence;
import dev.pgleader.FencedFunction;
import dev.pgleader.FencedWork;
import dev.pgleader.LeadershipLostException;
import dev.pgleader.internal.runtime.Fencing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The fence by the schema's functions. Thread-safe.
 *
 * @param fence the call that fences, with its parameters: election, term, and seconds at most
 * @param once the call that claims a key, with its parameters: election, term, key
 * @param atMost the bound on a fenced transaction
 * @param own the database that the elections are held in
 */
record JdbcFencing(String fence, String once, Duration atMost, DataSource own) implements Fencing {

    /** What the functions raise. */
    private static final String TERM_IS_OVER = "PGL01";

    /** The snapshot of a stricter isolation level is older than the takeover. */
    private static final String SERIALIZATION_FAILURE = "40001";

    private static final double MILLIS_PER_SECOND = 1000;

    @Override
    public void raise(Connection connection, Fence raised) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "a fence guards a transaction, and none is open: call connection.setAutoCommit(false) first");
        }
        try (PreparedStatement statement = connection.prepareStatement(fence)) {
            statement.setString(1, raised.election());
            statement.setLong(2, raised.term());
            statement.setDouble(3, atMost.toMillis() / MILLIS_PER_SECOND);
            statement.execute();
        } catch (SQLException failed) {
            String state = failed.getSQLState();
            if (TERM_IS_OVER.equals(state) || SERIALIZATION_FAILURE.equals(state)) {
                throw lost(raised, failed);
            }
            throw failed;
        }
    }

    /** Returns whether an error says that this very term is over, and not that of some other fence. */
    static boolean saysThatItIsOver(Throwable failed, Fence raised) {
        if (!(failed instanceof PSQLException error) || !TERM_IS_OVER.equals(error.getSQLState())) {
            return false;
        }
        ServerErrorMessage message = error.getServerErrorMessage();
        return message != null && raised.token().equals(message.getDetail());
    }

    static LeadershipLostException lost(Fence raised, Throwable because) {
        return new LeadershipLostException(
                raised.election(), raised.term(), String.valueOf(because.getMessage()), because);
    }

    /** Returns whether nobody whose transaction has committed claimed the key before. */
    boolean claim(Connection connection, Fence raised, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(once)) {
            statement.setString(1, raised.election());
            statement.setLong(2, raised.term());
            statement.setString(3, key);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T inTransaction(
            DataSource dataSource, Fence raised, FencedFunction<T, X> work) throws SQLException, X {
        return new FencedTransaction(this, raised).<T, X>run(dataSource, work::apply);
    }

    @Override
    public <X extends Exception> boolean once(Fence raised, String key, FencedWork<X> work) throws SQLException, X {
        return new FencedTransaction(this, raised).<Boolean, X>run(own, connection -> {
            boolean first = claim(connection, raised, key);
            if (first) {
                work.run(connection);
            }
            return first;
        });
    }
}
