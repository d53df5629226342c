package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.Session.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * By what every session judges whether an election may be taken: each ground once where it holds, and once where it must not.
 * What only sessions with locks can prove is in {@link SessionLocksContract}. See {@link Session#bid}.
 */
public interface SessionBidContract extends SessionFixture {

    /** Some time that is over. */
    Duration OVER = Duration.ofMillis(-1);

    // Vacant

    @Test
    default void vacatedRow_isTakenAtOnce() throws Exception {
        Entered me = entered();
        Entered other = entered();
        vacated(other, held("orders", elected(other, "orders", OTHER)));

        assertTrue(wins(me, "orders", ME, Grounds.NONE));
    }

    @Test
    default void vacantRow_editedByHand_mustStandStill() throws Exception {
        Entered me = entered();
        vacated(me, held("orders", elected(me, "orders", OTHER)));
        byHand().rewrite("orders");

        takenOnlyOnceItStoodStill(me);
    }

    @Test
    default void rowEmptiedByHand_mustStandStill() throws Exception {
        Entered me = entered();
        elected(entered(), "orders", OTHER);
        byHand().empty("orders");

        takenOnlyOnceItStoodStill(me);
    }

    @Test
    default void vacantRow_ofAnotherTermThanTheReleasedOne_mustStandStill() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", OTHER);
        vacated(me, held("orders", row));
        byHand().setTerm("orders", row.term() + 1);

        takenOnlyOnceItStoodStill(me);
    }

    @Test
    default void vacantRow_ofAnotherHistory_mustStandStill() throws Exception {
        Entered me = entered();
        for (boolean otherTimeline : List.of(true, false)) {
            vacated(me, held("orders", elected(me, "orders", OTHER)));
            Server here = me.session().server();
            byHand().setHistory(
                            "orders",
                            here.systemIdentifier() + (otherTimeline ? 0 : 1),
                            here.timeline() + (otherTimeline ? 1 : 0));

            takenOnlyOnceItStoodStill(me);
            vacated(me, held("orders", seen(me.session(), "orders").row()));
        }
    }

    @Test
    default void rowThatWasDetached_mustStandStill() throws Exception {
        Entered me = entered();
        Entered other = entered();
        Row row = elected(other, "orders", OTHER);
        other.session().detach(List.of(new Vacation(held("orders", row), Loss.EXPIRED, Optional.empty())));

        takenOnlyOnceItStoodStill(me);
    }

    // Standing still

    @Test
    default void versionThatHasChangedSince_didNotStandStill() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().setRemaining(other.id(), OVER);
        Version old = version(me.session(), "orders");

        byHand().raiseBeat(other.id());
        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(old)));

        byHand().setTerm("orders", old.row().term() + 1);
        Version later = version(me.session(), "orders");
        byHand().setProcess(other.id(), UUID.randomUUID());
        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(later)));
        byHand().deleteSession(other.id());
        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(later)));

        Version last = version(me.session(), "orders");
        byHand().give("orders", other.id() + 1000);
        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(last)));
        byHand().give("orders", other.id());
        byHand().setTerm("orders", last.row().term() + 1);
        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(last)));
    }

    @Test
    default void versionSeenOnAnotherServer_didNotStandStill() throws Exception {
        Entered me = entered();
        elected(entered(), "orders", OTHER);
        byHand().empty("orders");
        Version seen = version(me.session(), "orders");
        Server here = seen.seenOn();

        for (Server other : List.of(
                new Server(here.systemIdentifier() + 1, here.timeline(), here.startedAtMicros()),
                new Server(here.systemIdentifier(), here.timeline() + 1, here.startedAtMicros()))) {
            assertFalse(wins(me, "orders", ME, Grounds.NONE.still(new Version(seen.row(), other))));
        }
        assertTrue(wins(me, "orders", ME, Grounds.NONE.still(seen)));
    }

    // The candidate's own

    @Test
    default void rowThatNamesTheCandidate_isTakenByItsClaim_underANewTerm() throws Exception {
        Entered lost = entered();
        Entered me = entered();
        Row row = elected(lost, "orders", ME);

        assertFalse(wins(me, "orders", ME, Grounds.NONE));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.claiming(version(me.session(), "orders"))));

        Row after = seen(me.session(), "orders").row();
        assertTrue(after.term() > row.term(), after::toString);
        assertEquals(me.id(), after.holder().orElseThrow().sessionId());
    }

    @Test
    default void rowThatNamesTheCandidate_byTheSameSession_isTakenByItsClaim() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);

        assertTrue(wins(me, "orders", ME, Grounds.NONE.claiming(version(me.session(), "orders"))));

        assertTrue(seen(me.session(), "orders").row().term() > row.term());
    }

    @Test
    default void claim_ofAVersionThatHasChanged_takesNothing() throws Exception {
        Entered lost = entered();
        Entered me = entered();
        elected(lost, "orders", ME);
        Version seen = version(lost.session(), "orders");
        assertTrue(wins(me, "orders", ME, Grounds.NONE.claiming(seen)));

        assertFalse(wins(lost, "orders", ME, Grounds.NONE.claiming(seen)), "a late claim of an earlier session");
    }

    @Test
    default void rowThatWasPutBack_didNotStandStill() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().empty("orders");
        Version old = version(me.session(), "orders");

        byHand().rewrite("orders");
        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(old)));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.still(version(me.session(), "orders"))));
    }

    @Test
    default void rowThatWasDeletedAndMadeAnew_didNotStandStill() throws Exception {
        Entered me = entered();
        byHand().setServerSince(Duration.ZERO);
        me.session().register(List.of("orders"), LEASE);
        Version old = version(me.session(), "orders");
        byHand().deleteElection("orders");
        me.session().register(List.of("orders"), LEASE);

        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(old)));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.still(version(me.session(), "orders"))));
    }

    @Test
    default void rowThatNamesAnother_isNotTakenByAClaim() throws Exception {
        Entered me = entered();
        Row row = elected(entered(), "orders", OTHER);

        Grounds grounds = Grounds.NONE
                .claiming()
                .former(row.term(), row.holder().orElseThrow().sessionId());
        assertFalse(wins(me, "orders", ME, grounds));
    }

    @Test
    default void claim_onAnEditedRow_needsTheVeryLeadership_orToStandStill() throws Exception {
        Entered lost = entered();
        Entered me = entered();
        Row row = elected(lost, "orders", ME);
        byHand().rewrite("orders");

        claimedOnlyByItsFormerLeader(me, row);
    }

    @Test
    default void claim_inAnotherHistory_needsTheVeryLeadership_orToStandStill() throws Exception {
        Entered lost = entered();
        Entered me = entered();
        Row row = elected(lost, "orders", ME);
        Server here = me.session().server();
        byHand().setHistory("orders", here.systemIdentifier(), here.timeline() + 1);

        claimedOnlyByItsFormerLeader(me, row);
    }

    /** Other hands have put back what it had given up. */
    @Test
    default void claim_whereAnotherHasLedSince_needsToStandStill() throws Exception {
        Entered me = entered();
        Row row = elected(entered(), "orders", ME);
        byHand().rewrite("orders");
        byHand().remember("orders", row.term() + 1, Optional.of(Duration.ofSeconds(1)), "resigned");
        Grounds claims = Grounds.NONE
                .claiming(version(me.session(), "orders"))
                .former(row.term(), row.holder().orElseThrow().sessionId());

        assertFalse(wins(me, "orders", ME, claims));
        assertTrue(wins(me, "orders", ME, claims.still(version(me.session(), "orders"))));
    }

    private void claimedOnlyByItsFormerLeader(Entered me, Row row) throws Exception {
        int session = row.holder().orElseThrow().sessionId();
        Grounds claims = Grounds.NONE.claiming(version(me.session(), "orders"));

        assertFalse(wins(me, "orders", ME, claims));
        assertFalse(wins(me, "orders", ME, claims.former(row.term() - 1, session)));
        assertFalse(wins(me, "orders", ME, claims.former(row.term(), session + 1000)));
        Session.BidTerms onSessionEnd = termsOnSessionEnd(me);
        List<Session.Bid> bids = List.of(claims.former(row.term(), session).by(enrolment("orders", ME)));
        assertEquals(Map.of(), me.session().bid(onSessionEnd, bids).won(), "another may have led since");
        assertTrue(wins(me, "orders", ME, claims.former(row.term(), session)));

        byHand().rewrite("orders");
        assertFalse(wins(me, "orders", ME, Grounds.NONE.claiming(version(me.session(), "orders"))));
        assertTrue(wins(me, "orders", ME, claims.still(version(me.session(), "orders"))));
    }

    @Test
    default void rowHeldByTheBiddersOwnSession_forAnotherCandidate_isNotTaken() throws Exception {
        Entered me = entered();
        elected(me, "orders", OTHER);
        Version version = version(me.session(), "orders");

        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(version).freed(version)));
    }

    @Test
    default void rowHeldByTheBiddersOwnSession_isNotTaken_evenIfTheClockSteppedBack() throws Exception {
        Entered me = entered();
        elected(me, "orders", OTHER);
        byHand().setRemaining(me.id(), LEASE.plusMinutes(1));

        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(version(me.session(), "orders"))));
    }

    // A session that is missing

    @Test
    default void sessionThatIsMissing_mustStandStill() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().deleteSession(other.id());

        takenOnlyOnceItStoodStill(me);
    }

    // The database's clock

    @Test
    default void moreTimeLeftThanTheLease_provesAStepOfTheClock_soThatTheRowMustStandStill() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().setRemaining(other.id(), LEASE.plusMinutes(1));

        takenOnlyOnceItStoodStill(me);
    }

    @Test
    default void moreTimeLeftThanOneOfTheLeases_provesNothing() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().setLease(other.id(), Duration.ofMillis(1));

        Version version = version(me.session(), "orders");
        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(version)));
    }

    // A session that runs

    @Test
    default void sessionThatRuns_isNotOvertaken_evenIfTheRowStoodStill() throws Exception {
        Entered me = entered();
        elected(entered(), "orders", OTHER);
        Version version = version(me.session(), "orders");

        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(version)));
        assertFalse(wins(me, "orders", ME, Grounds.NONE.freed(version)));
    }

    @Test
    default void sessionThatIsOver_whoseLockIsHeldOrNotThere_mustStandStill() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().setRemaining(other.id(), OVER);

        takenOnlyOnceItStoodStill(me);
    }

    @Test
    default void sessionWithoutALock_thatIsOver_mustStandStill() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().setRemaining(other.id(), OVER);
        byHand().setUnlocked(other.id());

        takenOnlyOnceItStoodStill(me);
    }

    // Rows in the way

    @Test
    default void rowsLockedOrFenced_arePassedOver_andTheOthersAreNot() throws Exception {
        Entered me = entered();
        me.session().register(List.of("locked", "fenced", "free"), LEASE);
        lockRow("locked");
        fenceRow("fenced");

        var bids = List.of("locked", "fenced", "free").stream()
                .map(election -> Grounds.NONE.by(enrolment(election, ME)))
                .toList();

        assertEquals(Set.of("free"), me.session().bid(terms(me), bids).won().keySet());
    }

    @Test
    default void electionWithoutARow_isNotTaken() throws Exception {
        assertFalse(wins(entered(), "orders", ME, Grounds.NONE.claiming()));
    }

    private void takenOnlyOnceItStoodStill(Entered me) throws Exception {
        Version version = version(me.session(), "orders");
        assertFalse(wins(me, "orders", ME, Grounds.NONE), "taken without having stood still");
        assertFalse(wins(me, "orders", ME, Grounds.NONE.freed(version)), "taken because a lock was seen free");
        assertTrue(wins(me, "orders", ME, Grounds.NONE.still(version)), "not taken although it stood still");
    }
}
