package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.DRAIN;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.MY_SESSION;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.tenure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What becomes of the row of a leadership that is over, when its work returns late or never, and when the row is locked. The
 * session may live on for other elections: then nothing but this candidate lets others have the row.
 */
class UnwindingTest {

    private static final Reading NOW = atMillis(1000);
    private static final Reading LEASE_END = atMillis(5000);
    private static final Exit STAND_AGAIN = Exit.of(Loss.EXPIRED, new Aim.StandAgain());
    private static final Command DETACH = new Command.Detach(TERM, MY_SESSION, Loss.EXPIRED, Optional.empty());
    private static final Command VACATE = new Command.Vacate(TERM, MY_SESSION, Loss.EXPIRED, Optional.empty());

    // Work that does not return

    @Test
    void workThatDoesNotReturn_losesTheRow_whenTheLeaseWouldHaveEnded() {
        State stopping = new Stopping(tenure(), STAND_AGAIN, false);
        assertEquals(Optional.of(LEASE_END), stopping.wakesAt());

        Step step = stopping.ticked(ME, LEASE_END);

        assertEquals(List.of(DETACH), step.commands());
        assertInstanceOf(Outlived.class, step.next().vacated(ME, LEASE_END).next());
    }

    @Test
    void workThatDoesNotReturn_underASessionThatIsOver_needsNoDetaching() {
        Step step = new Stopping(tenure(), STAND_AGAIN, true).ticked(ME, LEASE_END);

        assertEquals(Step.to(new Outlived(tenure(), STAND_AGAIN)), step);
    }

    @Test
    void workThatDoesNotReturnWithinTheDrainTimeout_losesTheRow_thoughItsTimeRuns() {
        Tenure renewed = tenure().renewed(ME, NOW.plus(DRAIN));

        Step step = new Draining(renewed, STAND_AGAIN, NOW.plus(DRAIN)).ticked(ME, NOW.plus(DRAIN));

        assertEquals(List.of(DETACH), step.commands());
    }

    @Test
    void workThatReturns_whileTheRowCouldNotBeDetached_isFollowedByAProperRelease() {
        State refused = detaching(STAND_AGAIN).vacateRefused(ME, LEASE_END).next();

        Step step = refused.workStopped(ME, TERM, LEASE_END);

        assertInstanceOf(Vacating.class, step.next());
        assertEquals(List.of(VACATE), step.commands());
    }

    @Test
    void detaching_ofARowThatIsLocked_isTriedAgain_slowerAndSlower() {
        State refused = detaching(STAND_AGAIN).vacateRefused(ME, LEASE_END).next();
        assertEquals(Optional.of(LEASE_END.plus(Patience.GRACE)), refused.wakesAt());

        Step again = refused.ticked(ME, LEASE_END.plus(Patience.GRACE));
        assertEquals(List.of(DETACH), again.commands());
        Reading later = LEASE_END.plus(ME.timings().retry());
        assertEquals(
                Optional.of(later.plus(ME.timings().retry())),
                again.next().vacateRefused(ME, later).next().wakesAt());
    }

    /** Both may have been posted before either is heard of; the row is given up once, by one order. */
    @Test
    void newsOfTheTrustsEnd_atTheEndOfTheDrainTimeout_ordersNothingThatTheReturnOfTheWorkWouldOrderAgain() {
        State draining = new Draining(tenure(), STAND_AGAIN, NOW);

        Step news = draining.trustEnded(ME, TERM, NOW);

        assertEquals(List.of(), news.commands());
        assertEquals(List.of(VACATE), news.next().workStopped(ME, TERM, NOW).commands());
    }

    /** The order was given before, in the same turn, and carried out after the row was found to be locked, and then was not. */
    @Test
    void newsThatTheRowSaysLeading_comesAfterEverythingWasGivenUp_andChangesNothing() {
        for (State state : List.of(State.initial(NOW), new Closed(), new Outlived(tenure(), STAND_AGAIN))) {
            assertEquals(state.stay(), state.led(ME, TERM, NOW));
        }
    }

    // A session that is over holds nothing

