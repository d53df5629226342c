package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The one connection that holds a process's advisory locks and does its reading and writing. Loop thread only, except
 * {@link #abort}.
 *
 * <p>Each method is one statement for any number of elections and commits before it returns. An election that an answer
 * does not mention was not found, or not granted, or not changed. After a {@link SessionException} the session is over.
 */
public interface Session extends AutoCloseable {

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

    /** Reads rows. */
    Map<String, Found> look(Collection<String> elections) throws SessionException, BusyException;

    /** Creates the rows that do not exist yet. */
    void register(Collection<String> elections) throws SessionException, BusyException;

    /**
     * Tries for the advisory locks of elections, without waiting; returns those that were granted.
     *
     * @param elections names and lock ids, none of them held by this session already
     */
    Set<String> tryLock(Map<String, Integer> elections) throws SessionException, BusyException;

    /** Writes new terms; returns the rows that were taken. Rows that somebody has locked are passed over. */
    Map<String, Found> take(List<Bid> bids) throws SessionException, BusyException;

    /** Extends leases; never revives one. Tells those that are renewed what they have been asked for. */
    Map<String, Renewal> heartbeat(List<Beat> beats) throws SessionException, BusyException;

    /**
     * Empties rows that still name these holders, and names an heir that is present; returns those that name them no longer,
     * for whatever reason. Rows that somebody has locked are passed over.
     */
    Set<String> vacate(List<Holding> holdings) throws SessionException, BusyException;

    /**
     * Asks leaders to resign in favour of these candidates, unless something was asked of the same term before, or the
     * candidate is not present.
     */
    void askToResign(List<Wish> wishes) throws SessionException, BusyException;

    /**
     * Says that this process is present.
     *
     * @param process its identity, random for each start
     * @param goodFor for how long, unless it says so again
     * @return whether it is on the list at all
     */
    boolean attend(UUID process, Duration goodFor) throws SessionException, BusyException;

    /** Puts this process on the list of those who stand, with these candidacies in place of those it had there. */
    void enroll(UUID process, Duration goodFor, List<Enrolment> candidacies) throws SessionException, BusyException;

    /** Strikes this process off the list of those who stand. */
    void leave(UUID process) throws SessionException, BusyException;

    /** Gives locks back and announces changes, in this order. An announcement that fails is forgotten. */
    void release(Collection<Integer> lockIds, Collection<String> announcements) throws SessionException;

    /**
     * Ends the server processes that hold the locks of dead leaders, if they are still the same ones, their rows still the
     * versions given here, and this role may; otherwise does nothing.
     */
    void endBackends(Map<String, Row> condemned) throws SessionException, BusyException;

    /** Closes the connection at once, from any thread, even while another waits for an answer. */
    void abort();

    /** Closes the connection, and with it gives back every lock. Never throws. */
    @Override
    void close();

    /**
     * A row and how much of its lease is left.
     *
     * @param row what it says
     * @param remaining the time left on the database's clock, negative when over; zero when vacant
     * @param seenOn the server that said it
     */
    record Found(Row row, Duration remaining, Server seenOn) {}

    /**
     * An attempt to take an election.
     *
     * @param who takes it
     * @param lease how long its heartbeats will be good for
     * @param refractory the last part of the lease
     * @param termsKept of how many terms the history is kept
     * @param claim what must still be so
     * @param seenOn on which server and timeline it was so; whoever is another may have lost what came after
     */
    record Bid(Enrolment who, Duration lease, Duration refractory, int termsKept, Claim claim, Server seenOn) {

        /** Returns the election's name. */
        public String election() {
            return who.election();
        }
    }

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
     * A heartbeat.
     *
     * @param election its name
     * @param candidate who leads
     * @param term under which term
     * @param phase how far it has come
     */
    record Beat(String election, UUID candidate, long term, Phase phase) {}

    /**
     * A leadership that ends.
     *
     * @param election its name
     * @param candidate who led
     * @param term under which term
     * @param loss why it ends
     * @param heir to whom it is handed over, an identity or an address; empty where anybody may be next
     */
    record Holding(String election, UUID candidate, long term, Loss loss, Optional<String> heir) {}

    /** What became of a heartbeat. */
    sealed interface Renewal {

        /**
         * The lease is extended.
         *
         * @param expiresAt until when, on the database's clock
         * @param request what the leader has been asked for in this term
         */
        record Renewed(Instant expiresAt, Optional<Succession.Request> request) implements Renewal {}

        /** The row names somebody or something else, or its lease is over. */
        record Refused() implements Renewal {}

        /** Somebody has locked the row: it is still ours, and not extended. */
        record PassedOver() implements Renewal {}
    }
}
