package dev.pgleader.demo;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A promise may be missed by the margin, and not by more. */
class PromisesTest {

    private static final Duration PROMISED = Duration.ofMillis(100);
    private static final Duration MARGIN = Duration.ofMillis(50);

    private final Promises promises = new Promises();

    @Test
    void gapWithinTheMargin_passes() {
        promises.compare("resign", List.of(150.0), PROMISED, MARGIN);

        assertDoesNotThrow(promises::check);
    }

    @Test
    void gapBeyondTheMargin_failsNamingTheEvent() {
        promises.compare("resign", List.of(150.1), PROMISED, MARGIN);

        String message = String.valueOf(
                assertThrows(BrokenPromiseException.class, promises::check).getMessage());
        assertTrue(message.contains("resign: nobody led for 150.1 ms"), message);
    }

    @Test
    void oneLongGapAmongShortOnes_passes() {
        promises.compare("resign", List.of(900.0, 10.0, 20.0), PROMISED, MARGIN);

        assertDoesNotThrow(promises::check);
    }

    @Test
    void anythingElseBroken_fails() {
        promises.broken("two leaders");

        assertThrows(BrokenPromiseException.class, promises::check);
    }
}
