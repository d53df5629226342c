package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.PROMOTED;
import static dev.pgleader.internal.election.Examples.RESTARTED;
import static dev.pgleader.internal.election.Examples.STILL;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.renewedRowOfAnother;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom an onlooker believes in after a look, for how long, and when it looks again. Looks take a second here. */
class ObservationTest {

    /** How long it may be told that nobody leads: another length than the lease, so that neither is taken for the other. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** By so long an observer outwaits a vacant row, which names no leader whose lease would count. */
    private static final Duration PATIENCE_STILL = Duration.ofMillis(7070);

    // What one look shows

    @ParameterizedTest(name = "{0} ms left: believed for {1} ms, looked at again {2} ms after the answer")
    @CsvSource({
        "5000, 5000, 3750",
        "4000, 4000, 2750",
        "1251, 1251, 1",
        "1250, 1250, 1250",
        "400, 400, 400",
        "1, 1, 1",
        // More than the lease: the database's clock has stepped back, and the row has not been seen to stand still yet.
        "5001, 5000, 3751",
        "3600000, 5000, 4800"
    })
    void rowWithTimeLeft_isLed(long left, long believed, long again) {
        Observation seen = first(look(rowOfAnother(), Duration.ofMillis(left), Duration.ZERO));

        assertEquals(Optional.of(rowOfAnother()), seen.led());
        assertEquals(Deadline.after(atMillis(0), Duration.ofMillis(believed)), seen.goodUntil());
        assertEquals(at(LOOK.plusMillis(again)), seen.lookAgainAt());
    }

    @ParameterizedTest(name = "{0} ns left")
    @CsvSource({"0", "-1", "-3600000000000"})
    void leaseOver_nobodyLeads_forAsLongAsPatienceLasts(long left) {
        assertNobodyLeads(first(look(rowOfAnother(), Duration.ofNanos(left), Duration.ZERO)), Duration.ZERO);
    }

    @Test
    void rowThatTheLibraryVacated_nobodyLeads_forAsLongAsPatienceLasts() {
        assertNobodyLeads(first(look(vacantRow(), Duration.ZERO, Duration.ZERO)), Duration.ZERO);
    }

    @Test
    void noRow_nobodyLeads_andNothingIsKnownToHaveStoodStill() {
        Observation seen = Observation.ofNothing(atMillis(0), PATIENCE);

        assertNobodyLeads(seen, Duration.ZERO);
        assertEquals(Optional.empty(), seen.vigil());
    }

    @Test
    void leaderOfAnotherLease_isJudgedByItsOwn() {
        Duration longerThanPatience = PATIENCE.plusSeconds(1);

        Observation seen = first(look(rowOfAnother(), longerThanPatience, Duration.ZERO));

        assertEquals(Deadline.after(atMillis(0), LEASE), seen.goodUntil());
    }

    /** While a process only stands in elections its session is extended by more than a leader may believe in. */
    @Test
    void leaderWhoseSessionOnlyStands_isBelievedInForNoLongerThanItsLease() {
        Duration stands = Duration.ofSeconds(15);
        Row row = Examples.extendedBy(rowOfAnother(), stands);

        Observation seen = first(look(row, stands, Duration.ZERO));
        assertEquals(Deadline.after(atMillis(0), LEASE), seen.goodUntil());

        Duration later = LOOK.plusSeconds(4);
        assertEquals(
                Deadline.after(at(later), STILL.minusSeconds(4)),
                next(seen, look(row, stands.minus(later), later)).goodUntil());
    }

    /** It may renew any moment, since its heartbeats come no oftener than such a session needs. */
    @Test
    void leaderWhoseSessionOnlyStands_isNotSaidToBeGone_whileThatSessionRuns() {
        Duration stands = Duration.ofSeconds(15);
        Row row = Examples.extendedBy(rowOfAnother(), stands);
        Observation before = first(look(row, stands, Duration.ZERO));

        Duration leaseOver = LOOK.plus(STILL);
        Observation after = next(before, look(row, stands.minus(leaseOver), leaseOver));
        assertCannotBeTold(after, leaseOver);

        assertNobodyLeads(next(after, look(row, Duration.ZERO, stands)), stands);
        Duration stoodStill = LOOK.plus(Duration.ofMillis(15_150));
        assertNobodyLeads(next(after, look(row, HOUR, stoodStill)), stoodStill);
    }

