package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.BEAT;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_ON_SESSION_END;
import static dev.pgleader.internal.election.Examples.PROMOTED;
import static dev.pgleader.internal.election.Examples.RESTARTED;
import static dev.pgleader.internal.election.Examples.RETRY;
import static dev.pgleader.internal.election.Examples.SESSION;
import static dev.pgleader.internal.election.Examples.STILL;
import static dev.pgleader.internal.election.Examples.STOPPED;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.byOtherHands;
import static dev.pgleader.internal.election.Examples.clockSet;
import static dev.pgleader.internal.election.Examples.detachedRow;
import static dev.pgleader.internal.election.Examples.extendedBy;
import static dev.pgleader.internal.election.Examples.look;
import static dev.pgleader.internal.election.Examples.myRow;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.renewedRowOfAnother;
import static dev.pgleader.internal.election.Examples.rowOf;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.rowOnly;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.withEditedSession;
import static dev.pgleader.internal.election.Examples.withLock;
import static dev.pgleader.internal.election.Examples.withRefractory;
import static dev.pgleader.internal.election.Examples.withoutSession;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whether a row may be taken. Each rule is followed by the sequence of events that would have two leaders without it. */
class VerdictTest {

    private static final Duration NOT_YET = STILL.minus(nano());
    private static final Duration JUST_SEEN = Duration.ZERO;
    private static final Duration OVER = Duration.ZERO;
    private static final Duration LONG_OVER = Duration.ofHours(-1);
    private static final Duration LAST_NANO = nano();
    private static final Duration TOO_LONG = LEASE.plus(nano());

    // Vacant rows

    @Test
    void vacantRow_releasedByTheLibrary_isTakenAtOnce() {
        assertTaken(judged(vacantRow(), HERE, OVER, JUST_SEEN));
        assertTaken(judged(vacantRow(), RESTARTED, OVER, JUST_SEEN));
    }

    /** A promotion may have lost a later taking, whose leader is still trusted. */
    @Test
    void vacantRow_onAPromotedStandby_needsToStandStill() {
        assertNeedsToStandStill(vacantRow(), PROMOTED, OVER);
    }

    /** "update election set session_id = null" under a leader that goes on. */
    @Test
    void vacantRow_emptiedByHand_needsToStandStill() {
        assertNeedsToStandStill(byOtherHands(detachedRow()), HERE, OVER);
    }

    /** A dump from the time when the row was vacant, restored under a leader that goes on. */
    @Test
    void vacantRow_restoredFromATimeWhenItWasReleased_needsToStandStill() {
        assertNeedsToStandStill(byOtherHands(vacantRow()), HERE, OVER);
    }

    /** The work of the last leader did not return; or the row was registered anew where a leader may trust in a deleted one. */
    @Test
    void vacantRow_detachedOrRegisteredWhereALeaderMayBe_needsToStandStill() {
        assertNeedsToStandStill(detachedRow(), HERE, OVER);
    }

    @Test
    void vacantRow_ofALongerLeaseThanOnesOwn_isOutwaitedByThatOfTheRow() {
        Duration minute = Duration.ofMinutes(1);
        Row row = new Row(TERM, -1, true, 0, HERE, minute, Optional.empty(), Succession.OPEN);

        assertEquals(wait(minute.plusMillis(600)), judged(row, HERE, OVER, JUST_SEEN));
    }

    @Test
    void vacantRow_thatNamesNoLease_isOutwaitedByOnesOwn() {
        Row row = new Row(0, -1, true, 0, HERE, Duration.ZERO, Optional.empty(), Succession.OPEN);

        assertEquals(wait(STILL), judged(row, HERE, OVER, JUST_SEEN));
    }

    // Since when

