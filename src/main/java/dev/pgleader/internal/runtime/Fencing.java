package dev.pgleader.internal.runtime;

import dev.pgleader.Fence;
import dev.pgleader.FencedFunction;
import dev.pgleader.FencedWork;
import dev.pgleader.LeadershipLostException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database's own judgement of a term, made inside a user's transaction. Thread-safe. */
public interface Fencing {

    /**
     * Sees to it that the open transaction of {@code connection} commits only while the term has not been succeeded.
     *
     * @throws LeadershipLostException if it has been, or nobody holds it any more; the transaction can only be rolled back
     * @throws SQLException if the database could not tell
     * @throws IllegalStateException if no transaction is open
     */
    void raise(Connection connection, Fence fence) throws SQLException;

    /**
     * Does {@code work} in a transaction of its own that was fenced first.
     *
     * @throws LeadershipLostException if the term is over; the transaction was rolled back
     * @throws SQLException if the database failed; if that was at the commit, it may have happened or not
     */
    <T extends @Nullable Object, X extends Exception> T inTransaction(
            DataSource dataSource, Fence fence, FencedFunction<T, X> work) throws SQLException, X;

    /**
     * Does {@code work} in a fenced transaction on the elections' own database, unless a transaction with the same key has
     * been committed before; returns whether it was done.
     *
     * @throws LeadershipLostException if the term is over; the transaction was rolled back
     * @throws SQLException if the database failed; if that was at the commit, it may have happened or not
     */
    <X extends Exception> boolean once(Fence fence, String key, FencedWork<X> work) throws SQLException, X;
}
