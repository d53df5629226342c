package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.BEAT;
import static dev.pgleader.internal.election.Examples.ELSEWHERE;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.LOCK;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_ON_SESSION_END;
import static dev.pgleader.internal.election.Examples.REFRACTORY;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.myRow;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {

    /** How long a row must stand still to prove by itself that its leader is gone: 101 % of the lease. */
    private static final Duration STILL = Duration.ofMillis(5050);

    private static final Duration NOT_YET = STILL.minus(nano());
    private static final Duration JUST_SEEN = Duration.ZERO;
    private static final Duration OVER = Duration.ZERO;
    private static final Duration LONG_OVER = Duration.ofHours(-1);
    private static final Duration LAST_NANO = nano();
    private static final Duration TOO_LONG = LEASE.plus(nano());

    @Test
    void row_vacant_isTaken() {
        Sighting seen = sighting(vacantRow(), HERE, OVER, at(JUST_SEEN));

        assertEquals(takeOf(Claim.Basis.VACANT, vacantRow()), judge(ME, seen));
    }

    @Test
    void row_vacantOnARestartedServer_isTaken() {
        Sighting seen = sighting(vacantRow(), ELSEWHERE, OVER, at(JUST_SEEN));

        assertEquals(takeOf(Claim.Basis.VACANT, vacantRow()), judge(ME, seen));
    }

    @Test
    void row_vacantOnAPromotedStandby_needsToStandStillSinceATakeMayBeLost() {
        Server promoted = new Server(HERE.systemIdentifier(), HERE.timeline() + 1, 3000);

        assertEquals(wait(STILL), judge(ME, sighting(vacantRow(), promoted, OVER, at(JUST_SEEN))));
        assertEquals(wait(nano()), judge(ME, sighting(vacantRow(), promoted, OVER, at(NOT_YET))));
        assertEquals(
                takeOf(Claim.Basis.STOOD_STILL, vacantRow()),
                judge(ME, sighting(vacantRow(), promoted, OVER, at(STILL))));
    }

    @Test
    void row_thatCanBeTaken_couldBeSinceItWasSeenVacantOrOverOrHadStoodStill() {
        Duration threeSeconds = Duration.ofSeconds(3);

        assertEquals(atMillis(0), ripeSince(sighting(vacantRow(), HERE, OVER, at(STILL))));
        assertEquals(
                at(STILL.minus(threeSeconds)),
                ripeSince(sighting(rowOfAnother(), HERE, threeSeconds.negated(), at(STILL))));
        assertEquals(at(STILL), ripeSince(sighting(rowOfAnother(), HERE, TOO_LONG, at(STILL.plusSeconds(60)))));
    }

    @Test
    void row_ofThisCandidateItself_isALeftoverWhateverItsLeaseSays() {
        for (Duration remaining : new Duration[] {LEASE, OVER, LONG_OVER, TOO_LONG}) {
            Sighting seen = sighting(myRow(TERM), ELSEWHERE, remaining, at(STILL));

            assertEquals(new Verdict.Leftover(TERM), judge(ME_ON_SESSION_END, seen));
        }
    }

    /*
     * The lease by the database's clock, against the witnesses: a lock on the leader's own server, or a row that has
     * stood still by this candidate's clock.
     */
    @Test
    void lease_onTheLeadersServer_isOverWhenNothingRemains() {
        assertEquals(wait(LAST_NANO), judged(HERE, LAST_NANO, NOT_YET));
        assertEquals(take(Claim.Basis.LEASE_OVER), judged(HERE, OVER, JUST_SEEN));
        assertEquals(take(Claim.Basis.LEASE_OVER), judged(HERE, LONG_OVER, JUST_SEEN));
    }

    @Test
    void lease_thatRuns_isWaitedForHoweverLongTheRowStoodStill() {
        assertEquals(wait(LAST_NANO), judged(HERE, LAST_NANO, STILL));
        assertEquals(wait(LEASE), judged(HERE, LEASE, STILL));
        assertEquals(wait(LEASE), judged(ELSEWHERE, LEASE, STILL));
    }

    @Test
    void leaseOver_onAnotherServer_needsARowThatStoodStill() {
        assertEquals(wait(STILL), judged(ELSEWHERE, OVER, JUST_SEEN));
        assertEquals(wait(nano()), judged(ELSEWHERE, LONG_OVER, NOT_YET));
        assertEquals(take(Claim.Basis.STOOD_STILL), judged(ELSEWHERE, OVER, STILL));
        assertEquals(take(Claim.Basis.STOOD_STILL), judged(ELSEWHERE, LONG_OVER, STILL));
    }

    @Test
    void leaseLongerThanItCanBe_anyServer_needsARowThatStoodStill() {
        for (Server server : new Server[] {HERE, ELSEWHERE}) {
            assertEquals(wait(STILL), judged(server, TOO_LONG, JUST_SEEN));
            assertEquals(wait(nano()), judged(server, TOO_LONG, NOT_YET));
            assertEquals(take(Claim.Basis.STOOD_STILL), judged(server, TOO_LONG, STILL));
        }
    }

    @Test
    void row_afterALostHeartbeatWasRestored_isWatchedAnew() {
        Vigil older = new Vigil(rowOfAnother(), ELSEWHERE, atMillis(-60_000));
        Sighting seen = sighting(rowOfAnother(), new Server(7, 2, 3000), OVER, atMillis(0));

        Verdict verdict = Verdict.of(ME, Vigil.after(Optional.of(older), seen), seen);

        assertEquals(wait(STILL), verdict);
    }

    @Test
    void takeoverOnSessionEnd_leaseThatRuns_isTakenOneRefractoryPeriodAfterTheLock() {
        assertEquals(takeAfter(), onSessionEnd(HERE, LEASE, JUST_SEEN));
        assertEquals(takeAfter(), onSessionEnd(HERE, LAST_NANO, JUST_SEEN));
        assertEquals(takeAfter(), onSessionEnd(HERE, TOO_LONG, JUST_SEEN));
    }

    @Test
    void takeoverOnSessionEnd_onAnotherServer_isNoFasterThanOtherwise() {
        assertEquals(wait(LEASE), onSessionEnd(ELSEWHERE, LEASE, STILL));
        assertEquals(wait(STILL), onSessionEnd(ELSEWHERE, OVER, JUST_SEEN));
    }

    @Test
    void takeoverOnSessionEnd_betterRightAtHand_usesIt() {
        assertEquals(take(Claim.Basis.LEASE_OVER), onSessionEnd(HERE, OVER, JUST_SEEN));
        assertEquals(take(Claim.Basis.STOOD_STILL), onSessionEnd(HERE, TOO_LONG, STILL));
    }

    @Test
    void lockOfALeaderWithoutSessions_isNoWitness() {
        Row.Holder leader = rowOfAnother().holder().orElseThrow();
        Row unlocked = new Row(LOCK, TERM, BEAT, HERE.sessionless(), Optional.of(leader), Succession.OPEN);

        for (Candidate candidate : List.of(ME, ME_ON_SESSION_END)) {
            assertEquals(wait(LAST_NANO), judge(candidate, sighting(unlocked, HERE, LAST_NANO, at(STILL))));
            assertEquals(wait(STILL), judge(candidate, sighting(unlocked, HERE, LONG_OVER, at(JUST_SEEN))));
            assertEquals(
                    takeOf(Claim.Basis.STOOD_STILL, unlocked),
                    judge(candidate, sighting(unlocked, HERE, OVER, at(STILL))));
        }
    }

    @Test
    void candidateWithoutSessions_hasOnlyTheTwoClocks() {
        for (Candidate candidate : List.of(ME, ME_ON_SESSION_END)) {
            for (Server leaders : List.of(HERE, HERE.sessionless())) {
                Row row = new Row(LOCK, TERM, BEAT, leaders, rowOfAnother().holder(), Succession.OPEN);
                Server here = HERE.sessionless();

                assertEquals(wait(LAST_NANO), judge(candidate, sighting(row, here, LAST_NANO, at(STILL))));
                assertEquals(wait(STILL), judge(candidate, sighting(row, here, LONG_OVER, at(JUST_SEEN))));
                assertEquals(wait(nano()), judge(candidate, sighting(row, here, LONG_OVER, at(NOT_YET))));
                assertEquals(
                        takeOf(Claim.Basis.STOOD_STILL, row), judge(candidate, sighting(row, here, OVER, at(STILL))));
                assertEquals(
                        takeOf(Claim.Basis.STOOD_STILL, row),
                        judge(candidate, sighting(row, here, TOO_LONG, at(STILL))));
            }
        }
    }

    @Test
    void candidateWithoutSessions_vacantRow_takesIt() {
        Row vacant = new Row(LOCK, TERM, BEAT, HERE.sessionless(), Optional.empty(), Succession.OPEN);

        assertEquals(
                takeOf(Claim.Basis.VACANT, vacant),
                judge(ME, sighting(vacant, HERE.sessionless(), OVER, at(JUST_SEEN))));
    }

    /** Judges a row of another that was first seen {@code standstill} ago. */
    private static Verdict judged(Server seenOn, Duration remaining, Duration standstill) {
        return judge(ME, sighting(rowOfAnother(), seenOn, remaining, at(standstill)));
    }

    private static Verdict onSessionEnd(Server seenOn, Duration remaining, Duration standstill) {
        return judge(ME_ON_SESSION_END, sighting(rowOfAnother(), seenOn, remaining, at(standstill)));
    }

    /** Judges, leaving aside since when something could have been taken. */
    private static Verdict judge(Candidate me, Sighting seen) {
        Verdict verdict = Verdict.of(me, new Vigil(seen.row(), seen.seenOn(), atMillis(0)), seen);
        return verdict instanceof Verdict.Take take ? new Verdict.Take(take.claim(), atMillis(0)) : verdict;
    }

    private static Reading ripeSince(Sighting seen) {
        Verdict verdict = Verdict.of(ME, new Vigil(seen.row(), seen.seenOn(), atMillis(0)), seen);
        return ((Verdict.Take) verdict).ripeSince();
    }

    private static Verdict wait(Duration delay) {
        return new Verdict.Wait(delay);
    }

    private static Verdict take(Claim.Basis basis) {
        return takeOf(basis, rowOfAnother());
    }

    private static Verdict takeOf(Claim.Basis basis, Row row) {
        return new Verdict.Take(new Claim(basis, row), atMillis(0));
    }

    private static Verdict takeAfter() {
        return new Verdict.TakeAfter(new Claim(Claim.Basis.SESSION_ENDED, rowOfAnother()), REFRACTORY);
    }
}
