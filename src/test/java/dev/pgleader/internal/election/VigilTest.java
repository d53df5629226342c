package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.BEAT;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.PROMOTED;
import static dev.pgleader.internal.election.Examples.REFRACTORY;
import static dev.pgleader.internal.election.Examples.RESTARTED;
import static dev.pgleader.internal.election.Examples.SESSION;
import static dev.pgleader.internal.election.Examples.STILL;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.byOtherHands;
import static dev.pgleader.internal.election.Examples.clockSet;
import static dev.pgleader.internal.election.Examples.databaseTime;
import static dev.pgleader.internal.election.Examples.detachedRow;
import static dev.pgleader.internal.election.Examples.extendedBy;
import static dev.pgleader.internal.election.Examples.look;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.renewedRowOfAnother;
import static dev.pgleader.internal.election.Examples.rowOf;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.withoutSession;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How long one version of a row has stood still, and how long that takes to prove its leader gone. */
class VigilTest {

    private static final Row ROW = rowOfAnother();
    private static final Duration HOUR = Duration.ofHours(1);

    // Since when

    @Test
    void vigil_firstLook_beginsWhenTheAnswerCame() {
        Vigil vigil = first(look(ROW, HERE, LEASE, atMillis(100), atMillis(900)));

        assertEquals(atMillis(900), vigil.since());
        assertEquals(LEASE, vigil.needed());
    }

    @Test
    void vigil_sameVersionOnTheSameServer_goesOn() {
        Vigil after = next(first(seen(ROW, HERE, 0)), seen(ROW, HERE, 2000));

        assertEquals(atMillis(0), after.since());
        assertEquals(atMillis(2000), after.last().answeredAt());
    }

    @Test
    void vigil_anyChange_beginsAnew() {
        Row otherProcess = Examples.withHolder(ROW, ROW.holder().map(VigilTest::ofAnotherProcess));
        for (Row changed : List.of(
                renewedRowOfAnother(),
                rowOf(ANOTHER.id(), TERM, SESSION, BEAT - 1),
                rowOf(ANOTHER.id(), TERM + 1, SESSION, BEAT),
                rowOf(ANOTHER.id(), TERM - 1, SESSION, BEAT),
                rowOf(ANOTHER.id(), TERM, SESSION + 1, BEAT),
                otherProcess,
                withoutSession(ROW),
                vacantRow(),
                detachedRow())) {
            Vigil after = next(first(seen(ROW, HERE, 0)), seen(changed, HERE, 2000));

            assertEquals(atMillis(2000), after.since(), changed.toString());
        }
        assertEquals(
                atMillis(2000),
                next(first(seen(vacantRow(), HERE, 0)), seen(detachedRow(), HERE, 2000))
                        .since());
    }

    /** What was seen on one server proves nothing on another. */
    @Test
    void vigil_onAnotherServer_beginsAnew() {
        for (Server server : List.of(RESTARTED, PROMOTED, HERE.sessionless())) {
            Vigil after = next(first(seen(ROW, HERE, 0)), seen(ROW, server, 2000));

            assertEquals(atMillis(2000), after.since(), server.toString());
            assertEquals(LEASE, after.needed());
        }
    }

    // Until when

    @Test
    void vigil_after101PercentOfTheLease_isOver() {
        Vigil vigil = first(seen(ROW, HERE, 0));

        assertEquals(STILL, vigil.remaining(atMillis(0)));
        assertEquals(nano(), vigil.remaining(at(STILL.minus(nano()))));
        assertEquals(STILL.minus(HOUR), vigil.remaining(at(HOUR)));
        assertFalse(vigil.isOver(at(STILL.minus(nano()))));
        assertTrue(vigil.isOver(at(STILL)));
        assertEquals(at(STILL), vigil.provenAt());
    }

    @Test
    void vigil_ofASessionThatWasExtendedByMore_lastsLonger() {
        Duration stands = Duration.ofSeconds(15);

        assertEquals(stands, first(seen(extendedBy(ROW, stands), HERE, 0)).needed());
        assertEquals(
                LEASE,
                first(seen(extendedBy(ROW, Duration.ofMillis(1)), HERE, 0)).needed());
    }

    @Test
    void vigil_ofALeaderWhoseSessionIsMissing_lastsForTheRowsLease() {
        assertEquals(LEASE, first(seen(withoutSession(ROW), HERE, 0)).needed());
    }

    // What was left of the lease, where the clock kept step

    /** A server process that is stuck costs a lease from its last heartbeat on, and not from the look that showed it. */
    @Test
    void vigil_versionWrittenBetweenTwoLooks_clockInStep_needsWhatWasLeft() {
        Duration left = Duration.ofMillis(3200);

        Vigil after = next(first(seen(ROW, HERE, 0)), sighting(renewedRowOfAnother(), HERE, left, atMillis(2000)));

        assertEquals(left, after.needed());
        assertEquals(atMillis(2000).plus(Duration.ofMillis(3232)), after.provenAt());
    }

