package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_ON_SESSION_END;
import static dev.pgleader.internal.election.Examples.ME_PREEMPTING;
import static dev.pgleader.internal.election.Examples.PROMOTED;
import static dev.pgleader.internal.election.Examples.RESTARTED;
import static dev.pgleader.internal.election.Examples.RETRY;
import static dev.pgleader.internal.election.Examples.STILL;
import static dev.pgleader.internal.election.Examples.STOPPED;
import static dev.pgleader.internal.election.Examples.appointed;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantBeside;
import static dev.pgleader.internal.election.Examples.vacatedFor;
import static dev.pgleader.internal.election.Examples.with;
import static dev.pgleader.internal.election.Examples.withLock;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** To whom a row that may be taken is left, and for how long. */
class CourtesyTest {

    private static final Duration COURTESY = Duration.ofMillis(2500);
    private static final Duration JUST_SEEN = Duration.ZERO;
    private static final Duration OVER = Duration.ZERO;

    @Test
    void courtesy_isALookAndItsJitter_andALittleMore() {
        assertEquals(COURTESY, ME.timings().courtesy());
        assertTrue(COURTESY.compareTo(RETRY.multipliedBy(12).dividedBy(10)) > 0);
    }

    @Test
    void candidate_isNamedByItsIdentityOrItsAddress_andByNothingElse() {
        assertTrue(ME.isNamedBy(ME.id().toString()));
        assertTrue(ME.isNamedBy(ME.address()));
        assertFalse(ME.isNamedBy(ANOTHER.address()));
        assertFalse(ME.isNamedBy(""));
    }

    // The successor

    @Test
    void vacancyForThisCandidate_isTakenAtOnce() {
        assertTaken(judge(ME, vacatedFor(ME), JUST_SEEN));
    }

    @Test
    void vacancyForTheAddressOfThisCandidate_isTakenAtOnce() {
        Succession byAddress =
                new Succession(Optional.of(ME.address()), Optional.empty(), Optional.empty(), OptionalInt.empty());

        assertTaken(judge(ME, with(vacatedFor(ME), byAddress), JUST_SEEN));
    }

    @Test
    void vacancyForThisCandidate_besideABetterOne_isTakenAtOnce() {
        assertTaken(judge(ME, besideABetterOne(vacatedFor(ME)), JUST_SEEN));
    }

    @Test
    void vacancyForAnother_isLeftToItForTheCourtesy_andNoLonger() {
        assertLeft(COURTESY, judge(ME, vacatedFor(ANOTHER), JUST_SEEN));
        assertLeft(nano(), judge(ME, vacatedFor(ANOTHER), COURTESY.minus(nano())));
        assertTaken(judge(ME, vacatedFor(ANOTHER), COURTESY));
    }

    @Test
    void vacancyForAnother_isLeftToItByWhoeverIsBetterToo() {
        assertLeft(COURTESY, judge(ME_PREEMPTING, vacatedFor(ANOTHER), JUST_SEEN));
    }

    @Test
    void courtesy_isCountedInEachCandidatesOwnRetryInterval() {
        Timings hasty = new Timings(LEASE, Duration.ZERO, Duration.ofMillis(400), LEASE, false);
        Candidate other = new Candidate(ME.id(), ME.address(), ME.preference(), hasty);

        assertLeft(Duration.ofMillis(500), judge(other, vacatedFor(ANOTHER), JUST_SEEN));
        assertTaken(judge(other, vacatedFor(ANOTHER), Duration.ofMillis(500)));
    }

    @Test
    void successorThatHasDiedInOffice_isWaitedForByNobody() {
        assertTaken(judge(ME, appointed(rowOfAnother()), JUST_SEEN));
    }

    // Priority

    @Test
    void vacancyBesideABetterOne_isLeftToItForTheCourtesy_andNoLonger() {
        assertLeft(COURTESY, judge(ME, vacantBeside(1), JUST_SEEN));
        assertLeft(nano(), judge(ME, vacantBeside(1), COURTESY.minus(nano())));
        assertTaken(judge(ME, vacantBeside(1), COURTESY));
    }

    @Test
    void vacancyBesideNobodyBetter_isTakenAtOnce() {
        for (int priority : List.of(0, -1, Integer.MIN_VALUE)) {
            assertTaken(judge(ME, vacantBeside(priority), JUST_SEEN));
        }
        assertTaken(judge(ME_PREEMPTING, vacantBeside(1), JUST_SEEN));
    }

