package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_NEVER_LEADING;
import static dev.pgleader.internal.election.Examples.ME_ON_SESSION_END;
import static dev.pgleader.internal.election.Examples.MY_SESSION;
import static dev.pgleader.internal.election.Examples.PROMOTED;
import static dev.pgleader.internal.election.Examples.RETRY;
import static dev.pgleader.internal.election.Examples.STILL;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.byOtherHands;
import static dev.pgleader.internal.election.Examples.detachedRow;
import static dev.pgleader.internal.election.Examples.following;
import static dev.pgleader.internal.election.Examples.look;
import static dev.pgleader.internal.election.Examples.myRow;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.tenure;
import static dev.pgleader.internal.election.Examples.vacantBeside;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.vacatedFor;
import static dev.pgleader.internal.election.Examples.withLock;
import static dev.pgleader.internal.election.Examples.withRefractory;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a candidate that does not lead bids, with what, and when it wakes to try again. */
class FollowingTest {

    private static final Reading NOW = atMillis(0);
    private static final Duration OVER = Duration.ZERO;
    private static final HoldBack RESIGNED = HoldBack.afterResigning(ME, TERM, NOW);
    private static final Following FRESH = following(Evidence.NONE, HoldBack.none(NOW));

    // What leads to a bid

    @Test
    void rowThatMayBeTaken_isBidFor_withWhatWasSeen() {
        Sighting seen = sighting(vacantRow(), HERE, OVER, NOW);

        Command.Bid bid = bidOf(FRESH.looked(ME, seen));

        Evidence known = Evidence.NONE.after(ME, seen).ripeSince(Optional.of(NOW));
        assertEquals(new Command.Bid(known, true, HoldBack.none(NOW)), bid);
    }

    /** One round trip: the database judges whether the row may be taken. */
    @Test
    void vacancyAnnounced_isAnsweredByABidAndNotByALook() {
        assertEquals(
                new Command.Bid(Evidence.NONE, true, HoldBack.none(NOW)),
                bidOf(FRESH.announced(ME, News.VACATED, NOW)));
        assertEquals(
                List.of(new Command.Look()),
                FRESH.announced(ME_NEVER_LEADING, News.VACATED, NOW).commands());
    }

    /** A thousand candidates that have lost a row to one of them are told twice by the winner. */
    @Test
    void otherNews_isAnsweredByALook_evenOfARowThatMayBeTaken() {
        assertEquals(
                List.of(new Command.Look()),
                FRESH.announced(ME, News.CHANGED, NOW).commands());
        State outrun = FRESH.bidLost(ME, sighting(vacantRow(), HERE, OVER, NOW)).next();
        assertEquals(
                List.of(new Command.Look()),
                outrun.announced(ME, News.CHANGED, atMillis(1)).commands());
    }

    /** It is told of its own resignation as well. */
    @Test
    void vacancyAnnounced_whileThisCandidateHoldsBack_isLeftToOthers_untilItHasSeenOneOfThem() {
        State resigned = following(Evidence.NONE, RESIGNED);
        assertEquals(Step.to(resigned), resigned.announced(ME, News.VACATED, NOW));

        State succeeded = resigned.looked(ME, sighting(rowOfAnother(), HERE, LEASE, atMillis(1)))
                .next();
        bidOf(succeeded.announced(ME, News.VACATED, atMillis(2)));
        bidOf(resigned.announced(ME, News.VACATED, RESIGNED.until()));
    }

    @Test
    void leaseThatEnds_isBidForThen() {
        Step waiting = FRESH.looked(ME, sighting(rowOfAnother(), HERE, LEASE, NOW));
        assertEquals(List.of(), waiting.commands());
        Reading wake = waiting.next().wakesAt().orElseThrow();
        assertEquals(NOW.plus(LEASE), wake);

        bidOf(waiting.next().ticked(ME, wake));
    }

    /** Only a bid asks for locks. */
    @Test
    void routineLook_onSessionEnd_isABid() {
        assertEquals(List.of(new Command.Look()), FRESH.lookDue(ME, NOW).commands());
        bidOf(FRESH.lookDue(ME_ON_SESSION_END, NOW));
    }