    @Test
    void vigil_versionWrittenBetweenTwoLooks_clockSetMeanwhile_needsAWholeLease() {
        Sighting second = sighting(renewedRowOfAnother(), HERE, Duration.ofMillis(3200), atMillis(2000));
        for (Duration step : List.of(Duration.ofMillis(100), Duration.ofMillis(-100), HOUR, HOUR.negated())) {
            Vigil after = next(first(seen(ROW, HERE, 0)), clockSet(second, step));

            assertEquals(LEASE, after.needed(), step.toString());
        }
    }

    /** When this version was written is not known: perhaps before a step of the clock. */
    @Test
    void vigil_versionThatWasNotWrittenBetweenTwoLooks_needsAWholeLease() {
        Sighting second = sighting(renewedRowOfAnother(), HERE, Duration.ofMillis(3200), atMillis(2000));

        assertEquals(LEASE, first(second).needed());
        assertEquals(LEASE, next(first(seen(ROW, RESTARTED, 0)), second).needed());
        assertEquals(LEASE, next(first(seen(vacantRow(), HERE, 0)), second).needed());
        Row earlierTerm = rowOf(ANOTHER.id(), TERM - 1, SESSION, BEAT);
        assertEquals(LEASE, next(first(seen(earlierTerm, HERE, 0)), second).needed());
    }

    /** What is written by hand can say anything. */
    @Test
    void vigil_versionWrittenByOtherHands_needsAWholeLease() {
        Sighting second = sighting(byOtherHands(renewedRowOfAnother()), HERE, Duration.ofMillis(3200), atMillis(2000));

        assertEquals(LEASE, next(first(seen(ROW, HERE, 0)), second).needed());
    }

    @Test
    void vigil_versionOfASessionWrittenByOtherHands_needsAWholeLease() {
        Sighting second = sighting(
                Examples.withEditedSession(renewedRowOfAnother()), HERE, Duration.ofMillis(3200), atMillis(2000));

        assertEquals(LEASE, next(first(seen(ROW, HERE, 0)), second).needed());
    }

    @Test
    void vigil_leaseThatIsOverOrLongerThanItCanBe_needsAWholeLease() {
        for (Duration left : List.of(Duration.ZERO, HOUR.negated(), LEASE.plus(nano()))) {
            Sighting second = sighting(renewedRowOfAnother(), HERE, left, atMillis(2000));

            assertEquals(LEASE, next(first(seen(ROW, HERE, 0)), second).needed(), left.toString());
        }
    }

    @Test
    void vigil_clockSetAfterTheVersionWasSeen_needsWhatWasLeftStill() {
        Duration left = Duration.ofMillis(3200);
        Vigil measured = next(first(seen(ROW, HERE, 0)), sighting(renewedRowOfAnother(), HERE, left, atMillis(2000)));

        Vigil after = next(measured, clockSet(seen(renewedRowOfAnother(), HERE, 3000), HOUR));

        assertEquals(left, after.needed());
    }

    // Whether the database's clock kept step

    @Test
    void clock_firstLook_isNotKnownToHaveOutrunOnesOwn() {
        assertTrue(first(seen(ROW, HERE, 0)).clockKeptStep());
    }

    /** A leader has stopped a refractory period before its lease is over, so that such a step does no harm. */
    @Test
    void clock_setForwardByMoreThanTheRefractoryPeriod_hasOutrunOnesOwn() {
        Duration onePercent = Duration.ofMillis(20);
        assertTrue(steppedBy(REFRACTORY.plus(onePercent)).clockKeptStep());
        assertFalse(steppedBy(REFRACTORY.plus(onePercent).plusNanos(1000)).clockKeptStep());
        assertFalse(steppedBy(HOUR).clockKeptStep());
        assertTrue(steppedBy(HOUR.negated()).clockKeptStep());
    }

    private static Vigil steppedBy(Duration step) {
        return next(first(seen(ROW, HERE, 0)), clockSet(seen(ROW, HERE, 2000), step));
    }

    /** The heartbeat came after the first look, and its stamp says that it came before. */
    @Test
    void clock_setBackWhileAHeartbeatWasWritten_andForwardSince_hasOutrunOnesOwn() {
        Sighting over = sighting(renewedRowOfAnother(), HERE, Duration.ofSeconds(-2), atMillis(2000));

        Vigil vigil = next(first(seen(ROW, HERE, 0)), over);

        assertFalse(vigil.clockKeptStep());
        assertEquals(Long.MIN_VALUE, vigil.clockTrustedUntil(atMillis(2000)));
    }

