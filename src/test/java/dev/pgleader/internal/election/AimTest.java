package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.DRAIN;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.RETRY;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.nano;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;

class AimTest {

    private static final Reading NOW = atMillis(1000);
    private static final Command UNLOCK = new Command.Unlock(3);

    @Test
    void standingAgain_reached_looksAndMayTakeAtOnce() {
        Step step = new Aim.StandAgain().reached(ME, NOW, UNLOCK);

        assertEquals(NOW, assertInstanceOf(Following.class, step.next()).holdBackUntil());
        assertEquals(List.of(UNLOCK, new Command.Look()), step.commands());
    }

    @Test
    void holdingBack_reached_looksButTakesNothingForARetryInterval() {
        Step step = new Aim.HoldBack().reached(ME, NOW, UNLOCK);

        assertEquals(
                NOW.plus(RETRY), assertInstanceOf(Following.class, step.next()).holdBackUntil());
        assertEquals(List.of(UNLOCK, new Command.Look()), step.commands());
    }

    @Test
    void closing_reached_endsAndLooksNoMore() {
        Step step = new Aim.Close(NOW).reached(ME, NOW, UNLOCK);

        assertInstanceOf(Closed.class, step.next());
        assertEquals(List.of(UNLOCK), step.commands());
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
}
