package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;

/** This machine's clocks. Thread-safe. */
public interface Ticker {

    /** Returns all three clocks, read together. May cost some microseconds. */
    Reading read();

    /** Returns the monotonic clock alone, in nanoseconds; costs some nanoseconds. */
    long monotonicNanos();

    /** Returns the wall clock alone, in nanoseconds; costs some nanoseconds. */
    long wallNanos();

    /**
     * Returns whether {@code deadline} is past on one of the two clocks that are cheap to read. Suspension shows on the
     * wall clock, unless somebody has set that back meanwhile: that is the watchdog's to notice.
     */
    default boolean hasPassed(Deadline deadline) {
        Reading at = deadline.at();
        return monotonicNanos() - at.monotonicNanos() >= 0 || wallNanos() - at.wallNanos() >= 0;
    }

    /** Returns the clocks of the machine that this runs on. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}
