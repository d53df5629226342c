package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final boolean HAS_UPTIME = Files.isReadable(UPTIME);

    @Override
    public Reading read() {
        long monotonic = monotonicNanos();
        return new Reading(monotonic, HAS_UPTIME ? uptimeNanos(monotonic) : monotonic, wallNanos());
    }

    private static long uptimeNanos(long otherwise) {
        try {
            String text = Files.readString(UPTIME, StandardCharsets.US_ASCII);
            String seconds = text.substring(0, text.indexOf(' '));
            return (long) (Double.parseDouble(seconds) * TimeUnit.SECONDS.toNanos(1));
        } catch (IOException | RuntimeException unreadable) {
            return otherwise;
        }
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