    @Test
    void answerThatTookLongerThanTheLeaseLasts_isOldWhenItComes() {
        Sighting slow = Examples.look(rowOfAnother(), HERE, Duration.ofMillis(400), atMillis(0), atMillis(400));

        assertTrue(first(slow).goodUntil().isPast(atMillis(400)));
    }

    // One look after the other

    @Test
    void leaderRenews_isBelievedInForLonger() {
        Observation before = first(look(rowOfAnother(), LEASE, Duration.ZERO));

        Observation after = next(before, look(renewedRowOfAnother(), Duration.ofSeconds(4), Duration.ofSeconds(3)));

        assertEquals(Optional.of(renewedRowOfAnother()), after.led());
        assertEquals(Deadline.after(atMillis(3000), Duration.ofSeconds(4)), after.goodUntil());
    }

    @Test
    void leaderGone_nobodyLeads() {
        Observation before = first(look(rowOfAnother(), LEASE, Duration.ZERO));

        assertNobodyLeads(next(before, look(vacantRow(), Duration.ZERO, LOOK)), LOOK);
    }

    @Test
    void rowGone_andThereAgain_isWatchedAnew() {
        Observation gone = Observation.ofNothing(atMillis(0), PATIENCE);

        Observation again = next(gone, look(rowOfAnother(), HOUR, HOUR));

        assertEquals(Deadline.after(at(HOUR), LEASE), again.goodUntil());
    }

    // What cannot be told

    /** It may have been deleted by hand, or row level security hides it: its leader may go on. */
    @Test
    void sessionMissing_cannotBeTold_untilTheRowHasStoodStill() {
        assertCannotBeToldAtFirst(Examples.withoutSession(rowOfAnother()), HERE, STILL);
    }

    @Test
    void rowEmptiedOrRestoredByHand_cannotBeTold_untilItHasStoodStill() {
        assertCannotBeToldAtFirst(Examples.detachedRow(), HERE, PATIENCE_STILL);
        assertCannotBeToldAtFirst(Examples.byOtherHands(vacantRow()), HERE, PATIENCE_STILL);
    }

    /** A taking may have been lost, and its leader be trusted still. */
    @Test
    void vacantRowOnAPromotedStandby_cannotBeTold_untilItHasStoodStill() {
        assertCannotBeToldAtFirst(vacantRow(), PROMOTED, PATIENCE_STILL);
        assertNobodyLeads(first(look(vacantRow(), RESTARTED, Duration.ZERO, Duration.ZERO)), Duration.ZERO);
    }

    @Test
    void whatCouldNotBeTold_beginsAnew_whenTheRowChanges() {
        Observation before = first(look(Examples.detachedRow(), Duration.ZERO, Duration.ZERO));

        Observation after = next(before, look(Examples.withoutSession(rowOfAnother()), Duration.ZERO, STILL));

        assertCannotBeTold(after, STILL);
    }

    private static void assertCannotBeToldAtFirst(Row row, Server server, Duration still) {
        Observation seen = first(look(row, server, Duration.ZERO, Duration.ZERO));
        assertCannotBeTold(seen, Duration.ZERO);
        assertEquals(at(LOOK.plus(still)), seen.lookAgainAt());

        // The vigil began with the first answer, which came after a look, and is over when the next one comes.
        Duration justBefore = still.minus(nano());
        Observation nearly = next(seen, look(row, server, Duration.ZERO, justBefore));
        assertCannotBeTold(nearly, justBefore);
        assertNobodyLeads(next(nearly, look(row, server, Duration.ZERO, still)), still);
    }

    /** "Nobody" and "cannot tell" are different answers: this one is old as soon as it is given. */
    private static void assertCannotBeTold(Observation seen, Duration askedAt) {
        assertEquals(Optional.empty(), seen.led());
        assertTrue(seen.goodUntil().isPast(at(askedAt)), seen.toString());
    }

    // The database's clock has stepped back: this machine's own clock decides

