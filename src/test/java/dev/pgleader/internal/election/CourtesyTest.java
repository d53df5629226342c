package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.ELSEWHERE;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_ON_SESSION_END;
import static dev.pgleader.internal.election.Examples.ME_PREEMPTING;
import static dev.pgleader.internal.election.Examples.RETRY;
import static dev.pgleader.internal.election.Examples.appointed;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantBeside;
import static dev.pgleader.internal.election.Examples.vacatedFor;
import static dev.pgleader.internal.election.Examples.with;
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
    private static final Duration STILL = Duration.ofMillis(5050);
    private static final Duration JUST_SEEN = Duration.ZERO;
    private static final Duration OVER = Duration.ZERO;
    private static final Server PROMOTED = new Server(HERE.systemIdentifier(), HERE.timeline() + 1, 3000);

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

    // The heir

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
        assertEquals(wait(COURTESY), judge(ME, vacatedFor(ANOTHER), JUST_SEEN));
        assertEquals(wait(nano()), judge(ME, vacatedFor(ANOTHER), COURTESY.minus(nano())));
        assertTaken(judge(ME, vacatedFor(ANOTHER), COURTESY));
    }

    @Test
    void vacancyForAnother_isLeftToItByWhoeverIsBetterToo() {
        assertEquals(wait(COURTESY), judge(ME_PREEMPTING, vacatedFor(ANOTHER), JUST_SEEN));
    }

    @Test
    void courtesy_isCountedInEachCandidatesOwnRetryInterval() {
        Timings hasty = new Timings(LEASE, Duration.ZERO, Duration.ofMillis(400), LEASE, false);
        Candidate other = new Candidate(ME.id(), ME.address(), ME.preference(), hasty);

        assertEquals(wait(Duration.ofMillis(500)), judge(other, vacatedFor(ANOTHER), JUST_SEEN));
        assertTaken(judge(other, vacatedFor(ANOTHER), Duration.ofMillis(500)));
    }

    @Test
    void heirThatHasDiedInOffice_isWaitedForByNobody() {
        assertTaken(judge(ME, appointed(rowOfAnother()), JUST_SEEN));
    }

    // Priority

    @Test
    void vacancyBesideABetterOne_isLeftToItForTheCourtesy_andNoLonger() {
        assertEquals(wait(COURTESY), judge(ME, vacantBeside(1), JUST_SEEN));
        assertEquals(wait(nano()), judge(ME, vacantBeside(1), COURTESY.minus(nano())));
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

        assertEquals(wait(COURTESY), judge(ME, sighting(row, HERE, OVER, at(JUST_SEEN))));
        assertEquals(
                wait(nano()),
                judge(ME, sighting(row, HERE, COURTESY.minus(nano()).negated(), at(JUST_SEEN))));
        assertTaken(judge(ME, sighting(row, HERE, COURTESY.negated(), at(JUST_SEEN))));
    }

    @Test
    void leaseOverElsewhere_besideABetterOne_isLeftToItForTheCourtesySinceItHadStoodStill() {
        Row row = besideABetterOne(rowOfAnother());

        assertEquals(wait(COURTESY), judge(ME, sighting(row, ELSEWHERE, OVER, at(STILL))));
        assertEquals(
                wait(nano()),
                judge(ME, sighting(row, ELSEWHERE, OVER, at(STILL.plus(COURTESY).minus(nano())))));
        assertTaken(judge(ME, sighting(row, ELSEWHERE, OVER, at(STILL.plus(COURTESY)))));
    }

    @Test
    void vacancyOnAPromotedStandby_forAnother_isLeftToItForTheCourtesySinceItHadStoodStill() {
        Row row = vacatedFor(ANOTHER);

        assertEquals(wait(STILL), judge(ME, sighting(row, PROMOTED, OVER, at(JUST_SEEN))));
        assertEquals(wait(COURTESY), judge(ME, sighting(row, PROMOTED, OVER, at(STILL))));
        assertTaken(judge(ME, sighting(row, PROMOTED, OVER, at(STILL.plus(COURTESY)))));
    }

    @Test
    void sessionEnded_isNotLeftToABetterOne_sinceSomebodyMustHoldTheLock() {
        Row row = besideABetterOne(rowOfAnother());

        assertInstanceOf(Verdict.TakeAfter.class, judge(ME_ON_SESSION_END, sighting(row, HERE, LEASE, at(JUST_SEEN))));
    }

    @Test
    void leaseThatRuns_isNotCutShortForAnHeir() {
        Row row = with(rowOfAnother(), vacatedFor(ME).succession());

        assertEquals(wait(LEASE), judge(ME, sighting(row, HERE, LEASE, at(STILL))));
    }

    private static Row besideABetterOne(Row row) {
        Succession before = row.succession();
        return with(row, new Succession(before.heir(), before.yieldedBy(), before.request(), OptionalInt.of(1)));
    }

    private static Verdict judge(Candidate me, Row row, Duration seenFor) {
        return judge(me, sighting(row, HERE, OVER, at(seenFor)));
    }

    private static Verdict judge(Candidate me, Sighting seen) {
        return Verdict.of(me, new Vigil(seen.row(), seen.seenOn(), atMillis(0)), seen);
    }

    private static void assertTaken(Verdict verdict) {
        assertInstanceOf(Verdict.Take.class, verdict);
    }

    private static Verdict wait(Duration delay) {
        return new Verdict.Wait(delay);
    }
}
