package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Found;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every session keeps to when it takes elections: see {@link Session}. */
public interface SessionTakingContract extends SessionFixture {

    /** What a timeline is worth in terms. */
    long TIMELINE = 1_000_000_000_000L;

    // Taking

    @Test
    default void vacantElection_taken_namesItsHolder() throws Exception {
        Session session = session();
        Row before = registered(session, "orders");

        Found taken = of("orders", session.take(List.of(bid(session, "orders", ME, before))));

        assertEquals(taken.row(), seen(session, "orders").row());
        assertEquals(before.lockId(), taken.row().lockId());
        assertNotEquals(before.beat(), taken.row().beat());
        Row.Holder holder = taken.row().holder().orElseThrow();
        assertEquals(ME, holder.candidate());
        assertEquals("10.0.0.7:8080", holder.address());
        assertEquals(Phase.RECOVERING, holder.phase());
        assertEquals(LEASE, holder.lease());
        assertEquals(REFRACTORY, holder.refractory());
        assertEquals(session.server(), taken.row().writtenOn());
        assertTrue(taken.remaining().compareTo(LEASE) <= 0, taken::toString);
        assertTrue(taken.remaining().compareTo(LEASE.minusMinutes(1)) > 0, taken::toString);
    }

    @Test
    default void changedRow_takenByItsOldVersion_isNotTaken() throws Exception {
        Session session = session();
        Row vacant = registered(session, "orders");
        Row first = elected(session, "orders", ME);
        beaten(session, "orders", ME, first.term());

        assertEquals(Map.of(), session.take(List.of(bid(session, "orders", OTHER, vacant))));
        assertEquals(Map.of(), session.take(List.of(bid(session, "orders", OTHER, first))));

        assertEquals(ME, seen(session, "orders").row().holder().orElseThrow().candidate());
    }

    @Test
    default void row_seenOnAnotherTimelineOrCluster_isNotTaken() throws Exception {
        Session session = session();
        Row vacant = registered(session, "orders");
        Server here = session.server();

        for (Server other : List.of(
                new Server(here.systemIdentifier(), here.timeline() - 1, here.startedAtMicros()),
                new Server(here.systemIdentifier() - 1, here.timeline(), here.startedAtMicros()))) {
            Bid right = bid(session, "orders", ME, vacant);
            Bid wrong =
                    new Bid(right.who(), right.lease(), right.refractory(), right.termsKept(), right.claim(), other);
            assertEquals(Map.of(), session.take(List.of(wrong)));
        }

        assertEquals(vacant, seen(session, "orders").row());
    }

    @Test
    default void sameBeat_ofAnotherTerm_isNotTaken() throws Exception {
        Session session = session();
        Row before = elected(session, "orders", ME);
        rewrite(
                "orders",
                before.term() + 1,
                session.server().systemIdentifier(),
                session.server().timeline());

        assertEquals(Map.of(), session.take(List.of(bid(session, "orders", OTHER, before))));
    }

    @Test
    default void vacantElection_takenAsVacant_isTaken() throws Exception {
        Session session = session();
        Row vacant = registered(session, "orders");

        Map<String, Found> taken = session.take(List.of(bid(session, "orders", ME, vacant, Claim.Basis.VACANT)));

        assertEquals(Set.of("orders"), taken.keySet());
    }

    @Test
    default void oneVersion_takenTwice_hasOneWinner() throws Exception {
        Session one = session();
        Session other = session();
        Row vacant = registered(one, "orders");

        assertEquals(
                Set.of("orders"),
                one.take(List.of(bid(one, "orders", ME, vacant))).keySet());

        assertEquals(Map.of(), other.take(List.of(bid(other, "orders", OTHER, vacant))));
    }

    @Test
    default void runningLease_takenAsIfItWereOver_isNotTaken() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);

        for (Claim.Basis basis : List.of(Claim.Basis.VACANT, Claim.Basis.LEASE_OVER)) {
            assertEquals(Map.of(), session.take(List.of(bid(session, "orders", OTHER, held, basis))));
        }

        assertEquals(held, seen(session, "orders").row());
    }

    @Test
    default void runningLease_takenByAClaimThatMayPrecedeItsEnd_isTaken() throws Exception {
        for (Claim.Basis basis : List.of(Claim.Basis.STOOD_STILL, Claim.Basis.SESSION_ENDED)) {
            Session session = session();
            Row held = elected(session, basis.name(), ME);

            Map<String, Found> taken = session.take(List.of(bid(session, basis.name(), OTHER, held, basis)));

            assertEquals(held.term() + 1, of(basis.name(), taken).row().term());
        }
    }

    @Test
    default void leaseThatIsOver_taken_hasANewHolder() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);
        letLeasesRunOut();

        session.take(List.of(bid(session, "orders", OTHER, held, Claim.Basis.LEASE_OVER)));

        Row.Holder holder = seen(session, "orders").row().holder().orElseThrow();
        assertEquals(OTHER, holder.candidate());
    }

    @Test
    default void rowLockedOrFenced_taken_isPassedOverAndTheOthersAreNot() throws Exception {
        Session session = session();
        Row locked = registered(session, "locked");
        Row fenced = registered(session, "fenced");
        Row free = registered(session, "free");

        lockRow("locked");
        fenceRow("fenced");

        Map<String, Found> taken = session.take(List.of(
                bid(session, "locked", ME, locked),
                bid(session, "fenced", ME, fenced),
                bid(session, "free", ME, free)));

        assertEquals(Set.of("free"), taken.keySet());
    }

    // Terms

    @Test
    default void firstTerm_has_theTimelineInFront() throws Exception {
        Session session = session();

        Row taken = elected(session, "orders", ME);

        assertEquals(session.server().timeline() * TIMELINE + 1, taken.term());
    }

    @Test
    default void nextTerm_onTheSameServer_isOneMore() throws Exception {
        Session session = session();
        Row first = elected(session, "orders", ME);
        vacated(session, "orders", ME, first.term());

        Row second = elected(session, "orders", OTHER);

        assertEquals(first.term() + 1, second.term());
    }

    @Test
    default void termOfAnotherServer_orTimeline_isLeftBehindForEver() throws Exception {
        Session session = session();
        long here = session.server().systemIdentifier();
        int timeline = session.server().timeline();
        registered(session, "orders");

        rewrite("orders", 7 * TIMELINE + 41, here, timeline);
        assertEquals(7 * TIMELINE + 42, elected(session, "orders", ME).term());

        rewrite("orders", 7 * TIMELINE + 41, here + 1, timeline);
        assertTrue(elected(session, "orders", ME).term() > 8 * TIMELINE);

        rewrite("orders", 7 * TIMELINE + 41, here, timeline + 5);
        assertTrue(elected(session, "orders", ME).term() > 8 * TIMELINE);
    }

    @Test
    default void termOfAnEarlierTimeline_isLeftBehindByAsManyAsLieBetween() throws Exception {
        Session session = session();
        int timeline = session.server().timeline();
        registered(session, "orders");
        rewrite("orders", 7 * TIMELINE + 41, session.server().systemIdentifier(), timeline - 2);

        assertEquals(9 * TIMELINE + 1, elected(session, "orders", ME).term());
    }
}