    @Test
    void candidateThatNeverLeads_onlyLooks() {
        Candidate never =
                new Candidate(ME.id(), ME.address(), ME_NEVER_LEADING.preference(), ME_ON_SESSION_END.timings());

        assertEquals(List.of(new Command.Look()), FRESH.lookDue(never, NOW).commands());
        for (Row row : List.of(vacantRow(), rowOfAnother(), vacatedFor(never))) {
            Step step = FRESH.looked(never, sighting(row, HERE, OVER, NOW));
            assertEquals(List.of(), step.commands());
            assertEquals(Optional.empty(), step.next().wakesAt());
        }
    }

    // Bids that are lost

    /** It was lost to a lock on the row, or to another judgement: at once would be in vain, and for ever. */
    @Test
    void bidLost_forARowThatSeemsFree_isTriedAgainSoon_andThenSlower() {
        State state = FRESH;
        Reading now = NOW;
        Duration longest = Duration.ZERO;
        for (int tries = 0; tries < 20; tries++) {
            Step step = state.bidLost(ME, sighting(vacantRow(), HERE, OVER, now));
            assertEquals(List.of(), step.commands());
            Reading wake = step.next().wakesAt().orElseThrow();
            Duration pause = wake.since(now);
            assertTrue(pause.compareTo(longest) >= 0, pause.toString());
            longest = pause;
            Step tick = step.next().ticked(ME, wake);
            bidOf(tick);
            state = tick.next();
            now = wake;
        }
        assertEquals(RETRY.multipliedBy(2), longest);
    }

    @Test
    void bidLost_toALeaseThatRuns_waitsForItsEnd() {
        Step step = FRESH.bidLost(ME, sighting(rowOfAnother(), HERE, LEASE, NOW));

        assertEquals(List.of(), step.commands());
        assertEquals(Optional.of(NOW.plus(LEASE)), step.next().wakesAt());
    }

    @Test
    void bidLost_toAStuckServerProcess_isWonWhenTheRowHasStoodStill() {
        Sighting first = withLock(sighting(rowOfAnother(), HERE, OVER, NOW), false);
        Step step = FRESH.bidLost(ME, first);
        assertEquals(Optional.of(NOW.plus(Patience.GRACE)), step.next().wakesAt());

        Reading proven = NOW.plus(STILL);
        Sighting later = withLock(sighting(rowOfAnother(), HERE, OVER, proven.plus(Duration.ofMillis(-1))), false);
        Step last = step.next().bidLost(ME, later);
        assertEquals(Optional.of(proven), last.next().wakesAt());
        Command.Bid bid = bidOf(last.next().ticked(ME, proven));
        assertTrue(bid.evidence().vigil().orElseThrow().isOver(proven));
    }

    /** The bid itself has found the lock free. Where the work needs no time to stop, it need not be waited for either. */
    @Test
    void bidLost_thatFoundALockFreeWhichNeedsNoWait_isMadeOnceMoreAtOnce_andOnlyOnce() {
        Sighting ended = withLock(sighting(withRefractory(rowOfAnother(), Duration.ZERO), HERE, LEASE, NOW), true);

        Step first = FRESH.bidLost(ME_ON_SESSION_END, ended);
        Command.Bid bid = bidOf(first);
        assertTrue(bid.evidence().freed().orElseThrow().isOver(NOW));

        Step second = first.next().bidLost(ME_ON_SESSION_END, ended);
        assertEquals(List.of(), second.commands());
        assertEquals(Optional.of(NOW.plus(Patience.GRACE)), second.next().wakesAt());
        Sighting live = withLock(sighting(rowOfAnother(), HERE, LEASE, NOW), true);
        assertEquals(List.of(), FRESH.bidLost(ME_ON_SESSION_END, live).commands());
    }

    // Bids that could not be made

    @Test
    void bidThatCouldNotBeMade_isTriedAgainSoon() {
        Step step = FRESH.notNow(ME, NOW);

        assertEquals(List.of(), step.commands());
        assertEquals(Optional.of(NOW.plus(Patience.GRACE)), step.next().wakesAt());
    }

    @Test
    void bidThatCannotBeMadeForLong_isTriedSlowerAndSlower_untilAnAnswerComes() {
        State state = FRESH;
        Reading now = NOW;
        for (int tries = 0; tries < 20; tries++) {
            State refused = state.notNow(ME, now).next();
            now = refused.wakesAt().orElseThrow();
            Step tick = refused.ticked(ME, now);
            bidOf(tick);
            state = tick.next();
        }
        Reading last = state.notNow(ME, now).next().wakesAt().orElseThrow();
        assertEquals(RETRY.multipliedBy(2), last.since(now));

        State answered =
                state.bidLost(ME, sighting(rowOfAnother(), HERE, LEASE, now)).next();
        assertEquals(
                Optional.of(now.plus(Patience.GRACE)),
                answered.notNow(ME, now).next().wakesAt());
    }

