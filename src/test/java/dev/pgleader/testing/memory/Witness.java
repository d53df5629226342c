package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import java.util.Optional;

/** Told what really happens in the database, in the order in which it does, whoever gets to know of it or does not. */
public interface Witness {

    /** Sees nothing. */
    Witness NOBODY = new Witness() {};

    /**
     * A row has changed.
     *
     * @param server where
     * @param election which
     * @param before what it said; empty if there was none
     * @param after what it says
     */
    default void committed(InMemoryServer server, String election, Optional<Row> before, Row after) {}

    /**
     * A row is about to be given up, and this is said of it.
     *
     * @param server where
     * @param election the row
     * @param before what it says yet
     * @param loss how the term is said to have ended
     */
    default void ended(InMemoryServer server, String election, Row before, Loss loss) {}

    /**
     * Somebody has asked a leader for something.
     *
     * @param server where
     * @param election which election
     * @param term which leader
     * @param request what for
     */
    default void asked(InMemoryServer server, String election, long term, Succession.Request request) {}

    /**
     * A fenced transaction has committed.
     *
     * @param server where
     * @param election the election
     * @param term the term under which it has written
     */
    default void fencedWrite(InMemoryServer server, String election, long term) {}

    /**
     * A session has given a lock back by a statement.
     *
     * @param server where
     * @param lockId the lock
     * @param by the session's server process
     */
    default void unlocked(InMemoryServer server, int lockId, Row.Backend by) {}

    /**
     * A session has ended, whoever ended it, and given back whatever it held.
     *
     * @param server where
     * @param backend its server process
     * @param atNanos when, perhaps some time ago
     */
    default void sessionEnded(InMemoryServer server, Row.Backend backend, long atNanos) {}

    /**
     * A session has ended because its client was silent for too long.
     *
     * @param server where
     * @param backend its server process
     */
    default void fellSilent(InMemoryServer server, Row.Backend backend) {}

    /**
     * Somebody ends the session of a leader whom he takes for hung.
     *
     * @param server where
     * @param election what it leads
     * @param row what names it
     */
    default void condemned(InMemoryServer server, String election, Row row) {}

    /**
     * A row that could have been taken was passed over for the lock that somebody else has on it.
     *
     * @param server where
     * @param election which
     */
    default void passedOver(InMemoryServer server, String election) {}
}
