package dev.pgleader.internal.runtime;

import dev.pgleader.LeadershipLostException;
import java.sql.Connection;
import java.sql.SQLException;

/** The database's own judgement of a term, made inside a user's transaction. Thread-safe. */
public interface Fencing {

    /**
     * Sees to it that the open transaction of {@code connection} commits only while {@code term} has not been succeeded.
     *
     * @throws LeadershipLostException if it has been, or nobody holds it any more; the transaction can only be rolled back
     * @throws SQLException if the database could not tell
     * @throws IllegalStateException if no transaction is open
     */
    void raise(Connection connection, String election, long term) throws SQLException;
}