    // What is won

    @Test
    void taken_startsTheWorkAndAnnouncesIt() {
        Sighting before = sighting(vacantRow(), HERE, OVER, NOW);

        Step step = FRESH.taken(ME, before, MY_SESSION, TERM + 1, atMillis(100));

        Tenure tenure = Tenure.from(ME, MY_SESSION, TERM + 1, NOW, 0);
        assertEquals(
                Step.to(new Recovering(tenure), new Command.StartWork(tenure, Basis.VACANT), new Command.Announce()),
                step);
    }

    /** Such a leadership never begins; what was taken is given up, and may be claimed. */
    @Test
    void taken_byAnAnswerThatComesAfterTheTrustItGives_isVacated() {
        Sighting before = look(vacantRow(), HERE, OVER, NOW, atMillis(3465));

        Step step = FRESH.taken(ME, before, MY_SESSION, TERM + 1, atMillis(3465));

        assertInstanceOf(Vacating.class, step.next());
        assertEquals(
                List.of(new Command.Vacate(TERM + 1, MY_SESSION, Loss.EXPIRED, Optional.empty())), step.commands());
    }

    @Test
    void taken_afterFailures_remembersThem() {
        Following failed = Following.holdingBack(HoldBack.none(NOW), 3);

        Step step = failed.taken(ME, sighting(vacantRow(), HERE, OVER, NOW), MY_SESSION, TERM + 1, NOW);

        assertEquals(3, ((Recovering) step.next()).tenure().failures());
    }

    // Its own row

    /** Its session or its answer was lost: a new leadership, under a new term, without waiting. */
    @Test
    void rowThatNamesThisCandidate_isClaimed() {
        Command.Bid bid = bidOf(FRESH.looked(ME, sighting(myRow(TERM), HERE, LEASE, NOW)));

        assertTrue(bid.claims());
    }

    @Test
    void formerLeadership_isClaimedWithoutALook_andOnAPromotedStandbyWhileItsLeaseRuns() {
        Following former = Following.after(Optional.of(tenure().former(ME)), NOW);
        assertEquals(
                Optional.of(tenure().former(ME)),
                bidOf(former.announced(ME, News.VACATED, NOW)).evidence().former());

        Command.Bid bid = bidOf(former.looked(ME, sighting(myRow(TERM), PROMOTED, LEASE, atMillis(1000))));
        assertTrue(bid.claims());
        assertEquals(Optional.of(tenure().former(ME)), bid.evidence().former());
    }

    /** What it resigned it does not claim: the emptying of the row was lost, and is done once more. */
    @Test
    void rowThatNamesThisCandidate_whileItHoldsBack_isGivenUp() {
        Following resigned = following(Evidence.NONE, RESIGNED);
        Step step = resigned.looked(ME, sighting(myRow(TERM), HERE, LEASE, NOW));
        assertEquals(
                List.of(new Command.Vacate(TERM, MY_SESSION, Loss.SESSION_LOST, Optional.empty())), step.commands());
        assertFalse(bidOf(resigned.bidding(ME, NOW)).claims());

        assertEquals(List.of(new Command.Look()), step.next().vacated(ME, NOW).commands());
        Step refused = step.next().vacateRefused(ME, atMillis(400));
        assertEquals(Optional.of(atMillis(800)), refused.next().wakesAt());
    }

    @Test
    void rowThatNamesACandidateThatNeverLeads_isGivenUp() {
        Step step = FRESH.looked(ME_NEVER_LEADING, sighting(myRow(TERM), HERE, LEASE, NOW));

        assertEquals(
                List.of(new Command.Vacate(TERM, MY_SESSION, Loss.SESSION_LOST, Optional.empty())), step.commands());
    }

    /** This process's own session lives on for other elections: while it does, no other candidate could take the row. */
    @Test
    void rowThatNamesTheSessionOfThisProcess_byOtherHands_isDetached() {
        for (Row row : List.of(byOtherHands(myRow(TERM)), byOtherHands(rowOfAnother()), rowOfAnother())) {
            Row.Holder named = row.holder().orElseThrow();
            Command detach = new Command.Detach(TERM, named.sessionId(), Loss.DEPOSED, Optional.of(named.candidate()));
            Sighting seen = byOwnSession(sighting(row, HERE, LEASE, NOW));

            for (Candidate me : List.of(ME, ME_ON_SESSION_END, ME_NEVER_LEADING)) {
                assertEquals(List.of(detach), FRESH.looked(me, seen).commands());
                assertEquals(List.of(detach), FRESH.bidLost(me, seen).commands());
            }
        }
    }

