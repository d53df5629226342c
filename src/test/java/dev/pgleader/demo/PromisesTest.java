package dev.pgleader.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every figure is judged by what is promised. A time may be missed by the margin; safety may not. */
class PromisesTest {

    private static final Duration PROMISED = Duration.ofMillis(100);
    private static final Duration MARGIN = Duration.ofMillis(50);

    private final Promises promises = new Promises();

    @Test
    void timeAsPromised_holds() {
        String words = promises.time("resign", List.of(100.0), PROMISED, MARGIN);

        assertTrue(words.endsWith("promised 100 ms, broken above 150 ms: held"), words);
        assertEquals("all 1 promises held", promises.conclusion());
    }

    @Test
    void timeAbovePromise_isMissed_andNamed() {
        String words = promises.time("resign", List.of(100.1), PROMISED, MARGIN);
        promises.time("kill -9", List.of(20.0), PROMISED, MARGIN);

        assertTrue(words.endsWith("missed"), words);
        assertEquals(
                "missed  resign: nobody led for 100.1 ms; promised 100 ms, broken above 150 ms",
                promises.lines().get(0));
        assertEquals("1 of 2 promises held; this machine missed the time of: resign", promises.conclusion());
    }

    @Test
    void timeAboveLimit_isBroken_andNamed() {
        promises.time("resign", List.of(150.1), PROMISED, MARGIN);

        assertTrue(brokenMessage().contains("resign: nobody led for 150.1 ms"), brokenMessage());
    }

    @Test
    void longTimesAmongShortOnes_areSaid_andTheMedianCounts() {
        String words = promises.time("resign", List.of(900.0, 10.0, 20.0), PROMISED, MARGIN);

        assertEquals(
                "nobody led for 20.0 ms (median of 3; the longest 900.0 ms); promised 100 ms, broken above 150 ms: held",
                words);
    }

    @Test
    void whatMustNeverHappen_happenedOnce_isBroken() {
        promises.require("no two leaders at the same time", false, "A still led 2 ms after B began to lead");
        promises.require("no stale answer", true, "0 of 10");

        assertEquals(
                List.of(
                        "broken  no two leaders at the same time: A still led 2 ms after B began to lead",
                        "held    no stale answer: 0 of 10"),
                promises.lines());
        assertEquals(
                "not as promised: no two leaders at the same time: A still led 2 ms after B began to lead",
                brokenMessage());
    }

    private String brokenMessage() {
        return String.valueOf(
                assertThrows(BrokenPromiseException.class, promises::conclusion).getMessage());
    }
}