    @Test
    void clockSteppedBack_rowStandsStill_isBelievedInForTheRestOfALeaseFromTheFirstAnswer() {
        Observation before = first(look(rowOfAnother(), HOUR, Duration.ZERO));
        Duration later = LOOK.plusSeconds(2);

        Observation after = next(before, look(rowOfAnother(), HOUR, later));

        assertEquals(Optional.of(rowOfAnother()), after.led());
        assertEquals(Deadline.after(at(later), STILL.minusSeconds(2)), after.goodUntil());
    }

    @Test
    void clockSteppedBack_rowHasStoodStillForALease_nobodyLeads() {
        Observation before = first(look(rowOfAnother(), HOUR, Duration.ZERO));

        Duration justBefore = LOOK.plus(STILL).minus(nano());
        Observation last = next(before, look(rowOfAnother(), HOUR, justBefore));
        assertEquals(Optional.of(rowOfAnother()), last.led());
        assertEquals(Deadline.after(at(justBefore), nano()), last.goodUntil());

        Observation over = next(last, look(rowOfAnother(), HOUR, justBefore.plus(nano())));
        assertNobodyLeads(over, justBefore.plus(nano()));
        assertNobodyLeads(next(over, look(rowOfAnother(), HOUR, HOUR)), HOUR);
    }

    @Test
    void clockSteppedBack_rowMoves_isBelievedInForALease() {
        Observation before = first(look(rowOfAnother(), HOUR, Duration.ZERO));

        Observation after = next(before, look(renewedRowOfAnother(), HOUR, Duration.ofSeconds(4)));

        assertEquals(Optional.of(renewedRowOfAnother()), after.led());
        assertEquals(Deadline.after(atMillis(4000), LEASE), after.goodUntil());
    }

    @Test
    void clockSteppedBack_otherServer_isWatchedAnew() {
        Observation before = first(look(rowOfAnother(), HOUR, Duration.ZERO));

        Observation after = next(before, sighting(rowOfAnother(), RESTARTED, HOUR, at(LOOK.plus(STILL))));

        assertEquals(Deadline.after(at(LOOK.plus(STILL)), LEASE), after.goodUntil());
    }

    @Test
    void clockSteppedBack_deadLeader_isNotBelievedInAgain_whenItsTimeComesWithinALease() {
        Observation before = first(look(rowOfAnother(), HOUR, Duration.ZERO));
        Observation over = next(before, look(rowOfAnother(), HOUR.minusMinutes(1), Duration.ofMinutes(1)));
        assertNobodyLeads(over, Duration.ofMinutes(1));

        Duration later = HOUR.minus(LEASE);
        assertNobodyLeads(next(over, look(rowOfAnother(), LEASE, later)), later);
    }

    @Test
    void clockSteppedBack_byLessThanShows_deadLeaderIsBelievedInForNoMoreThanALease() {
        Observation before = first(look(rowOfAnother(), LEASE, Duration.ZERO));
        Duration later = LOOK.plusSeconds(4);

        Observation after = next(before, look(rowOfAnother(), LEASE, later));

        assertEquals(Deadline.after(at(later), STILL.minusSeconds(4)), after.goodUntil());
    }

    /** An observer asks at a moment, and hears after a second. */
    private static Sighting look(Row row, Duration remaining, Duration askedAt) {
        return look(row, HERE, remaining, askedAt);
    }

    private static Sighting look(Row row, Server server, Duration remaining, Duration askedAt) {
        return Examples.look(row, server, remaining, at(askedAt), at(askedAt.plus(LOOK)));
    }

    private static Observation first(Sighting seen) {
        return Observation.of(Optional.empty(), seen, PATIENCE);
    }

    private static Observation next(Observation before, Sighting seen) {
        return Observation.of(Optional.of(before), seen, PATIENCE);
    }

    private static void assertNobodyLeads(Observation seen, Duration askedAt) {
        assertEquals(Optional.empty(), seen.led());
        assertEquals(Deadline.after(at(askedAt), PATIENCE), seen.goodUntil());
        assertEquals(at(askedAt.plus(PATIENCE.multipliedBy(3).dividedBy(4))), seen.lookAgainAt());
    }
}
