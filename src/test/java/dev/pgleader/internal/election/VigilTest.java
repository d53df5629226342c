package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.BEAT;
import static dev.pgleader.internal.election.Examples.ELSEWHERE;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.rowOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VigilTest {

    private static final UUID LEADER = new UUID(0, 2);
    private static final Row ROW = rowOf(LEADER, TERM, BEAT);
    private static final Duration STILL = Duration.ofMillis(5050);

    @Test
    void vigil_firstLook_beginsWhenTheAnswerCame() {
        Sighting seen = new Sighting(ROW, HERE, Duration.ZERO, atMillis(100), atMillis(900));

        assertEquals(new Vigil(ROW, HERE, atMillis(900)), Vigil.after(Optional.empty(), seen));
    }

    @Test
    void vigil_sameVersionOnSameServer_goesOn() {
        Vigil begun = new Vigil(ROW, HERE, atMillis(0));

        assertSame(begun, Vigil.after(Optional.of(begun), look(ROW, HERE)));
    }

    @Test
    void vigil_anyChange_beginsAnew() {
        Vigil begun = new Vigil(ROW, HERE, atMillis(0));

        for (Sighting changed : new Sighting[] {
            look(rowOf(LEADER, TERM, BEAT + 1), HERE),
            look(rowOf(LEADER, TERM, BEAT - 1), HERE),
            look(rowOf(LEADER, TERM + 1, BEAT), HERE),
            look(rowOf(LEADER, TERM - 1, BEAT), HERE),
            look(ROW, ELSEWHERE)
        }) {
            assertEquals(
                    atMillis(2000), Vigil.after(Optional.of(begun), changed).since(), changed.toString());
        }
    }

    @Test
    void remaining_isCountedToWhenTheLastQuestionWasAsked() {
        Vigil begun = new Vigil(ROW, HERE, atMillis(0));
        Sighting slow = new Sighting(ROW, HERE, Duration.ZERO, at(STILL.minus(nano())), atMillis(60_000));

        assertEquals(nano(), begun.remaining(LEASE, slow));
    }

    @Test
    void remaining_after101PercentOfTheLease_isZeroAndLessFromThen() {
        Vigil begun = new Vigil(ROW, HERE, atMillis(0));

        assertEquals(STILL, remainingAt(begun, Duration.ZERO));
        assertEquals(nano(), remainingAt(begun, STILL.minus(nano())));
        assertEquals(Duration.ZERO, remainingAt(begun, STILL));
        assertEquals(STILL.minusHours(1), remainingAt(begun, Duration.ofHours(1)));
    }

    private static Duration remainingAt(Vigil vigil, Duration moment) {
        return vigil.remaining(LEASE, new Sighting(ROW, HERE, Duration.ZERO, at(moment), at(moment)));
    }

    private static Sighting look(Row row, Server server) {
        return new Sighting(row, server, Duration.ZERO, atMillis(1000), atMillis(2000));
    }
}
