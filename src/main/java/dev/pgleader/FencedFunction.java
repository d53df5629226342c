package dev.pgleader;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * What a leader does in a fenced transaction, with a result.
 *
 * @param <T> the result
 * @param <X> what it throws
 */
@FunctionalInterface
public interface FencedFunction<T extends @Nullable Object, X extends Exception> {

    /**
     * Does it. The transaction is fenced already and commits when this returns; when this throws it is rolled back.
     *
     * @param connection to be used by this call only: see {@link Leadership#inTransaction}
     * @return the result
     * @throws X when it fails
     */
    T apply(Connection connection) throws X;
}
