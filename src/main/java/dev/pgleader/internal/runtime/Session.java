package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The one connection that holds a process's advisory lock and does its reading and writing. Loop thread only, except
 * {@link #abort}.
 *
 * <p>Each method is one statement for any number of elections and commits before it returns. An election that an answer
 * does not mention was not found, or not changed. After a {@link SessionException} the session is over.
 */
public interface Session extends AutoCloseable {

    /** How many elections one {@link #bid} may name: each that is won takes a place in the server's lock table until the commit. */
    int MOST_BIDS = 500;

    /** Returns the server at the other end. */
    Server server();

    /**
     * Finds out, without asking the server anything, whether it has ended this session.
     *
     * @throws SessionException if it has
     */
    void requireAlive() throws SessionException;

    /**
     * Makes sure that this role may stand in elections, and not only watch them; asks nobody.
     *
     * @throws SessionException if it may not
     */
    void requireRightToStand() throws SessionException;

    // The process's lease

    /**
     * Makes this connection's row, and takes the advisory lock behind it where locks are real. Once per connection: a new id
     * needs a new connection. Prunes the rows of sessions that ended long ago.
     *
     * @param process the process's identity, random for each start
     * @param goodFor how long the row is good for unless it is extended
     * @param refractory the last part of it
     * @return the id
     */
    int enter(UUID process, Duration goodFor, Duration refractory) throws SessionException, BusyException;

    /**
     * Extends this connection's row by {@code goodFor} from now on; never revives it. The heartbeat of everything that the
     * process holds.
     *
     * @param id the id that {@link #enter} gave
     * @param holds whether the process holds anything, so that the server is to end the session if it falls silent
     */
    Renewal renew(int id, Duration goodFor, boolean holds) throws SessionException, BusyException;

    /** Removes this connection's row, and its candidates from the list. Best effort; the lock goes with the connection. */
    void leave(int id) throws SessionException, BusyException;

    // Elections

    /**
     * Reads rows. Of one that is led, it may be told up to half a minute late who else stands, and what other hands did without
     * leaving a trace.
     */
    Looked look(Collection<String> elections) throws SessionException, BusyException;

    /** Reads rows for those who only watch: who is to be next is left out, so that a role needs fewer rights and less time. */
    Looked watch(Collection<String> elections) throws SessionException, BusyException;

    /**
     * Creates the rows that do not exist yet: free at once where nothing speaks for a leader, else as rows that must stand
     * still.
     *
     * @param lease the candidates' own lease, for which a change of the server's history is outwaited
     */
    void register(Collection<String> elections, Duration lease) throws SessionException, BusyException;

    /**
     * Takes whichever of these elections may be taken, and reads all of them. Extends this connection's row if anything is
     * won. Rows that are locked are passed over.
     *
     * @param terms who bids, over which session, and for how long a leadership lasts at first
     * @param bids at most {@value #MOST_BIDS}
     */
    Outcome bid(BidTerms terms, List<Bid> bids) throws SessionException, BusyException;

    /** Writes that these leaders are ready to serve, and announces it; returns the elections of which that is so. */
    Set<String> lead(List<Held> held) throws SessionException, BusyException;

    /**
     * Empties rows that still name these holders, names a successor that is present, and announces it, in one statement;
     * returns those that name the holders no longer, for whatever reason. Rows that are locked are passed over.
     */
    Set<String> vacate(List<Vacation> vacations) throws SessionException, BusyException;

    /**
     * Empties rows like {@link #vacate}, but as rows that must stand still: the work of these leaders may still be running.
     */
    Set<String> detach(List<Vacation> vacations) throws SessionException, BusyException;

    /**
     * Asks leaders to resign in favour of these candidates, unless something was asked of the same term before, or the
     * candidate is not present.
     */
    void askToResign(List<Wish> wishes) throws SessionException, BusyException;

    /** Puts candidates of this process on the list, as standing by this connection's row. */
    void enroll(int id, List<Enrolment> candidates) throws SessionException, BusyException;

    /** Takes candidates of this process off the list. */
    void withdraw(List<Enrolment> candidates) throws SessionException, BusyException;

    /** Returns how many candidates are on the list that stand by this connection's row. */
    int listed(int id) throws SessionException, BusyException;

    /** Announces changes. An announcement that fails is forgotten. */
    void announce(Collection<String> elections) throws SessionException;

    /** Closes the connection at once, from any thread, even while another waits for an answer. */
    void abort();

    /** Closes the connection, and with it gives back the lock. Never throws. */
    @Override
    void close();

    /**
     * A row and how much of its holder's session is left.
     *
     * @param row what it says
     * @param remaining the time left on the database's clock, negative when over; zero where there is no such session
     * @param lockFree whether the holder's lock was free; empty where that was not asked
     */
    record Found(Row row, Duration remaining, Optional<Boolean> lockFree) {}

    /**
     * What a look shows.
     *
     * @param rows the rows, by election
     * @param server the server that said it
     * @param micros the database's time at the beginning of the statement, in microseconds since 1970
     */
    record Looked(Map<String, Found> rows, Server server, long micros) {}

    /**
     * What became of bids.
     *
     * @param seen the rows as they were when they were judged
     * @param won those that were won
     * @param expiresAt until when this connection's row is good on the database's clock, if anything was won
     */
    record Outcome(Looked seen, Map<String, Won> won, Optional<Instant> expiresAt) {}

    /**
     * A new leadership.
     *
     * @param term its term
     * @param electedAt the database's stamp of it
     */
    record Won(long term, Instant electedAt) {}

    /**
     * What all bids of one statement have in common.
     *
     * @param session the id of this connection's row
     * @param lease how long its heartbeats will be good for
     * @param refractory the last part of that
     * @param onSessionEnd whether to ask for the locks of sessions that are not over, too
     */
    record BidTerms(int session, Duration lease, Duration refractory, boolean onSessionEnd) {}

    /**
     * What a candidate may take, and on which grounds. The database judges the rest: whether the row was released, or its
     * holder's session is over and its lock free. What a candidate has seen counts for the version in which it saw it, and for
     * no other.
     *
     * @param who who takes it
     * @param termsKept of how many terms the history is kept
     * @param seen the version that the candidate saw last; empty while it saw none
     * @param stoodStill whether that version has stood still for long enough
     * @param freed whether the lock of its holder was seen free a refractory period ago
     * @param former the term and session of a former leadership of this candidate that it may claim wherever it finds it, since its own clock
     *     says that the lease runs; empty where only an unbroken history of the server allows that
     * @param claims whether a row that names this very candidate is to be taken, in that version or as the former leadership
     * @param trustsClockUntil the latest time of the database's clock, in microseconds since 1970, that does not prove a step
     *     forward; the holder's refractory period is added; empty where nothing was measured; {@link Long#MIN_VALUE} where a
     *     step was seen
     * @param insists whether others have had the time to go first, since it was seen in that version
     * @param notBefore a term: the row is left to others unless it has a later one, or was handed over to this candidate
     */
    record Bid(
            Enrolment who,
            int termsKept,
            Optional<Version> seen,
            boolean stoodStill,
            boolean freed,
            Optional<Former> former,
            boolean claims,
            OptionalLong trustsClockUntil,
            boolean insists,
            OptionalLong notBefore) {

        /** Returns the election's name. */
        public String election() {
            return who.election();
        }
    }

    /**
     * One version of a row, on one server.
     *
     * @param row the row
     * @param seenOn the server on which it was seen: what was witnessed on one proves nothing on another
     */
    record Version(Row row, Server seenOn) {}

    /**
     * A leadership that this candidate had.
     *
     * @param term its term
     * @param session the session by which it was held
     */
    record Former(long term, int session) {}

    /**
     * A candidate as others are to see it.
     *
     * @param election in which election it stands
     * @param candidate its identity
     * @param address where it serves
     * @param priority how much it is wanted
     * @param neverLeads whether it only follows
     * @param version which version of the service it is
     */
    record Enrolment(
            String election, UUID candidate, String address, int priority, boolean neverLeads, String version) {}

    /**
     * A candidate that asks a leader for its post.
     *
     * @param election in which election
     * @param term which leadership
     * @param candidate who asks
     */
    record Wish(String election, long term, UUID candidate) {}

    /**
     * A leadership.
     *
     * @param election its name
     * @param candidate who leads
     * @param term under which term
     * @param session by which session
     */
    record Held(String election, UUID candidate, long term, int session) {}

    /**
     * A leadership that ends.
     *
     * @param held which
     * @param loss why it ends
     * @param successor to whom it is handed over, an identity or an address; empty where any candidate may be next
     */
    record Vacation(Held held, Loss loss, Optional<String> successor) {}

    /** What became of a renewal. */
    sealed interface Renewal {

        /**
         * The row is extended.
         *
         * @param expiresAt until when, on the database's clock
         * @param disturbed what other hands have done since the renewal before
         */
        record Renewed(Instant expiresAt, Disturbance disturbed) implements Renewal {}

        /** The row is gone, or its time is over, or it cannot be told. */
        record Refused() implements Renewal {}

        /** The row is locked: it is still ours, and not extended. */
        record PassedOver() implements Renewal {}
    }
}