    @Test
    void rowThatNamesThisCandidateAndItsSession_byTheLibrarysHand_isClaimed() {
        bidOf(FRESH.looked(ME, byOwnSession(sighting(myRow(TERM), HERE, LEASE, NOW))));
    }

    private static Sighting byOwnSession(Sighting seen) {
        return new Sighting(seen.row(), seen.time(), seen.remaining(), seen.lockFree(), true);
    }

    // Letting others go first

    @Test
    void rowThatIsFree_whileThisCandidateHoldsBack_isBidForAfterwards() {
        Step step = following(Evidence.NONE, RESIGNED).looked(ME, sighting(vacantRow(), HERE, OVER, NOW));

        assertEquals(List.of(), step.commands());
        assertEquals(Optional.of(RESIGNED.until()), step.next().wakesAt());
        assertTrue(bidOf(step.next().ticked(ME, RESIGNED.until())).claims());
    }

    @Test
    void rowThatAnotherHasLedSince_endsTheHoldingBackOfOneThatResigned_andNotOfOneThatFailed() {
        Row later = new Row(TERM + 1, TERM + 1, true, 0, HERE, LEASE, Optional.empty(), Succession.OPEN);
        Sighting seen = sighting(later, HERE, OVER, NOW);

        bidOf(following(Evidence.NONE, RESIGNED).looked(ME, seen));
        Step failed =
                following(Evidence.NONE, HoldBack.afterFailing(ME, 1, NOW)).looked(ME, seen);
        assertEquals(List.of(), failed.commands());
    }

    @Test
    void rowThatIsHandedOverToThisCandidate_isBidForThoughItHoldsBack() {
        bidOf(following(Evidence.NONE, RESIGNED).looked(ME, sighting(vacatedFor(ME), HERE, OVER, NOW)));
    }

    @Test
    void rowThatIsMeantForAnother_isBidForAfterTheCourtesy_withInsistence() {
        for (Row row : List.of(vacatedFor(ANOTHER), vacantBeside(1))) {
            Step step = FRESH.looked(ME, sighting(row, HERE, OVER, NOW));
            assertEquals(List.of(), step.commands());
            Reading wake = NOW.plus(ME.timings().courtesy());
            assertEquals(Optional.of(wake), step.next().wakesAt());

            Command.Bid bid = bidOf(step.next().ticked(ME, wake));
            assertEquals(Optional.of(wake), bid.evidence().insistsFrom(ME));
        }
    }

    // Rows that are not there

    @Test
    void rowMissing_isRegisteredOnce_andAgainAfterTheNextLook() {
        Step first = FRESH.rowMissing(ME, NOW);
        assertEquals(List.of(new Command.Register()), first.commands());

        Step second = first.next().rowMissing(ME, NOW);
        assertEquals(List.of(), second.commands());

        assertEquals(
                List.of(new Command.Register()),
                second.next().rowMissing(ME, NOW).commands());
    }

    /** A row that was deleted and made anew has not stood still for as long as the old one had. */
    @Test
    void rowMissing_endsAllEvidence() {
        Evidence known =
                Evidence.of(Optional.of(tenure().former(ME))).after(ME, sighting(myRow(TERM), HERE, LEASE, NOW));

        Step step = following(known, HoldBack.none(NOW)).rowMissing(ME, NOW);

        assertEquals(Evidence.NONE, ((Following) step.next()).evidence());
    }

    // The session

    /** It may come back on the same server, where all that was seen counts. */
    @Test
    void sessionLost_keepsTheEvidence_andWaitsForTheNextSession() {
        Step looked = FRESH.looked(ME, sighting(detachedRow(), HERE, OVER, NOW));

        Step lost = looked.next().sessionLost(ME, NOW);

        assertEquals(List.of(), lost.commands());
        assertEquals(Optional.empty(), lost.next().wakesAt());
        Step again = lost.next().looked(ME, sighting(detachedRow(), HERE, OVER, NOW.plus(STILL)));
        bidOf(again);
    }

    private static Command.Bid bidOf(Step step) {
        assertEquals(1, step.commands().size(), step.toString());
        return assertInstanceOf(Command.Bid.class, step.commands().get(0));
    }
}