    /** Or the process could not begin another session, for any of its elections, before the row is unlocked. */
    @Test
    void detaching_ofARowThatIsLocked_isPointless_whenItsSessionIsOverAndTheLeaseHasEnded() {
        Reading end = LEASE_END.plus(Patience.GRACE);
        Step spent = detaching(STAND_AGAIN).leaseLost(ME, Loss.DEPOSED, end, LEASE_END);

        assertInstanceOf(Outlived.class, spent.next().vacateRefused(ME, end).next());
        State refused = spent.next().vacateRefused(ME, LEASE_END).next();
        assertEquals(Optional.of(end), refused.wakesAt());
        assertEquals(
                new Outlived(tenure().outrun(end), STAND_AGAIN),
                refused.ticked(ME, end).next());
    }

    @Test
    void detaching_thatIsRefused_andThenItsSessionEnds_waitsForTheWorkOnly() {
        State refused = detaching(STAND_AGAIN).vacateRefused(ME, LEASE_END).next();

        Step spent = refused.leaseLost(ME, Loss.DEPOSED, LEASE_END, LEASE_END);

        assertInstanceOf(
                Outlived.class,
                spent.next().ticked(ME, spent.next().wakesAt().orElseThrow()).next());
    }

    @Test
    void workThatReturns_afterItsSessionWasOverWhileDetaching_isFollowedByOneRelease() {
        State spent = detaching(STAND_AGAIN)
                .leaseLost(ME, Loss.DEPOSED, LEASE_END, LEASE_END)
                .next();

        Step step = spent.workStopped(ME, TERM, LEASE_END);

        assertEquals(List.of(VACATE), step.commands());
        assertInstanceOf(
                Following.class, step.next().vacateRefused(ME, LEASE_END).next());
    }

    @Test
    void vacating_ofARowThatIsLocked_isPointless_whenItsSessionIsOverAndTheLeaseHasEnded() {
        State vacating = Vacating.begin(tenure(), STAND_AGAIN, true, NOW).next();
        assertInstanceOf(Vacating.class, vacating.vacateRefused(ME, NOW).next());

        Step step = vacating.vacateRefused(ME, LEASE_END);

        assertInstanceOf(Following.class, step.next());
    }

    // Closing

    /** The session lives on for other elections: a row that was left to it would never be free. */
    @Test
    void closing_workThatDoesNotReturn_detachesTheRowFirst() {
        Exit close = Exit.of(Loss.EXPIRED, new Aim.Close(LEASE_END));
        Step step = new Stopping(tenure(), close, false).ticked(ME, LEASE_END);
        assertEquals(List.of(DETACH), step.commands());

        State outlived = step.next().vacated(ME, LEASE_END).next();
        assertEquals(Optional.of(LEASE_END), outlived.wakesAt());
        assertInstanceOf(Closed.class, outlived.ticked(ME, LEASE_END).next());
    }

    @Test
    void closing_workThatDoesNotReturn_underASessionThatIsOver_ends() {
        Exit close = Exit.of(Loss.EXPIRED, new Aim.Close(LEASE_END));

        assertEquals(Step.to(new Closed()), new Stopping(tenure(), close, true).ticked(ME, LEASE_END));
    }

    @Test
    void closing_rowThatIsLocked_isNotLeftToASessionThatLivesOn() {
        Exit close = Exit.of(Loss.EXPIRED, new Aim.Close(LEASE_END));
        Reading muchLater = LEASE_END.plus(DRAIN);
        State vacating = Vacating.begin(tenure(), close, false, NOW).next();
        State detaching = detaching(close);

        for (State state : List.of(vacating, detaching)) {
            State refused = state.vacateRefused(ME, muchLater).next();
            assertEquals(state.getClass(), refused.getClass());
            Step again = refused.ticked(ME, refused.wakesAt().orElseThrow());
            assertEquals(1, again.commands().size());
            assertEquals(
                    again.next(), again.next().ticked(ME, muchLater.plus(DRAIN)).next());
        }
    }

    @Test
    void closing_sessionLost_leavesNothingToRelease() {
        Exit close = Exit.of(Loss.EXPIRED, new Aim.Close(LEASE_END));

        assertInstanceOf(
                Closed.class,
                Vacating.begin(tenure(), close, false, NOW)
                        .next()
                        .sessionLost(ME, NOW)
                        .next());
        assertInstanceOf(Outlived.class, detaching(close).sessionLost(ME, NOW).next());
        State clearing =
                new Outlived(tenure(), close).workStopped(ME, TERM, NOW).next();
        assertInstanceOf(Closed.class, clearing.sessionLost(ME, NOW).next());
    }

    private static State detaching(Exit exit) {
        return Detaching.begin(tenure(), exit, LEASE_END).next();
    }
}
