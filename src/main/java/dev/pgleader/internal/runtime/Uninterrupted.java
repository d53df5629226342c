package dev.pgleader.internal.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits that no interrupt cuts short; it is kept for whoever comes after. */
final class Uninterrupted {

    private Uninterrupted() {}

    /** What can be waited for. */
    interface Joinable {
        /** Waits for its end, for so many milliseconds at most, which are more than none. */
        void join(long atMostMillis) throws InterruptedException;
    }

    /** Waits for the end of one after the other, for as long as told in all. */
    static void join(List<Joinable> threads, Duration atMost, Ticker ticker) {
        long end = ticker.monotonicNanos() + atMost.toNanos();
        boolean interrupted = Thread.interrupted();
        for (Joinable each : threads) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - ticker.monotonicNanos());
            try {
                if (left > 0) {
                    each.join(left);
                }
            } catch (InterruptedException whileWaiting) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a moment, for as long as told; returns whether it has come. */
    static boolean await(CompletableFuture<Void> moment, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    moment.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                    return true;
                } catch (TimeoutException late) {
                    return false;
                } catch (InterruptedException whileWaiting) {
                    interrupted = true;
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
