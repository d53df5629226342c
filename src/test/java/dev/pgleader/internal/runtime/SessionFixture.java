package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.BidTerms;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.Session.Looked;
import dev.pgleader.internal.runtime.Session.Outcome;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.Session.Version;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a contract test of sessions needs from the database that stands behind them. */
public interface SessionFixture {

    /** The lease of every session and bid here: longer than any test takes, so that none runs out by itself. */
    Duration LEASE = Duration.ofMinutes(5);

    /** The refractory period of every session and bid here. */
    Duration REFRACTORY = Duration.ofMillis(1500);

    /** Who stands. */
    UUID ME = UUID.fromString("00000000-0000-4000-8000-000000000001");

    /** Who else stands. */
    UUID OTHER = UUID.fromString("00000000-0000-4000-8000-000000000002");

    /** A transaction outside the library, with the locks that it holds; it ends with the test at the latest. */
    interface Foreign {
        /** Rolls it back. */
        void end();

        /** Commits it. */
        void commit();
    }

    /**
     * A session whose row was made, for {@link #LEASE} and {@link #REFRACTORY}.
     *
     * @param session the session
     * @param id what it was given
     * @param process whose it is
     */
    record Entered(Session session, int id, UUID process) {}

    /**
     * A term of the history.
     *
     * @param term which
     * @param candidate who led
     * @param ending how it ended; empty while it is open
     */
    record PastTerm(long term, UUID candidate, Optional<String> ending) {}

    /** Opens a session that was not entered; the fixture closes it after the test. */
    Session session() throws SessionException;

    /** Opens a session of a role that may only watch; the fixture closes it after the test. */
    Session observersSession() throws SessionException;

    /** Opens a listener; the fixture closes it after the test. */
    Listener listener() throws SessionException;

    /** What others do to the tables. */
    ByHand byHand();

    /** {@code select … from election where name = … for update}, and stays open. */
    Foreign lockRow(String election);

    /** {@code select … from election where name = … for key share}, and stays open. */
    Foreign fenceRow(String election);

    /** {@code lock table election in access exclusive mode}, and stays open. */
    Foreign lockTable();

    /** {@code select … from session where id = … for update}, and stays open. */
    Foreign lockSession(int session);

    /** {@code insert into election (name, xact) values (…, pg_current_xact_id())}, and stays open. */
    Foreign registering(String election);

    /** {@code delete from election where name = …}, and stays open. */
    Foreign deleting(String election);

    /** {@code select request_resignation(…, …)}: asks the leader to resign; returns whether there is one. */
    boolean request(String election, Optional<String> successor);

    /** An administrator ends the server process of a session; returns when it has ended. */
    void kill(int session);

    /** Reads the history of an election, the oldest term first. */
    List<PastTerm> history(String election);

    /** Opens a session and makes its row. */
    default Entered entered() throws SessionException, BusyException {
        return entered(session());
    }

    /** Makes a session's row. */
    default Entered entered(Session session) throws SessionException, BusyException {
        UUID process = UUID.randomUUID();
        return new Entered(session, session.enter(process, LEASE, REFRACTORY), process);
    }

    /** Stands as an ordinary candidate. */
    default Enrolment enrolment(String election, UUID candidate) {
        return new Enrolment(election, candidate, "10.0.0.7:8080", 0, false, "");
    }

    /** Returns what all bids of a session have in common, where the locks of running sessions are not asked for. */
    default BidTerms terms(Entered by) {
        return new BidTerms(by.id(), LEASE, REFRACTORY, false);
    }

    /** Returns the same where they are asked for. */
    default BidTerms termsOnSessionEnd(Entered by) {
        return new BidTerms(by.id(), LEASE, REFRACTORY, true);
    }

    /** Bids once, as an ordinary candidate. */
    default Outcome bid(Entered by, String election, UUID candidate, Grounds grounds)
            throws SessionException, BusyException {
        return by.session().bid(terms(by), List.of(grounds.by(enrolment(election, candidate))));
    }

    /** Returns whether one bid wins. */
    default boolean wins(Entered by, Bid bid) throws SessionException, BusyException {
        return by.session().bid(terms(by), List.of(bid)).won().containsKey(bid.election());
    }

    /** Returns whether an ordinary candidate wins. */
    default boolean wins(Entered by, String election, UUID candidate, Grounds grounds)
            throws SessionException, BusyException {
        return wins(by, grounds.by(enrolment(election, candidate)));
    }

    /** Returns what was answered about an election, which must have been mentioned. */
    default <T> T of(String election, Map<String, T> answers) {
        T answer = answers.get(election);
        assertNotNull(answer, () -> "'" + election + "' is not mentioned in " + answers);
        return answer;
    }

    /** Returns the row, which must be there. */
    default Found seen(Session session, String election) throws SessionException, BusyException {
        return of(election, session.look(List.of(election)).rows());
    }

    /** Returns the version of a row, which must be there, as one that is witnessed. */
    default Version version(Session session, String election) throws SessionException, BusyException {
        Looked looked = session.look(List.of(election));
        return new Version(of(election, looked.rows()).row(), looked.server());
    }

    /** Returns the row, created if it is not there. */
    default Row registered(Session session, String election) throws SessionException, BusyException {
        session.register(List.of(election), LEASE);
        return seen(session, election).row();
    }

    /** Registers the election where that is needed, takes it, which must be possible, and returns the row. */
    default Row elected(Entered by, String election, UUID candidate) throws SessionException, BusyException {
        registered(by.session(), election);
        Version version = version(by.session(), election);
        Outcome outcome =
                bid(by, election, candidate, Grounds.NONE.still(version).insisting(version));
        assertEquals(Set.of(election), outcome.won().keySet());
        return seen(by.session(), election).row();
    }

    /** Returns the leadership that a row tells of. */
    default Held held(String election, Row row) {
        Row.Holder holder = row.holder().orElseThrow();
        return new Held(election, holder.candidate(), row.term(), holder.sessionId());
    }

    /** Returns an ordinary resignation. */
    default Vacation resigned(Held held) {
        return new Vacation(held, Loss.RESIGNED, Optional.empty());
    }

    /** Vacates a row that must be given up by it. */
    default void vacated(Entered by, Held held) throws SessionException, BusyException {
        assertEquals(Set.of(held.election()), by.session().vacate(List.of(resigned(held))));
    }

    /**
     * Returns of which elections a listener has heard by now, and what. Announcements arrive in their order, so that another one, made
     * last, ends the wait.
     */
    default Map<String, News> announced(Listener listener, Session by) throws SessionException {
        by.announce(List.of("the last"));
        Map<String, News> heard = new HashMap<>();
        while (heard.remove("the last") == null) {
            Map<String, News> more = listener.await(Duration.ofSeconds(10));
            assertFalse(more.isEmpty(), () -> "heard only " + heard);
            heard.putAll(more);
        }
        return heard;
    }

    /** Renews, which must be accepted, and returns what others have done. */
    default Disturbance renewed(Entered who) throws SessionException, BusyException {
        Renewal answer = who.session().renew(who.id(), LEASE, false);
        return assertInstanceOf(Renewal.Renewed.class, answer).disturbed();
    }
}