    @Test
    void row_thatCanBeTaken_couldBeSinceItWasSeenVacantOrOverOrHadStoodStill() {
        Duration threeSeconds = Duration.ofSeconds(3);

        assertEquals(atMillis(0), ripeSince(vacantRow(), HERE, OVER));
        assertEquals(at(STILL.minus(threeSeconds)), ripeSince(rowOfAnother(), HERE, threeSeconds.negated()));
        assertEquals(at(STILL), ripeSince(rowOfAnother(), RESTARTED, OVER));
    }

    private static Reading ripeSince(Row row, Server server, Duration remaining) {
        return assertInstanceOf(Verdict.Take.class, judged(row, server, remaining, STILL))
                .ripeSince();
    }

    // The first witness: a free lock

    @Test
    void leaseOver_onTheLeadersServer_isTakenAsSoonAsNothingRemains() {
        assertEquals(wait(LAST_NANO), judged(rowOfAnother(), HERE, LAST_NANO, NOT_YET));
        assertTaken(judged(rowOfAnother(), HERE, OVER, JUST_SEEN));
        assertTaken(judged(rowOfAnother(), HERE, LONG_OVER, JUST_SEEN));
    }

    @Test
    void leaseThatRuns_isWaitedForHoweverLongTheRowStoodStill() {
        for (Server server : List.of(HERE, RESTARTED, PROMOTED)) {
            assertEquals(wait(LAST_NANO), judged(rowOfAnother(), server, LAST_NANO, STILL));
            assertEquals(wait(LEASE), judged(rowOfAnother(), server, LEASE, STILL));
        }
    }

    /** The locks of a restarted or promoted server are all free, whatever its leaders are doing. */
    @Test
    void leaseOver_onAnotherServerThanTheSessions_needsToStandStill() {
        for (Server server : List.of(RESTARTED, PROMOTED)) {
            assertNeedsToStandStill(rowOfAnother(), server, OVER);
            assertNeedsToStandStill(rowOfAnother(), server, LONG_OVER);
        }
    }

    /** Such a leader has no lock that could be held. */
    @Test
    void leaseOver_ofASessionWithoutALock_needsToStandStill() {
        assertNeedsToStandStill(rowOnly(rowOfAnother()), HERE, OVER);
    }

    @Test
    void leaseOver_seenThroughAPoolerWithoutSessions_needsToStandStill() {
        assertNeedsToStandStill(rowOfAnother(), HERE.sessionless(), OVER);
        assertNeedsToStandStill(rowOnly(rowOfAnother()), HERE.sessionless(), OVER);
    }

    /** "update election set session_id" to that of a session that ended long ago, under a leader that goes on. */
    @Test
    void leaseOver_ofARowThatOtherHandsHaveWritten_needsToStandStill() {
        assertNeedsToStandStill(byOtherHands(rowOfAnother()), HERE, OVER);
        assertNeedsToStandStill(withEditedSession(rowOfAnother()), HERE, OVER);
    }

    /** The clock has jumped by an hour, and the session was lost: the leader may trust in its lease for all that is known. */
    @Test
    void leaseOver_onAClockThatHasOutrunOnesOwn_needsToStandStill() {
        Sighting before = sighting(rowOfAnother(), HERE, LEASE, atMillis(0));
        Duration hour = Duration.ofHours(1);
        Evidence first = Evidence.NONE.after(ME, before);

        Sighting jumped = clockSet(sighting(rowOfAnother(), HERE, LONG_OVER, atMillis(1000)), hour);
        Evidence then = first.after(ME, jumped);
        assertEquals(wait(STILL.minusSeconds(1)), Verdict.of(ME, then, jumped));

        Sighting later = clockSet(sighting(rowOfAnother(), HERE, LONG_OVER, at(NOT_YET)), hour);
        assertEquals(wait(nano()), Verdict.of(ME, then.after(ME, later), later));
        Sighting still = clockSet(sighting(rowOfAnother(), HERE, LONG_OVER, at(STILL)), hour);
        assertTaken(Verdict.of(ME, then.after(ME, later).after(ME, still), still));
    }

