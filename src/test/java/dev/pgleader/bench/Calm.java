package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits for the machine to have nothing else to do, since what takes milliseconds takes several times as long on a busy
 * one. Thread-safe. Where the system does not tell how busy it is, nothing is waited for.
 */
final class Calm {

    private static final Path STATISTICS = Path.of("/proc", "stat");
    private static final int WINDOW_MS = 200;
    private static final double BUSY = 0.25;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final int IDLE_FIELD = 4;
    private static final int WAITING_FIELD = 5;

    private final AtomicInteger inVain = new AtomicInteger();

    /** Processor time since the system's start, in ticks. */
    private record Ticks(long idle, long all) {}

    /** Waits until the processors were idle for most of a moment, but not for ever. */
    void await() throws IOException, InterruptedException {
        if (!Files.isReadable(STATISTICS)) {
            return;
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (isBusy()) {
            if (System.nanoTime() - end > 0) {
                inVain.incrementAndGet();
                return;
            }
        }
    }

    private static boolean isBusy() throws IOException, InterruptedException {
        Ticks before = ticks();
        Pause.millis(WINDOW_MS);
        Ticks after = ticks();
        double idle = after.idle() - before.idle();
        return idle / (after.all() - before.all()) < 1 - BUSY;
    }

    private static Ticks ticks() throws IOException {
        String[] fields = Files.readAllLines(STATISTICS).get(0).split(" +", -1);
        long all = 0;
        for (int i = 1; i < fields.length; i++) {
            all += Long.parseLong(fields[i]);
        }
        return new Ticks(Long.parseLong(fields[IDLE_FIELD]) + Long.parseLong(fields[WAITING_FIELD]), all);
    }

    /** Returns how often calm has not come, and begins to count anew. */
    int timesInVain() {
        return inVain.getAndSet(0);
    }
}