    @Test
    void clock_setBackByNoMoreThanTheRefractoryPeriod_whileAHeartbeatWasWritten_isTrusted_andDoesNotMeasureTheLease() {
        Duration written = Duration.ofSeconds(2).plus(REFRACTORY);
        Sighting alive = sighting(renewedRowOfAnother(), HERE, LEASE.minus(written), atMillis(2000));

        Vigil vigil = next(first(seen(ROW, HERE, 0)), alive);

        assertTrue(vigil.clockKeptStep());
        assertEquals(LEASE, vigil.needed());
        Sighting longer =
                sighting(renewedRowOfAnother(), HERE, LEASE.minus(written).minus(nano()), atMillis(2000));
        assertFalse(next(first(seen(ROW, HERE, 0)), longer).clockKeptStep());
    }

    @Test
    void clock_ofAVersionWithoutANewHeartbeat_isTrusted_howeverOldThatIs() {
        Sighting written = sighting(Examples.withRefractory(ROW, REFRACTORY), HERE, Duration.ZERO, atMillis(2000));

        assertTrue(next(first(seen(ROW, HERE, 0)), written).clockKeptStep());
    }

    @Test
    void clock_thatHasOutrunOnesOwn_isNotTrustedAgainForThisVersion() {
        Vigil outrun = steppedBy(HOUR);

        assertFalse(next(outrun, clockSet(seen(ROW, HERE, 4000), HOUR)).clockKeptStep());
        assertFalse(next(outrun, seen(ROW, HERE, 4000)).clockKeptStep());
    }

    /** The leader stops a refractory period before its lease is over, and no more than that in all. */
    @Test
    void clock_setForwardInSmallSteps_hasOutrunOnesOwnByTheirSum() {
        Duration step = Duration.ofSeconds(1);
        Vigil once = next(first(seen(ROW, HERE, 0)), clockSet(seen(ROW, HERE, 1000), step));
        assertTrue(once.clockKeptStep());
        assertEquals(
                databaseTime(HERE, atMillis(2020), atMillis(2020)).micros(), once.clockTrustedUntil(atMillis(2000)));

        Vigil twice = next(once, clockSet(seen(ROW, HERE, 2000), step.multipliedBy(2)));
        assertFalse(twice.clockKeptStep());
        assertEquals(Long.MIN_VALUE, twice.clockTrustedUntil(atMillis(2000)));

        Vigil anew = next(once, clockSet(seen(renewedRowOfAnother(), HERE, 2000), step));
        assertTrue(anew.clockKeptStep());
    }

    /** The heartbeat may have been written before the step as well as after it. */
    @Test
    void clock_thatWasSetSinceTheLastLook_isNotTrustedForAVersionThatCameMeanwhile() {
        Vigil after = next(first(seen(ROW, HERE, 0)), clockSet(seen(renewedRowOfAnother(), HERE, 2000), HOUR));

        assertFalse(after.clockKeptStep());
    }

    @Test
    void clock_thatWasSetBeforeThisVersionWasWritten_isTrusted() {
        Vigil outrun = steppedBy(HOUR);

        assertTrue(next(outrun, clockSet(seen(renewedRowOfAnother(), HERE, 4000), HOUR))
                .clockKeptStep());
    }

    /** A statement of the leader's may arrive late, and write into the row without extending the lease. */
    @Test
    void clock_thatWasSetBeforeThisVersionWasWritten_withoutAHeartbeat_isNotTrusted_norMeasuresTheLease() {
        Vigil outrun = steppedBy(HOUR);

        Vigil after = next(outrun, clockSet(seen(writtenAgain(ROW), HERE, 4000), HOUR));

        assertFalse(after.clockKeptStep());
        assertEquals(Long.MIN_VALUE, after.clockTrustedUntil(atMillis(4000)));
        assertEquals(LEASE, after.needed());
    }

    private static Row writtenAgain(Row row) {
        return new Row(
                row.term(),
                row.released(),
                row.ownHand(),
                row.writing() + 1,
                row.writtenOn(),
                row.lease(),
                row.holder(),
                row.succession());
    }

    @Test
    void clock_ofAnotherServer_isNotCompared() {
        assertTrue(next(first(seen(ROW, HERE, 0)), clockSet(seen(ROW, RESTARTED, 2000), HOUR))
                .clockKeptStep());
    }

    private static Row.Holder ofAnotherProcess(Row.Holder was) {
        Row.HolderSession session = was.session().orElseThrow();
        return new Row.Holder(
                was.candidate(),
                was.address(),
                was.priority(),
                was.version(),
                was.phase(),
                was.refractory(),
                was.electedAt(),
                was.sessionId(),
                Optional.of(new Row.HolderSession(
                        new UUID(1, 1),
                        session.beat(),
                        session.ownHand(),
                        session.writing() + 1,
                        session.locked(),
                        session.lease(),
                        session.expiresAt(),
                        session.server())));
    }

    private static Sighting seen(Row row, Server server, long millis) {
        return sighting(row, server, LEASE, atMillis(millis));
    }

    private static Vigil first(Sighting seen) {
        return Vigil.after(Optional.empty(), LEASE, seen);
    }

    private static Vigil next(Vigil before, Sighting seen) {
        return Vigil.after(Optional.of(before), LEASE, seen);
    }
}