    // Since when

    @Test
    void leaseOver_besideABetterOne_isLeftToItForTheCourtesySinceItsEnd() {
        Row row = besideABetterOne(rowOfAnother());

        assertLeft(COURTESY, judge(ME, sighting(row, HERE, OVER, at(JUST_SEEN))));
        assertLeft(nano(), judge(ME, sighting(row, HERE, COURTESY.minus(nano()).negated(), at(JUST_SEEN))));
        assertTaken(judge(ME, sighting(row, HERE, COURTESY.negated(), at(JUST_SEEN))));
    }

    @Test
    void leaseOverElsewhere_besideABetterOne_isLeftToItForTheCourtesySinceItHadStoodStill() {
        Row row = besideABetterOne(rowOfAnother());

        assertLeft(COURTESY, judge(ME, sighting(row, RESTARTED, OVER, at(STILL))));
        assertLeft(
                nano(),
                judge(ME, sighting(row, RESTARTED, OVER, at(STILL.plus(COURTESY).minus(nano())))));
        assertTaken(judge(ME, sighting(row, RESTARTED, OVER, at(STILL.plus(COURTESY)))));
    }

    @Test
    void vacancyOnAPromotedStandby_forAnother_isLeftToItForTheCourtesySinceItHadStoodStill() {
        Row row = vacatedFor(ANOTHER);

        assertEquals(
                new Verdict.Wait(STILL, Optional.empty()), judge(ME, sighting(row, PROMOTED, OVER, at(JUST_SEEN))));
        assertLeft(COURTESY, judge(ME, sighting(row, PROMOTED, OVER, at(STILL))));
        assertTaken(judge(ME, sighting(row, PROMOTED, OVER, at(STILL.plus(COURTESY)))));
    }

    @Test
    void sessionEnded_besideABetterOne_isLeftToItForTheCourtesySinceItsWorkHadTheTimeToStop() {
        Row row = besideABetterOne(rowOfAnother());
        Sighting first = withLock(sighting(row, HERE, LEASE, at(JUST_SEEN)), true);
        Sighting stopped = withLock(sighting(row, HERE, LEASE, at(STOPPED)), true);
        Evidence known = Evidence.NONE.after(ME_ON_SESSION_END, first).after(ME_ON_SESSION_END, stopped);

        assertEquals(
                new Verdict.Wait(COURTESY, Optional.of(at(STOPPED))), Verdict.of(ME_ON_SESSION_END, known, stopped));
    }

    @Test
    void leaseThatRuns_isNotCutShortForASuccessor() {
        Row row = with(rowOfAnother(), vacatedFor(ME).succession());

        assertEquals(new Verdict.Wait(LEASE, Optional.empty()), judge(ME, sighting(row, HERE, LEASE, at(STILL))));
    }

    @Test
    void rowOfThisCandidateItself_isLeftToNoOther() {
        Row row = besideABetterOne(Examples.myRow(Examples.TERM));

        assertInstanceOf(Verdict.Own.class, judge(ME, sighting(row, HERE, OVER, at(JUST_SEEN))));
    }

    private static Row besideABetterOne(Row row) {
        Succession before = row.succession();
        return with(row, new Succession(before.successor(), before.resignedBy(), before.request(), OptionalInt.of(1)));
    }

    private static Verdict judge(Candidate me, Row row, Duration seenFor) {
        return judge(me, sighting(row, HERE, OVER, at(seenFor)));
    }

    /** Judges a look at a row that was seen at zero for the first time. */
    private static Verdict judge(Candidate me, Sighting seen) {
        Sighting first = sighting(seen.row(), seen.seenOn(), seen.remaining(), at(JUST_SEEN));
        return Verdict.of(me, Evidence.NONE.after(me, first).after(me, seen), seen);
    }

    private static void assertTaken(Verdict verdict) {
        assertInstanceOf(Verdict.Take.class, verdict);
    }

    /** Asserts that the row may be taken, and is left to others for {@code length}. */
    private static void assertLeft(Duration length, Verdict verdict) {
        Verdict.Wait wait = assertInstanceOf(Verdict.Wait.class, verdict);
        assertEquals(length, wait.delay());
        assertTrue(wait.ripeSince().isPresent());
    }
}