    @Test
    void lockThatIsHeld_ofALeaseThatIsOver_isAskedForAgainSoon_untilTheRowHasStoodStill() {
        Sighting held = withLock(sighting(rowOfAnother(), HERE, OVER, at(JUST_SEEN)), false);
        assertEquals(wait(Patience.GRACE), judge(ME, held, JUST_SEEN));

        Sighting longer = withLock(sighting(rowOfAnother(), HERE, Duration.ofMillis(-400), at(JUST_SEEN)), false);
        assertEquals(wait(Duration.ofMillis(400)), judge(ME, longer, JUST_SEEN));

        Sighting nearly = withLock(sighting(rowOfAnother(), HERE, LONG_OVER, at(NOT_YET)), false);
        assertEquals(wait(nano()), judge(ME, nearly, NOT_YET));

        Sighting hangs = withLock(sighting(rowOfAnother(), HERE, LONG_OVER, at(STILL)), false);
        assertTaken(judge(ME, hangs, STILL));
    }

    // The second witness: a row that stands still

    @Test
    void leaseLongerThanItCanBe_anyServer_needsToStandStill() {
        for (Server server : List.of(HERE, RESTARTED, PROMOTED)) {
            assertNeedsToStandStill(rowOfAnother(), server, TOO_LONG);
        }
    }

    /** The session row's lease was set to a millisecond by hand, so that what is left seems impossible. */
    @Test
    void leaseLongerThanTheSessionsButNotThanTheRows_isALeaseThatRuns() {
        Row edited = extendedBy(rowOfAnother(), Duration.ofMillis(1));

        assertEquals(wait(LEASE), judged(edited, HERE, LEASE, STILL));
    }

    /** A session that only stands is extended by more than a lease. */
    @Test
    void leaseOfASessionThatOnlyStands_isMeasuredByWhatItWasExtendedBy() {
        Duration stands = Duration.ofSeconds(15);
        Row row = extendedBy(rowOfAnother(), stands);

        assertEquals(wait(stands), judged(row, HERE, stands, STILL));
        assertEquals(wait(stands.plusMillis(150)), judged(row, RESTARTED, OVER, JUST_SEEN));
    }

    /** A session row that was deleted by hand, or is hidden by row level security, says nothing of its leader. */
    @Test
    void sessionMissing_needsToStandStill() {
        assertNeedsToStandStill(withoutSession(rowOfAnother()), HERE, OVER);
    }

    @Test
    void row_afterALostHeartbeatWasRestored_isWatchedAnew() {
        Evidence older = Evidence.NONE.after(ME, sighting(rowOfAnother(), RESTARTED, OVER, atMillis(-60_000)));
        Sighting seen = sighting(rowOfAnother(), PROMOTED, OVER, atMillis(0));

        assertEquals(wait(STILL), Verdict.of(ME, older.after(ME, seen), seen));
    }

    /** From the arrival of the answer that first showed it to before the statement that relies on it is sent. */
    @Test
    void standingStill_countsFromTheFirstAnswer() {
        Sighting slow = look(rowOfAnother(), RESTARTED, OVER, atMillis(0), atMillis(900));
        Sighting next = sighting(rowOfAnother(), RESTARTED, OVER, at(STILL));
        Evidence first = Evidence.NONE.after(ME, slow);

        assertEquals(wait(Duration.ofMillis(900)), Verdict.of(ME, first.after(ME, next), next));
    }

    // Sessions that end before their lease

    @Test
    void sessionEnded_onSessionEnd_isTakenARefractoryPeriodAfterTheLockWasSeenFree() {
        Sighting first = free(rowOfAnother(), HERE, LEASE, atMillis(0));
        Evidence known = Evidence.NONE.after(ME_ON_SESSION_END, first);
        assertEquals(wait(STOPPED), Verdict.of(ME_ON_SESSION_END, known, first));

        Sighting nearly = free(rowOfAnother(), HERE, LEASE, at(STOPPED.minus(nano())));
        assertEquals(wait(nano()), then(known, nearly));

        Sighting stopped = free(rowOfAnother(), HERE, LEASE, at(STOPPED));
        assertTaken(then(known, stopped));
    }

