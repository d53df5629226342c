package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Beat;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Holding;
import dev.pgleader.internal.runtime.Session.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a contract test of sessions needs from whatever database stands behind them. */
public interface SessionFixture {

    /** The lease of every bid here: longer than any test takes, so that none runs out by itself. */
    Duration LEASE = Duration.ofMinutes(5);

    /** The refractory period of every bid here. */
    Duration REFRACTORY = Duration.ofMillis(1500);

    /** Who stands. */
    UUID ME = UUID.fromString("00000000-0000-4000-8000-000000000001");

    /** Who else stands. */
    UUID OTHER = UUID.fromString("00000000-0000-4000-8000-000000000002");

    /** A transaction of somebody outside the library, with the locks that it holds; ends with the test at the latest. */
    interface Foreign {
        /** Ends the transaction. */
        void end();
    }

    /** Opens a session, which the fixture closes after the test. */
    Session session() throws SessionException;

    /** Opens a session of a role that may only watch, which the fixture closes after the test. */
    Session onlookersSession() throws SessionException;

    /** Opens a listener, which the fixture closes after the test. */
    Listener listener() throws SessionException;

    /** Moves every lease into the past. */
    void letLeasesRunOut();

    /** Another transaction holds a row for itself. */
    Foreign lockRow(String election);

    /** Another transaction has fenced itself on a row. */
    Foreign fenceRow(String election);

    /** Another transaction holds the whole table for itself. */
    Foreign lockTable();

    /** Somebody asks the leader to resign, as the SQL function does; returns whether anybody leads. */
    boolean request(String election, Optional<String> successor);

    /** An administrator ends a session. */
    void kill(Row.Backend backend);

    /** Makes a row say that its newest term was taken elsewhere. */
    void rewrite(String election, long term, long systemIdentifier, int timeline);

    /** Takes the row as it is, whoever holds it and however long. */
    default Bid bid(Session session, String election, UUID candidate, Row row) {
        return bid(session, election, candidate, row, Claim.Basis.STOOD_STILL);
    }

    /** Stands as an ordinary candidate. */
    default Enrolment enrolment(String election, UUID candidate) {
        return new Enrolment(election, candidate, "10.0.0.7:8080", 0, false, "");
    }

    /** Bids on some basis. */
    default Bid bid(Session session, String election, UUID candidate, Row row, Claim.Basis basis) {
        return new Bid(
                enrolment(election, candidate), LEASE, REFRACTORY, 1000, new Claim(basis, row), session.server());
    }

    /** Returns what was answered about an election, which must have been mentioned. */
    default <T> T of(String election, Map<String, T> answers) {
        T answer = answers.get(election);
        assertNotNull(answer, () -> "'" + election + "' is not mentioned in " + answers);
        return answer;
    }

    /** Returns the row, which must be there. */
    default Found seen(Session session, String election) throws SessionException, BusyException {
        return of(election, session.look(List.of(election)));
    }

    /** Returns the row, created if it is not there. */
    default Row registered(Session session, String election) throws SessionException, BusyException {
        session.register(List.of(election));
        return seen(session, election).row();
    }

    /** Takes the election, which must be possible, and returns the row. */
    default Row elected(Session session, String election, UUID candidate) throws SessionException, BusyException {
        Row row = registered(session, election);
        return of(election, session.take(List.of(bid(session, election, candidate, row))))
                .row();
    }

    /** Sends one heartbeat and returns what became of it. */
    default Renewal beat(Session session, String election, UUID candidate, long term, Phase phase)
            throws SessionException, BusyException {
        return of(election, session.heartbeat(List.of(new Beat(election, candidate, term, phase))));
    }

    /** Sends one heartbeat that must be accepted. */
    default void beaten(Session session, String election, UUID candidate, long term)
            throws SessionException, BusyException {
        assertInstanceOf(Renewal.Renewed.class, beat(session, election, candidate, term, Phase.LEADING));
    }

    /** Vacates a row that must be given up by it. */
    default void vacated(Session session, String election, UUID candidate, long term)
            throws SessionException, BusyException {
        assertEquals(
                Set.of(election),
                session.vacate(List.of(new Holding(election, candidate, term, Loss.RESIGNED, Optional.empty()))));
    }

    /** Tries for one lock. */
    default boolean locks(Session session, String election, int lockId) throws SessionException, BusyException {
        return session.tryLock(Map.of(election, lockId)).contains(election);
    }
}
