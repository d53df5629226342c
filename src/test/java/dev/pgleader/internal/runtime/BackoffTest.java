package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Problem;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Backoff backoff = new Backoff(new Random(1), LONGEST);

    @Test
    void failures_doubleThePause_upToTheLongest() {
        for (long nominal : new long[] {50, 100, 200, 400, 800, 1600, 2000, 2000, 2000}) {
            assertJittered(Duration.ofMillis(nominal), backoff.failed(Problem.Kind.UNREACHABLE));
        }
    }

    @Test
    void thousandsOfFailures_pauseAsLongAsTheLongest() {
        for (int i = 0; i < 10_000; i++) {
            backoff.failed(Problem.Kind.UNREACHABLE);
        }

        assertJittered(LONGEST, backoff.failed(Problem.Kind.UNREACHABLE));
    }

    @Test
    void success_beginsAnew() {
        for (int i = 0; i < 10; i++) {
            backoff.failed(Problem.Kind.UNREACHABLE);
        }

        backoff.succeeded();

        assertJittered(Duration.ofMillis(50), backoff.failed(Problem.Kind.UNREACHABLE));
    }

    @ParameterizedTest
    @EnumSource(Problem.Kind.class)
    void whatOnlyPeopleCanMend_isTriedSlowlyFromTheStart(Problem.Kind kind) {
        assertJittered(kind.isLasting() ? LONGEST.multipliedBy(5) : Duration.ofMillis(50), backoff.failed(kind));
    }

    @Test
    void longestShorterThanTheFirst_isKept() {
        Backoff hurried = new Backoff(new Random(1), Duration.ofMillis(10));

        assertJittered(Duration.ofMillis(10), hurried.failed(Problem.Kind.UNREACHABLE));
    }

    @Test
    void crowd_doesNotComeBackAllAtOnce() {
        Set<Duration> pauses = new HashSet<>();
        for (int process = 0; process < 100; process++) {
            pauses.add(new Backoff(new Random(process), LONGEST).failed(Problem.Kind.UNREACHABLE));
        }

        assertEquals(100, pauses.size());
    }

    private static void assertJittered(Duration nominal, Duration pause) {
        assertTrue(pause.compareTo(nominal) <= 0, pause + " is more than " + nominal);
        assertTrue(pause.compareTo(nominal.dividedBy(2)) >= 0, pause + " is less than half of " + nominal);
    }
}
