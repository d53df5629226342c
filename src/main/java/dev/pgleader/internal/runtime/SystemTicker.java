package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The operating system's clocks.
 *
 * <p>{@link System#nanoTime} is CLOCK_MONOTONIC on Linux, which stands still while the machine is suspended. The time since
 * boot that includes suspension is in {@code /proc/uptime}, in hundredths of a second; elsewhere there is no such file and
 * the wall clock has to do.
 */
enum SystemTicker implements Ticker {
    INSTANCE;

    private static final Uptime UPTIME = new Uptime(Path.of("/proc/uptime"));

    @Override
    public Reading read() {
        long monotonic = monotonicNanos();
        return new Reading(monotonic, UPTIME.nanos(monotonic), wallNanos());
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public long wallNanos() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }
}
