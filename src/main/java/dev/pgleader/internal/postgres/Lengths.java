package dev.pgleader.internal.postgres;

import java.time.Duration;

/** Lengths of time as statements take them. */
final class Lengths {

    private static final double NANOS_PER_SECOND = 1e9;

    /** For ever, as far as a table is concerned. */
    private static final Duration CENTURY = Duration.ofDays(36_525);

    private Lengths() {}

    /** Returns a length in seconds; those beyond a century are a century. */
    static double seconds(Duration length) {
        Duration told = length.compareTo(CENTURY) > 0 ? CENTURY : length;
        return told.toNanos() / NANOS_PER_SECOND;
    }
}
