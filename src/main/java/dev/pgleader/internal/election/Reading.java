package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * One reading of this machine's three clocks, taken together. Immutable.
 *
 * @param monotonicNanos the clock for waiting, which no one sets, but which stands still while a machine is suspended
 * @param uptimeNanos the time since boot including suspension; the monotonic clock again where the system has none
 * @param wallNanos the clock that people set; only its forward steps matter here
 */
public record Reading(long monotonicNanos, long uptimeNanos, long wallNanos) {

    /** Returns the time from {@code earlier} to this reading on the monotonic clock. */
    public Duration since(Reading earlier) {
        return Duration.ofNanos(monotonicNanos - earlier.monotonicNanos);
    }

    /** Returns this reading moved on by {@code length} on every clock. */
    public Reading plus(Duration length) {
        long nanos = length.toNanos();
        return new Reading(monotonicNanos + nanos, uptimeNanos + nanos, wallNanos + nanos);
    }

    /** Returns whether the monotonic clock has come as far as {@code other}. */
    public boolean hasReached(Reading other) {
        return monotonicNanos - other.monotonicNanos >= 0;
    }

    /** Returns whichever of two readings the monotonic clock comes to first. */
    public static Reading earlier(Reading one, Reading other) {
        return one.hasReached(other) ? other : one;
    }
}
