package dev.pgleader;

import java.sql.Connection;

/**
 * What a leader does in a fenced transaction.
 *
 * @param <X> what it throws
 */
@FunctionalInterface
public interface FencedWork<X extends Exception> {

    /**
     * Does it. The transaction is fenced already and commits when this returns; when this throws it is rolled back.
     *
     * @param connection to be used by this call only: see {@link Leadership#inTransaction}
     * @throws X when it fails
     */
    void run(Connection connection) throws X;
}
