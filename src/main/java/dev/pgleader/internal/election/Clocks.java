package dev.pgleader.internal.election;

import java.time.Duration;

/** The allowance for two clocks that run at different rates: one per cent, far more than any quartz is off. */
final class Clocks {

    private static final int PERCENT = 100;

    private Clocks() {}

    /** Returns {@code length} shortened, for somebody who must be done before another clock has measured it. */
    static Duration hurried(Duration length) {
        return length.minus(percent(length));
    }

    /** Returns {@code length} lengthened, for somebody who must be sure that another clock has measured it. */
    static Duration slowed(Duration length) {
        return length.plus(percent(length));
    }

    /** A heartbeat asks this once for each election, and {@link Duration#dividedBy(long)} calculates with numbers of any size. */
    private static Duration percent(Duration length) {
        return Duration.ofNanos(length.toNanos() / PERCENT);
    }
}
