package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.DRAIN;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_NEVER_LEADING;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.nano;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AimTest {

    private static final Reading NOW = atMillis(1000);
    private static final Tenure TENURE = Examples.tenure();

    /** Others may have taken what was given up, in a history that a promotion has lost. */
    @Test
    void deposedLeader_thatHasGivenTheRowUp_orMayHave_claimsNothing() {
        Exit exit = Exit.of(Loss.DEPOSED, new Aim.StandAgain());
        Vacating givingUp = new Vacating(TENURE, exit, false, NOW, Optional.empty());

        for (Step step : List.of(givingUp.vacated(ME, NOW), givingUp.sessionLost(ME, NOW))) {
            Command.Bid bid =
                    assertInstanceOf(Command.Bid.class, step.commands().get(0));
            assertEquals(Optional.empty(), bid.evidence().former());
        }
    }

    @Test
    void standingAgain_reached_bidsAtOnce_andMayClaimWhatItHad() {
        Step step = new Aim.StandAgain().reached(ME, TENURE, NOW);

        Command.Bid bid = assertInstanceOf(Command.Bid.class, onlyCommandOf(step));
        assertEquals(Evidence.of(Optional.of(TENURE.former(ME))), bid.evidence());
        assertTrue(bid.claims());
        assertTrue(bid.holdBack().isOver(NOW));
    }

    @Test
    void standingAgain_ofACandidateThatNeverLeads_looks() {
        Step step = new Aim.StandAgain().reached(ME_NEVER_LEADING, TENURE, NOW);

        assertEquals(List.of(new Command.Look()), step.commands());
    }

    @Test
    void lettingOthersLead_reached_holdsBack_andForgetsWhatItHad() {
        Step step = new Aim.LetOthersLead().reached(ME, TENURE, NOW);

        Following next = assertInstanceOf(Following.class, step.next());
        assertEquals(HoldBack.afterResigning(ME, TERM, NOW), next.holdBack());
        assertEquals(Evidence.NONE, next.evidence());
        assertEquals(0, next.failures());
        assertEquals(Optional.of(NOW.plus(ME.timings().retry().dividedBy(8))), next.wakesAt());
        assertEquals(List.of(), step.commands());
    }

    @Test
    void retreating_reached_holdsBackForLonger_andRemembersTheFailures() {
        Step step = new Aim.Retreat(3).reached(ME, TENURE, NOW);

        Following next = assertInstanceOf(Following.class, step.next());
        assertEquals(HoldBack.afterFailing(ME, 3, NOW), next.holdBack());
        assertEquals(3, next.failures());
        assertEquals(Optional.of(NOW.plus(ME.timings().retry().dividedBy(8))), next.wakesAt());
        assertEquals(List.of(), step.commands());
    }

    @Test
    void closing_reached_endsAndLooksNoMore() {
        assertEquals(Step.to(new Closed()), new Aim.Close(NOW).reached(ME, TENURE, NOW));
    }

    @Test
    void closing_leaseThatEndsBeforeTheDrainTimeout_waitsForTheDrainTimeout() {
        Reading drained = NOW.plus(DRAIN);

        assertEquals(new Aim.Close(drained), Aim.closing(ME, NOW, NOW));
        assertEquals(new Aim.Close(drained), Aim.closing(ME, NOW, drained));
    }

    @Test
    void closing_leaseThatOutlastsTheDrainTimeout_waitsForTheLease() {
        Reading leaseEnd = NOW.plus(DRAIN).plus(nano());

        assertEquals(new Aim.Close(leaseEnd), Aim.closing(ME, NOW, leaseEnd));
    }

    private static Command onlyCommandOf(Step step) {
        assertEquals(1, step.commands().size());
        return step.commands().get(0);
    }
}
