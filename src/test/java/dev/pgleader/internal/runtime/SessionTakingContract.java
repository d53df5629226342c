package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.BidTerms;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Outcome;
import dev.pgleader.internal.runtime.Session.Won;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every bid writes that wins, and what it leaves alone. See {@link Session#bid}. */
public interface SessionTakingContract extends SessionFixture {

    /** What a front is worth in terms. */
    long FRONT = 1_000_000_000_000L;

    // What is written

    @Test
    default void electionTaken_namesItsHolder() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        Enrolment who = new Enrolment("orders", ME, "10.0.0.9:1", -3, false, "2026.11-rc1 'x'");

        Outcome outcome = me.session().bid(terms(me), List.of(Grounds.NONE.by(who)));

        Won won = of("orders", outcome.won());
        Row row = seen(me.session(), "orders").row();
        Row.Holder holder = row.holder().orElseThrow();
        assertEquals(won.term(), row.term());
        assertEquals(won.electedAt(), holder.electedAt());
        assertEquals(ME, holder.candidate());
        assertEquals("10.0.0.9:1", holder.address());
        assertEquals(-3, holder.priority());
        assertEquals("2026.11-rc1 'x'", holder.version());
        assertEquals(Phase.RECOVERING, holder.phase());
        assertEquals(REFRACTORY, holder.refractory());
        assertEquals(LEASE, row.lease());
        assertEquals(me.id(), holder.sessionId());
        assertTrue(row.ownHand(), row::toString);
        assertTrue(me.session().server().hasHistoryOf(row.writtenOn()), row::toString);
    }

    @Test
    default void bidThatWins_extendsItsSession_forTheLengthOfTheBid() throws Exception {
        Session session = session();
        Entered me =
                new Entered(session, session.enter(new java.util.UUID(7, 7), LEASE.multipliedBy(3), REFRACTORY), ME);
        elected(entered(), "billing", OTHER);
        byHand().give("billing", me.id());
        registered(session, "orders");
        Row.HolderSession before = seen(session, "billing").row().session().orElseThrow();

        Outcome outcome = bid(me, "orders", ME, Grounds.NONE);

        Row.HolderSession row = seen(session, "orders").row().session().orElseThrow();
        assertEquals(before.beat() + 1, row.beat());
        assertTrue(row.ownHand(), row::toString);
        assertEquals(LEASE, row.lease());
        assertEquals(Optional.of(row.expiresAt()), outcome.expiresAt());
        Duration left = seen(session, "orders").remaining();
        assertTrue(left.compareTo(LEASE) <= 0 && left.compareTo(LEASE.minusMinutes(1)) > 0, left::toString);
    }

    @Test
    default void bidThatLoses_leavesItsSessionAlone() throws Exception {
        Entered me = entered();
        elected(me, "mine", ME);
        elected(entered(), "orders", OTHER);
        Row before = seen(me.session(), "mine").row();

        Outcome outcome = bid(me, "orders", ME, Grounds.NONE);

        assertEquals(Map.of(), outcome.won());
        assertEquals(Optional.empty(), outcome.expiresAt());
        assertEquals(before, seen(me.session(), "mine").row());
    }

    @Test
    default void sessionThatIsOver_winsNothing_andSeesTheRows() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));

        Outcome outcome = bid(me, "orders", ME, Grounds.NONE);

        assertEquals(Map.of(), outcome.won());
        assertTrue(of("orders", outcome.seen().rows()).row().holder().isEmpty());
        assertTrue(seen(me.session(), "orders").row().holder().isEmpty());
    }

    @Test
    default void sessionWithoutARow_orOfAnotherProcess_winsNothing() throws Exception {
        Entered gone = entered();
        Entered other = entered();
        registered(gone.session(), "orders");
        byHand().deleteSession(gone.id());
        byHand().setProcess(other.id(), new java.util.UUID(9, 9));

        assertFalse(wins(gone, "orders", ME, Grounds.NONE.still(version(gone.session(), "orders"))));
        assertFalse(wins(other, "orders", ME, Grounds.NONE.still(version(other.session(), "orders"))));
    }

    @Test
    default void bidderWhoseSessionIsLocked_winsNothing_andDoesNotWait() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");

        Foreign locker = lockSession(me.id());
        assertFalse(wins(me, "orders", ME, Grounds.NONE));
        locker.end();

        assertTrue(wins(me, "orders", ME, Grounds.NONE));
    }

    @Test
    default void outcome_showsEveryRow_asItWasWhenItWasJudged() throws Exception {
        Entered me = entered();
        Row led = elected(entered(), "led", OTHER);
        Row free = registered(me.session(), "free");

        Outcome outcome = me.session()
                .bid(
                        terms(me),
                        List.of(
                                Grounds.NONE.by(enrolment("led", ME)),
                                Grounds.NONE.by(enrolment("free", ME)),
                                Grounds.NONE.by(enrolment("unknown", ME))));

        assertEquals(Set.of("led", "free"), outcome.seen().rows().keySet());
        assertEquals(led, of("led", outcome.seen().rows()).row());
        assertEquals(free, of("free", outcome.seen().rows()).row());
        Duration left = of("led", outcome.seen().rows()).remaining();
        assertTrue(left.compareTo(LEASE) <= 0 && left.compareTo(LEASE.minusMinutes(1)) > 0, left::toString);
        assertEquals(me.session().server(), outcome.seen().server());
        assertEquals(Set.of("free"), outcome.won().keySet());
    }

    @Test
    default void timeOfTheDatabase_comesWithEveryLook() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");

        long before = me.session().look(List.of()).micros();
        long between = bid(me, "orders", ME, Grounds.NONE).seen().micros();
        long after = me.session().watch(List.of("orders")).micros();

        assertTrue(before <= between && between <= after, before + " " + between + " " + after);
        Row.Holder holder = seen(me.session(), "orders").row().holder().orElseThrow();
        long elected = java.time.temporal.ChronoUnit.MICROS.between(java.time.Instant.EPOCH, holder.electedAt());
        assertTrue(between <= elected && elected <= after, before + " " + elected + " " + after);
    }

    @Test
    default void oneElection_bidForTwice_hasOneWinner() throws Exception {
        Entered one = entered();
        Entered other = entered();
        registered(one.session(), "orders");

        assertTrue(wins(one, "orders", ME, Grounds.NONE));
        assertFalse(wins(other, "orders", OTHER, Grounds.NONE));
    }

    @Test
    default void moreBidsThanOneStatementMayHave_areAnError() throws Exception {
        Entered me = entered();
        List<Bid> bids = IntStream.rangeClosed(0, Session.MOST_BIDS)
                .mapToObj(each -> Grounds.NONE.by(enrolment("election " + each, ME)))
                .toList();

        assertThrows(IllegalArgumentException.class, () -> me.session().bid(terms(me), bids));
    }

    // The order in which candidates go

    @Test
    default void betterRival_isLetGoFirst_unlessTheCandidateInsists() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        me.session().enroll(me.id(), List.of(new Enrolment("orders", OTHER, "there", 1, false, "")));

        assertFalse(wins(me, "orders", ME, Grounds.NONE));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.insisting(version(me.session(), "orders"))));
    }

    @Test
    default void whoInsists_doesSoForTheVersionThatItSaw() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        me.session().enroll(me.id(), List.of(new Enrolment("orders", OTHER, "there", 1, false, "")));
        Session.Version old = version(me.session(), "orders");
        Row row = elected(entered(), "orders", OTHER);
        me.session()
                .vacate(List.of(new Session.Vacation(
                        held("orders", row), dev.pgleader.internal.election.Loss.RESIGNED, Optional.empty())));
        me.session().enroll(me.id(), List.of(new Enrolment("orders", new java.util.UUID(0, 3), "there", 1, false, "")));

        assertFalse(wins(me, "orders", ME, Grounds.NONE.insisting(old)));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.insisting(version(me.session(), "orders"))));
    }

    @Test
    default void equalRival_isNotLetGoFirst() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        me.session().enroll(me.id(), List.of(new Enrolment("orders", OTHER, "there", 0, false, "")));

        assertTrue(wins(me, "orders", ME, Grounds.NONE));
    }

    @Test
    default void ownRow_isClaimedAlsoByThoseWhoAreNotTheBest() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        me.session().enroll(me.id(), List.of(new Enrolment("orders", OTHER, "there", 9, false, "")));

        assertTrue(wins(me, "orders", ME, Grounds.NONE.claiming(version(me.session(), "orders"))));
    }

    @Test
    default void successor_takesWhatWasHandedOver_andOthersLetItGoFirst() throws Exception {
        for (String successor : List.of(OTHER.toString(), "there")) {
            Entered me = entered();
            me.session().enroll(me.id(), List.of(new Enrolment(successor, OTHER, "there", 0, false, "")));
            Row row = elected(me, successor, ME);
            me.session()
                    .vacate(List.of(new Session.Vacation(
                            held(successor, row),
                            dev.pgleader.internal.election.Loss.HANDED_OVER,
                            Optional.of(successor))));

            Enrolment best = new Enrolment(successor, new java.util.UUID(0, 3), "elsewhere", 9, false, "");
            assertFalse(wins(me, Grounds.NONE.by(best)));
            Enrolment named = new Enrolment(successor, OTHER, "there", 0, false, "");
            assertTrue(wins(me, Grounds.NONE.notBefore(row.term()).by(named)));
        }
    }

    @Test
    default void candidateThatWaitsForALaterTerm_leavesTheRowUntilThen() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        vacated(me, held("orders", row));

        assertFalse(wins(me, "orders", ME, Grounds.NONE.notBefore(row.term())));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.notBefore(row.term() - 1)));
    }

    // Terms

    @Test
    default void term_growsWithEachTaking_andHasTheFrontBeforeIt() throws Exception {
        Entered me = entered();
        int front = me.session().server().timeline();
        Row first = elected(me, "orders", ME);
        vacated(me, held("orders", first));

        Row second = elected(me, "orders", OTHER);

        assertEquals(front, first.term() / FRONT);
        assertTrue(second.term() > first.term(), second::toString);
    }

    @Test
    default void term_isAboveTheRows() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        vacated(me, held("orders", row));
        long far = row.term() + 7 * FRONT;
        byHand().setTerm("orders", far);

        assertEquals(far + 1, elected(me, "orders", ME).term());
    }

    @Test
    default void term_ofARowThatWasDeleted_isAboveItsHistory() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        long far = row.term() + 7 * FRONT;
        byHand().remember("orders", far, Optional.of(LEASE.multipliedBy(3)), "resigned");
        byHand().deleteElection("orders");

        assertEquals(far + 1, elected(me, "orders", OTHER).term());
    }

    @Test
    default void term_isAboveTheHighestFrontThatWasEverSeen() throws Exception {
        Entered me = entered();
        byHand().setFront(77);

        assertEquals(77, elected(me, "orders", ME).term() / FRONT);
    }

    @Test
    default void rowBeyondTheLargestTerm_isTakenByNobody_andTheOthersAre() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        registered(me.session(), "free");
        byHand().setTerm("orders", Row.LARGEST_TERM);

        Outcome outcome = me.session()
                .bid(
                        terms(me),
                        List.of(
                                Grounds.NONE
                                        .claiming(version(me.session(), "orders"))
                                        .by(enrolment("orders", ME)),
                                Grounds.NONE.by(enrolment("free", ME))));

        assertEquals(Set.of("free"), outcome.won().keySet());
        assertEquals(Row.LARGEST_TERM, of("orders", outcome.seen().rows()).row().term());
    }

    // History

    @Test
    default void history_hasEachTerm_andHowItEnded() throws Exception {
        Entered me = entered();
        Row first = elected(me, "orders", ME);
        vacated(me, held("orders", first));
        Row second = elected(me, "orders", ME);
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));
        Row third = elected(entered(), "orders", OTHER);
        byHand().deleteElection("orders");

        assertEquals(
                List.of(
                        new PastTerm(first.term(), ME, Optional.of("resigned")),
                        new PastTerm(second.term(), ME, Optional.of("expired")),
                        new PastTerm(third.term(), OTHER, Optional.of("removed"))),
                history("orders"));
    }

    @Test
    default void termsThatATruncationLeftOpen_areClosedByTheNextTaking() throws Exception {
        Entered me = entered();
        Row first = elected(me, "orders", ME);
        byHand().truncateElections();
        assertEquals(List.of(new PastTerm(first.term(), ME, Optional.empty())), history("orders"));

        Row second = elected(me, "orders", OTHER);

        assertEquals(
                List.of(first.term(), second.term()),
                history("orders").stream().map(PastTerm::term).toList());
        assertTrue(history("orders").get(0).ending().isPresent());
        assertEquals(
                new PastTerm(second.term(), OTHER, Optional.empty()),
                history("orders").get(1));
    }

    @Test
    default void history_keepsAsManyTermsAsTheWinnerSays() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        for (int i = 0; i < 4; i++) {
            Bid plain = Grounds.NONE.claiming(version(me.session(), "orders")).by(enrolment("orders", ME));
            Bid few = new Bid(
                    plain.who(),
                    2,
                    plain.seen(),
                    plain.stoodStill(),
                    plain.freed(),
                    plain.former(),
                    plain.claims(),
                    plain.trustsClockUntil(),
                    plain.insists(),
                    plain.notBefore());
            assertTrue(wins(me, few));
        }

        assertEquals(2, history("orders").size());
    }

    // Its length

    @Test
    default void severalBidders_haveLeasesOfTheirOwn() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        BidTerms shorter = new BidTerms(me.id(), LEASE.dividedBy(2), REFRACTORY.dividedBy(2), false);

        me.session().bid(shorter, List.of(Grounds.NONE.by(enrolment("orders", ME))));

        Found found = seen(me.session(), "orders");
        assertEquals(LEASE.dividedBy(2), found.row().lease());
        assertEquals(REFRACTORY.dividedBy(2), found.row().holder().orElseThrow().refractory());
        assertTrue(found.remaining().compareTo(LEASE.dividedBy(2)) <= 0, found::toString);
    }
}
