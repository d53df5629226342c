package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.Diagnosis;
import dev.pgleader.Problem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When it is noted that this process hears no announcements. */
class DeafnessTest {

    private static final Problem WHY = new Problem(Problem.Kind.SCHEMA_MISSING, "no schema", "migrate");

    private final Deafness deafness = new Deafness(Duration.ofSeconds(2));

    /** The session is back a moment before the listener: no failure from before that tells anything of listening. */
    @Test
    void troubleOfTheSessionIsOver_oneMoreFailure_isNotNoted() {
        fail(10, false);

        fail(1, true);

        assertEquals(0, notes());
    }

    @Test
    void listeningAloneFails_isNotedAtTheThirdFailure_untilItIsOver() {
        fail(2, true);
        assertEquals(0, notes());

        fail(1, true);
        assertEquals(1, notes());

        deafness.over();
        assertEquals(0, notes());
    }

    @Test
    void listenedInBetween_failuresDoNotAddUp() {
        fail(2, true);
        deafness.over();
        fail(2, true);

        assertEquals(0, notes());
    }

    private void fail(int times, boolean takesPart) {
        for (int i = 0; i < times; i++) {
            deafness.failed(WHY, takesPart);
        }
    }

    private int notes() {
        return deafness.noted(new Diagnosis(Diagnosis.Mode.SESSIONS, List.of()))
                .findings()
                .size();
    }
}
