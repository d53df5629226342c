package dev.pgleader.internal.postgres;

import dev.pgleader.LeadershipLostException;
import dev.pgleader.internal.runtime.Fencing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The fence by the schema's function of the same name. Thread-safe.
 *
 * @param call the call, with its parameters: election and term
 */
record JdbcFencing(String call) implements Fencing {

    /** What the function raises. */
    private static final String TERM_IS_OVER = "PGL01";

    /** The snapshot of a stricter isolation level is older than the takeover. */
    private static final String SERIALIZATION_FAILURE = "40001";

    @Override
    public void raise(Connection connection, String election, long term) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "a fence guards a transaction, and none is open: call connection.setAutoCommit(false) first");
        }
        try (PreparedStatement statement = connection.prepareStatement(call)) {
            statement.setString(1, election);
            statement.setLong(2, term);
            statement.execute();
        } catch (SQLException failed) {
            String state = failed.getSQLState();
            if (TERM_IS_OVER.equals(state) || SERIALIZATION_FAILURE.equals(state)) {
                throw new LeadershipLostException(election, term, String.valueOf(failed.getMessage()), failed);
            }
            throw failed;
        }
    }
}
