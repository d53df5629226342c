package dev.pgleader.internal.runtime;

import dev.pgleader.Problem;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause before connecting again: doubling from 50 ms up to a longest pause, which what only people can mend
 * begins with, times five. Jittered down to half, so that a crowd does not come back all at once. Confined to one thread.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(50);
    private static final int LASTING_FACTOR = 5;
    private static final int MOST_DOUBLINGS = 10;

    private final RandomGenerator random;
    private final Duration longest;
    private int failures;

    Backoff(RandomGenerator random, Duration longest) {
        this.random = random;
        this.longest = longest;
    }

    void succeeded() {
        failures = 0;
    }

    /** Returns the pause after another failure. */
    Duration failed(Problem.Kind kind) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        Duration pause = kind.isLasting()
                ? longest.multipliedBy(LASTING_FACTOR)
                : doubled.compareTo(longest) < 0 ? doubled : longest;
        return Duration.ofNanos((long) (pause.toNanos() * random.nextDouble(0.5, 1.0)));
    }
}