    @Test
    void sessionEnded_withoutARefractoryPeriod_isTakenAtOnce() {
        Sighting seen = free(withRefractory(rowOfAnother(), Duration.ZERO), HERE, LEASE, atMillis(0));

        assertTaken(Verdict.of(ME_ON_SESSION_END, Evidence.NONE.after(ME_ON_SESSION_END, seen), seen));
    }

    /** A beat that moves proves that the session lives, whatever the lock said. */
    @Test
    void sessionEnded_butTheBeatMoves_isRefuted() {
        Evidence known = Evidence.NONE.after(ME_ON_SESSION_END, free(rowOfAnother(), HERE, LEASE, atMillis(0)));
        Sighting moved = withLock(sighting(renewedRowOfAnother(), HERE, LEASE, at(STOPPED)), false);

        assertEquals(wait(LEASE), then(known, moved));
    }

    @Test
    void sessionEnded_butTheLockIsHeldAfterAll_isRefuted() {
        Evidence known = Evidence.NONE.after(ME_ON_SESSION_END, free(rowOfAnother(), HERE, LEASE, atMillis(0)));
        Sighting held = withLock(sighting(rowOfAnother(), HERE, LEASE, at(STOPPED)), false);

        assertEquals(wait(LEASE), then(known, held));
    }

    @Test
    void sessionEnded_afterLease_isNotAskedFor() {
        Sighting first = free(rowOfAnother(), HERE, LEASE, atMillis(0));
        Sighting stopped = free(rowOfAnother(), HERE, LEASE, at(STOPPED));

        assertEquals(wait(LEASE), Verdict.of(ME, Evidence.NONE.after(ME, first).after(ME, stopped), stopped));
    }

    /** All locks of a server that has restarted are free. */
    @Test
    void sessionEnded_whereTheLockProvesNothing_isWaitedForLikeAnyLease() {
        for (Row row :
                List.of(byOtherHands(rowOfAnother()), withEditedSession(rowOfAnother()), rowOnly(rowOfAnother()))) {
            assertEquals(wait(LEASE), freeFor(row, HERE, LEASE));
        }
        assertEquals(wait(LEASE), freeFor(rowOfAnother(), RESTARTED, LEASE));
        assertEquals(wait(LEASE), freeFor(rowOfAnother(), HERE.sessionless(), LEASE));
    }

    @Test
    void sessionEnded_underAClockThatSteppedBack_needsToStandStill() {
        assertEquals(wait(STILL.minus(STOPPED)), freeFor(rowOfAnother(), HERE, TOO_LONG));
    }

    @Test
    void sessionEnded_butItsLeaseIsOverFirst_isTakenThen() {
        Evidence known = Evidence.NONE.after(ME_ON_SESSION_END, free(rowOfAnother(), HERE, LAST_NANO, atMillis(0)));

        assertTaken(then(known, free(rowOfAnother(), HERE, OVER, atMillis(1))));
    }

    private static Verdict freeFor(Row row, Server server, Duration remaining) {
        Evidence known = Evidence.NONE.after(ME_ON_SESSION_END, free(row, server, remaining, atMillis(0)));
        return then(known, free(row, server, remaining, at(STOPPED)));
    }

    private static Verdict then(Evidence known, Sighting seen) {
        return Verdict.of(ME_ON_SESSION_END, known.after(ME_ON_SESSION_END, seen), seen);
    }

    private static Sighting free(Row row, Server server, Duration remaining, Reading at) {
        return withLock(sighting(row, server, remaining, at), true);
    }

    // Rows that name this candidate

