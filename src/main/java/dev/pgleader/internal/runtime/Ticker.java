package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;

/** This machine's clocks. Thread-safe. */
public interface Ticker {

    /** Returns all three clocks, read together. May cost some microseconds. */
    Reading read();

    /** Returns the monotonic clock alone, in nanoseconds; costs some nanoseconds. */
    long monotonicNanos();

    /** Returns the wall clock alone, in nanoseconds; costs some nanoseconds. */
    long wallNanos();

    /** Returns the clocks of the machine that this runs on. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}
