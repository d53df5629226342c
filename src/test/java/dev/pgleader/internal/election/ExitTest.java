package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.MY_SESSION;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.asked;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.myRow;
import static dev.pgleader.internal.election.Examples.sighting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is written when a leadership ends in each of its ways: why, and in whose favour. */
class ExitTest {

    private static final Reading NOW = atMillis(1000);
    private static final Reading TRUST_END = atMillis(3465);
    private static final Reading LEASE_END = atMillis(5000);
    private static final Tenure TENURE = Examples.tenure();
    private static final State LEADING = new Leading(TENURE, true);
    private static final Optional<String> NOBODY = Optional.empty();
    private static final Optional<String> SUCCESSOR = Optional.of(ANOTHER.address());
    private static final Succession.Request HAND_OVER = Succession.Request.handOverTo(ANOTHER.address());
    private static final Succession.Request PREEMPTED =
            new Succession.Request(Optional.of(ANOTHER.id().toString()), true);

    @Test
    void resigned_namesNobody() {
        Step step = LEADING.resignAsked(ME, Succession.Request.RESIGN, NOW);

        assertEquals(List.of(new Command.StopWork(TERM, Loss.RESIGNED)), step.commands());
        assertVacates(Loss.RESIGNED, NOBODY, step.next());
    }

    @Test
    void handedOver_namesTheSuccessor() {
        Step step = LEADING.resignAsked(ME, HAND_OVER, NOW);

        assertEquals(List.of(new Command.StopWork(TERM, Loss.HANDED_OVER)), step.commands());
        assertVacates(Loss.HANDED_OVER, SUCCESSOR, step.next());
    }

    @Test
    void preempted_namesTheCandidateThatAsked() {
        Step step = LEADING.resignAsked(ME, PREEMPTED, NOW);

        assertEquals(List.of(new Command.StopWork(TERM, Loss.PREEMPTED)), step.commands());
        assertVacates(Loss.PREEMPTED, Optional.of(ANOTHER.id().toString()), step.next());
    }

    @Test
    void requestSeenByALook_isObeyedLikeTheUsers() {
        Step step = LEADING.looked(ME, sighting(asked(myRow(TERM), HAND_OVER), Examples.HERE, Examples.LEASE, NOW));

        assertVacates(Loss.HANDED_OVER, SUCCESSOR, step.next());
    }

    @Test
    void handedOver_thenClosed_endsAndNamesTheSuccessorStill() {
        State draining = LEADING.resignAsked(ME, HAND_OVER, NOW).next();
        State closing = draining.closeAsked(ME, NOW).next();

        assertVacates(Loss.HANDED_OVER, SUCCESSOR, closing);
        assertInstanceOf(Aim.Close.class, ((Draining) closing).exit().aim());
    }

    @Test
    void handedOver_thenAskedForAnotherSuccessor_staysWithTheFirst() {
        State draining = LEADING.resignAsked(ME, HAND_OVER, NOW).next();

        State after = draining.resignAsked(ME, Succession.Request.handOverTo("10.0.0.9:1"), NOW)
                .next();

        assertVacates(Loss.HANDED_OVER, SUCCESSOR, after);
    }

    @Test
    void handedOver_sessionLostMeanwhile_closingCandidateNamesTheSuccessorStill() {
        State draining = LEADING.resignAsked(ME, HAND_OVER, NOW).next();
        State outlived =
                draining.closeAsked(ME, NOW).next().sessionLost(ME, NOW).next();

        assertInstanceOf(Outlived.class, outlived);
        assertVacates(Loss.HANDED_OVER, SUCCESSOR, outlived);
    }

    @Test
    void handedOver_leaseLostBeforeTheWorkHasReturned_namesTheSuccessorStill() {
        State draining = LEADING.resignAsked(ME, HAND_OVER, NOW).next();

        assertVacates(
                Loss.HANDED_OVER,
                SUCCESSOR,
                draining.leaseLost(ME, Loss.DEPOSED, LEASE_END, NOW).next());
    }

    @Test
    void closed_namesNobody() {
        assertVacates(Loss.CLOSED, NOBODY, LEADING.closeAsked(ME, NOW).next());
    }

    @Test
    void failed_namesNobody() {
        assertVacates(Loss.FAILED, NOBODY, LEADING.workFailed(ME, TERM, NOW).next());
    }

    @Test
    void deposed_namesNobody() {
        assertVacates(
                Loss.DEPOSED,
                NOBODY,
                LEADING.leaseLost(ME, Loss.DEPOSED, LEASE_END, NOW).next());
        assertVacates(Loss.DEPOSED, NOBODY, LEADING.rowMissing(ME, NOW).next());
    }

    @Test
    void trustEnded_namesNobody() {
        assertVacates(Loss.EXPIRED, NOBODY, LEADING.ticked(ME, TRUST_END).next());
        assertVacates(Loss.EXPIRED, NOBODY, LEADING.trustEnded(ME, TERM, NOW).next());
    }

    @Test
    void workThatReturnedBeforeItWasAskedTo_wasEndedByTheWatchdog() {
        assertVacates(Loss.EXPIRED, NOBODY, LEADING);
    }

    @Test
    void leftover_ofACandidateThatGivesItUp_isCalledALostSession() {
        State resigned = Following.holdingBack(HoldBack.afterResigning(ME, TERM, NOW), 0);

        Step step = resigned.looked(ME, sighting(myRow(TERM), Examples.HERE, Examples.LEASE, NOW));

        assertEquals(List.of(new Command.Vacate(TERM, MY_SESSION, Loss.SESSION_LOST, NOBODY)), step.commands());
    }

    @Test
    void requestThatNamesTheLeaderItself_changesNothing() {
        for (String named : List.of(ME.address(), ME.id().toString())) {
            Step step = LEADING.resignAsked(ME, Succession.Request.handOverTo(named), NOW);

            assertEquals(LEADING.stay(), step);
        }
    }

    @Test
    void detached_saysWhyAndNamesNobody_sinceTheWorkMayStillRun() {
        State draining = LEADING.resignAsked(ME, HAND_OVER, NOW).next();

        Step step = draining.ticked(ME, NOW.plus(Examples.DRAIN));

        assertEquals(
                List.of(new Command.Detach(TERM, MY_SESSION, Loss.HANDED_OVER, Optional.empty())), step.commands());
    }

    private static void assertVacates(Loss loss, Optional<String> successor, State unwinding) {
        Step step = unwinding.workStopped(ME, TERM, NOW);

        assertEquals(List.of(new Command.Vacate(TERM, MY_SESSION, loss, successor)), step.commands());
    }
}
