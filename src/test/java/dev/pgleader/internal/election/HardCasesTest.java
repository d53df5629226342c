package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.MY_SESSION;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.tenure;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Moments that a first version of the core got wrong. */
class HardCasesTest {

    private static final Reading TRUST_END = atMillis(3465);

    @Test
    void standbyPromoted_thatLostTheTakingOfAVacantRow_isNotTakenWhileTheLostLeaderIsTrusted() {
        Scenario scenario = new Scenario();
        scenario.perform(List.of("begin a", "close a", "advance 1s", "replicate", "begin b"));

        assertDoesNotThrow(() -> scenario.perform(List.of("cut b", "promote-standby", "start c", "advance 1s")));
    }

    @Test
    void recovered_afterTrustHasEnded_extendsNothing() {
        Step step = new Recovering(tenure()).recovered(ME, TERM, TRUST_END);

        assertTrue(step.commands().stream().noneMatch(Command.ExtendTrust.class::isInstance), step.toString());
        assertEquals(TRUST_END, step.next().wakesAt().orElseThrow());
    }

    @Test
    void leader_thatHearsNothing_wakesWhenItsTrustEnds_andIsDeposed() {
        for (State state : List.of(new Recovering(tenure()), new Leading(tenure(), true))) {
            Reading wake = state.wakesAt().orElseThrow();

            assertEquals(TRUST_END, wake);
            assertInstanceOf(Stopping.class, state.ticked(ME, wake).next());
        }
    }

    @Test
    void leaseEnd_ofAHeartbeatThatWasAnsweredTooLate_isThatOfTheHeartbeat() {
        Step step = new Leading(tenure(), true).renewed(ME, MY_SESSION, atMillis(3000), TRUST_END);

        Stopping stopping = assertInstanceOf(Stopping.class, step.next());
        assertEquals(atMillis(8000), stopping.tenure().leaseEnd());
    }

    @Test
    void leaseEnd_ofASessionThatIsSpentWhileStopping_isThatOfItsLastHeartbeat() {
        State stopping = new Stopping(tenure(), Exit.of(Loss.EXPIRED, new Aim.StandAgain()), false)
                .leaseLost(ME, Loss.EXPIRED, atMillis(8000), atMillis(3600))
                .next();

        assertEquals(atMillis(8000), ((Stopping) stopping).tenure().leaseEnd());
    }

    /** A statement that lies somewhere between the process and the server may arrive when the process leads by another session. */
    @Test
    void bidOfALostConnection_thatArrivesLate_doesNotTakeFromTheSessionThatLeads() {
        Scenario scenario = new Scenario();
        scenario.perform(List.of("begin a", "advance 2500ms", "slow-request a Bid 3s", "terminate a", "advance 2s"));

        String page = scenario.perform(List.of("advance 2s"));

        assertTrue(page.endsWith("held: by a\n"), page);
        assertTrue(page.lines().noneMatch(line -> line.contains("StopWork")), page);
    }
}
