package dev.pgleader.internal.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The time since boot, including that for which the machine was suspended, from a file such as {@code /proc/uptime}. Thread-safe.
 *
 * <p>Its origin is not that of the monotonic clock: they differ by every suspension, and by what a container makes of either. So
 * where the file cannot be read for once, as for want of file descriptors, the difference that was seen last is kept. Otherwise a
 * failed read would be a jump of this clock, and a jump ends every leadership.
 */
final class Uptime {

    private final Path file;
    private final boolean known;

    /** By how much it was ahead of the monotonic clock when it was read last. */
    private volatile long aheadNanos;

    /** Reads it for the first time; where that fails it is the monotonic clock for good. */
    Uptime(Path file) {
        this.file = file;
        OptionalLong first = read();
        this.known = first.isPresent();
        this.aheadNanos = first.orElse(0) - System.nanoTime();
    }

    /** Returns the uptime at this reading of the monotonic clock. */
    long nanos(long monotonicNanos) {
        if (!known) {
            return monotonicNanos;
        }
        read().ifPresent(uptime -> aheadNanos = uptime - monotonicNanos);
        return monotonicNanos + aheadNanos;
    }

    private OptionalLong read() {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            String seconds = text.substring(0, text.indexOf(' '));
            return OptionalLong.of((long) (Double.parseDouble(seconds) * TimeUnit.SECONDS.toNanos(1)));
        } catch (IOException | RuntimeException unreadable) {
            return OptionalLong.empty();
        }
    }
}
