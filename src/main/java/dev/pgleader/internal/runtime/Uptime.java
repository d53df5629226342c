package dev.pgleader.internal.runtime;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The time since boot, including that for which the machine was suspended, from a file such as {@code /proc/uptime}. Thread-safe
 * and without locks.
 *
 * <p>The file stays open, because opening it costs ten times as much as reading it, and a process of many elections reads it for
 * each thing that happens to one of them. It is no channel, which would be closed by the first reader who is interrupted.
 *
 * <p>Its origin is not that of the monotonic clock: they differ by every suspension, and by what a container makes of either. So
 * where the file cannot be read for once, as for want of file descriptors, the difference that was seen last is kept. Otherwise a
 * failed read would be a jump of this clock, and a jump ends every leadership.
 */
final class Uptime {

    /** More than two numbers of seconds take. */
    private static final int LONGEST = 64;

    private final Path file;
    private final boolean known;

    /** The open file while nobody reads it; a reader that finds it taken opens another. */
    private final AtomicReference<@Nullable RandomAccessFile> spare = new AtomicReference<>();

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
        OptionalLong uptime = read();
        uptime.ifPresent(nanos -> aheadNanos = nanos - monotonicNanos);
        return uptime.orElse(monotonicNanos + aheadNanos);
    }

    private OptionalLong read() {
        try {
            RandomAccessFile taken = spare.getAndSet(null);
            RandomAccessFile open = taken == null ? new RandomAccessFile(file.toFile(), "r") : taken;
            boolean kept = false;
            try {
                long nanos = nanos(firstLine(open));
                kept = spare.compareAndSet(null, open);
                return OptionalLong.of(nanos);
            } finally {
                if (!kept) {
                    open.close();
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            return OptionalLong.empty();
        }
    }

    private static String firstLine(RandomAccessFile open) throws IOException {
        byte[] bytes = new byte[LONGEST];
        open.seek(0);
        int length = open.read(bytes);
        return new String(bytes, 0, Math.max(0, length), StandardCharsets.US_ASCII);
    }

    private static long nanos(String text) {
        String seconds = text.substring(0, text.indexOf(' '));
        return (long) (Double.parseDouble(seconds) * TimeUnit.SECONDS.toNanos(1));
    }
}
