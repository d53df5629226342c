package dev.pgleader.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Lets time pass in which there is nothing to wait for but the time itself. */
public final class Pause {

    private Pause() {}

    /** Waits for so long. */
    public static void millis(long length) throws InterruptedException {
        nanos(TimeUnit.MILLISECONDS.toNanos(length));
    }

    private static void nanos(long length) throws InterruptedException {
        if (new CountDownLatch(1).await(length, TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("nobody counts that latch down");
        }
    }

    /** Waits for up to so long, so that what follows does not keep step with anybody's heartbeats. */
    public static void upToMillis(long length) throws InterruptedException {
        millis(ThreadLocalRandom.current().nextLong(length));
    }

    /** Waits until {@link System#nanoTime} has come so far. */
    public static void untilNanos(long moment) throws InterruptedException {
        nanos(moment - System.nanoTime());
    }
}