    @Test
    void rowOfThisCandidate_isItsOwnWhateverItsLeaseSays() {
        for (Duration remaining : List.of(LEASE, OVER, LONG_OVER, TOO_LONG)) {
            for (Server server : List.of(HERE, RESTARTED)) {
                Verdict verdict = judged(myRow(TERM), server, remaining, STILL);

                assertEquals(new Verdict.Own(atMillis(0)), verdict);
            }
        }
    }

    /** Commits were lost: another may have taken it in the history that is gone. */
    @Test
    void rowOfThisCandidate_onAPromotedStandby_isItsOwnOnlyWhileItsOwnClockSaysThatTheLeaseRuns() {
        Former former = Examples.tenure().former(ME);
        for (Former other : List.of(former, new Former(TERM - 1, former.session(), former.leaseEnd()))) {
            Sighting seen = sighting(myRow(TERM), PROMOTED, LEASE, at(LEASE.minus(nano())));
            Verdict verdict = Verdict.of(ME, Evidence.of(Optional.of(other)).after(ME, seen), seen);

            assertEquals(other.equals(former), verdict instanceof Verdict.Own, other.toString());
        }
        Sighting late = sighting(myRow(TERM), PROMOTED, OVER, at(LEASE));
        assertEquals(
                wait(STILL), Verdict.of(ME, Evidence.of(Optional.of(former)).after(ME, late), late));
    }

    @Test
    void rowOfThisCandidate_thatOtherHandsHaveWritten_isLikeAnyOther() {
        Sighting seen = sighting(byOtherHands(myRow(TERM)), HERE, OVER, atMillis(0));

        assertEquals(wait(STILL), judge(ME, seen, JUST_SEEN));
    }

    @Test
    void rowOfAnotherCandidate_thatNamesAnOldSessionOfThisOne_isNotItsOwn() {
        Row row = rowOf(Examples.ANOTHER.id(), TERM, SESSION, BEAT);

        assertEquals(wait(LEASE), judged(row, HERE, LEASE, STILL));
    }

    // Terms that no candidate can follow

    @Test
    void termThatLeavesNoRoomForAnother_isTakenByNobody() {
        for (long term : List.of(Row.LARGEST_TERM, Long.MAX_VALUE)) {
            Row row = new Row(term, term, true, 0, HERE, LEASE, Optional.empty(), Succession.OPEN);

            assertEquals(wait(RETRY), judged(row, HERE, OVER, STILL));
        }
        Row last = new Row(
                Row.LARGEST_TERM - 1, Row.LARGEST_TERM - 1, true, 0, HERE, LEASE, Optional.empty(), Succession.OPEN);
        assertTaken(judged(last, HERE, OVER, JUST_SEEN));
    }

    private static void assertNeedsToStandStill(Row row, Server server, Duration remaining) {
        for (Candidate candidate : List.of(ME, ME_ON_SESSION_END)) {
            assertEquals(wait(STILL), judge(candidate, sighting(row, server, remaining, at(JUST_SEEN)), JUST_SEEN));
            assertEquals(wait(nano()), judge(candidate, sighting(row, server, remaining, at(NOT_YET)), NOT_YET));
            assertTaken(judge(candidate, sighting(row, server, remaining, at(STILL)), STILL));
        }
    }

    private static void assertTaken(Verdict verdict) {
        assertInstanceOf(Verdict.Take.class, verdict);
    }

    /** Judges a row that was first seen at zero, and is seen again {@code standstill} later. */
    private static Verdict judged(Row row, Server server, Duration remaining, Duration standstill) {
        return judge(ME, sighting(row, server, remaining, at(standstill)), standstill);
    }

    private static Verdict judge(Candidate me, Sighting seen, Duration standstill) {
        Sighting first = sighting(seen.row(), seen.seenOn(), seen.remaining(), atMillis(0));
        Evidence known = Evidence.NONE.after(me, first);
        return Verdict.of(me, standstill.isZero() ? Evidence.NONE.after(me, seen) : known.after(me, seen), seen);
    }

    private static Verdict wait(Duration delay) {
        return new Verdict.Wait(delay, Optional.empty());
    }
}
