package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Server;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What other hands than the library's do to the tables: an administrator with {@code psql}, a restored dump. Each of them is
 * one statement that commits at once, with the triggers that the schema has.
 */
public interface ByHand {

    // The elections

    /** {@code delete from election where name = …}. */
    void deleteElection(String election);

    /** {@code truncate election}. */
    void truncateElections();

    /** {@code update election set name = name where name = …}: says the same as before, but is not the library's writing. */
    void rewrite(String election);

    /** Sets every column of the holder to null, and leaves {@code released} and {@code xact} as they are. */
    void empty(String election);

    /** {@code update election set session_id = … where name = …}, where the row has a holder. */
    void give(String election, int session);

    /** Sets the term, and {@code xact = pg_current_xact_id()}: a term that only the library could have written. */
    void setTerm(String election, long term);

    /**
     * Sets the history in which the row was last written, and {@code xact = pg_current_xact_id()}: what a promoted standby
     * finds.
     */
    void setHistory(String election, long systemIdentifier, int timeline);

    // The sessions

    /** {@code delete from session where id = …}. */
    void deleteSession(int session);

    /** {@code truncate session}. */
    void truncateSessions();

    /** {@code update session set beat = beat where id = …}: says the same as before, but is not the library's writing. */
    void rewriteSession(int session);

    // The same, but with xact = pg_current_xact_id(): states that the library could have written, some time ago

    /** {@code expires_at = clock_timestamp() + …}: over where that is negative. */
    void setRemaining(int session, Duration remaining);

    /** {@code lease = …}, and nothing else. */
    void setLease(int session, Duration lease);

    /** {@code process = …}. */
    void setProcess(int session, UUID process);

    /** {@code beat = beat + 1}. */
    void raiseBeat(int session);

    /** {@code locked = false}: as if there were no lock behind it. */
    void setUnlocked(int session);

    /** Sets the three columns of the server on which the session lives. */
    void setServer(int session, Server server);

    // What is remembered

    /** {@code update server set since = clock_timestamp() - …}: when this timeline was first written down. */
    void setServerSince(Duration ago);

    /** {@code update server set front = …}: the highest front ever. */
    void setFront(int front);

    /**
     * Inserts a term into the history, led by some candidate under {@link SessionFixture#LEASE}.
     *
     * @param endedAgo how long ago it ended; empty where it is open
     * @param ending how it ended; without meaning where it is open
     */
    void remember(String election, long term, Optional<Duration> endedAgo, String ending);

    /** {@code drop table session cascade}. */
    void dropSessions();
}
