package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import java.util.Optional;

/** Told what really happens in the database, in the order in which it does, whether a process gets to know of it or not. */
public interface Witness {

    /** Sees nothing. */
    Witness NOBODY = new Witness() {};

    /** Who writes. */
    enum Writer {
        /** The library. */
        LIBRARY,
        /** Other hands. */
        OTHERS
    }

    /**
     * The row of an election has changed.
     *
     * @param server where
     * @param election which
     * @param before what it said, with the row of its holder's session; empty if there was none
     * @param after what it says; empty if it is gone
     * @param writer who did it
     */
    default void committed(
            InMemoryServer server, String election, Optional<Row> before, Optional<Row> after, Writer writer) {}

    /**
     * The row of a session has changed. Where the same commit changes elections, this comes first.
     *
     * @param server where
     * @param session which
     * @param before what it said; empty if there was none
     * @param after what it says; empty if it is gone
     * @param writer who did it
     */
    default void sessionWritten(
            InMemoryServer server,
            int session,
            Optional<StoredSession> before,
            Optional<StoredSession> after,
            Writer writer) {}

    /**
     * An election is about to be taken.
     *
     * @param server where
     * @param election which
     * @param term the term that it gets
     * @param ground on which grounds: the name of a {@link Bidding.Ground}
     */
    default void taking(InMemoryServer server, String election, long term, String ground) {}

    /**
     * A row is about to be given up, and this is said of it.
     *
     * @param server where
     * @param election the row
     * @param before what it says yet
     * @param loss how the term is said to have ended
     * @param atOnce whether the next candidate may take it at once, where the history allows that
     */
    default void ended(InMemoryServer server, String election, Row before, Loss loss, boolean atOnce) {}

    /**
     * A leader is asked for something.
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
     * A connection has ended, by whatever reason, and given back its lock.
     *
     * @param server where
     * @param session whose connection it is; 0 where it has no row
     * @param backend its server process
     * @param atNanos when, perhaps some time ago
     */
    default void sessionEnded(InMemoryServer server, int session, int backend, long atNanos) {}

    /**
     * A connection has ended because its client was silent for too long.
     *
     * @param server where
     * @param backend its server process
     */
    default void fellSilent(InMemoryServer server, int backend) {}

    /**
     * A row that could have been taken was passed over for the lock that another transaction has on it.
     *
     * @param server where
     * @param election which
     */
    default void passedOver(InMemoryServer server, String election) {}
}
