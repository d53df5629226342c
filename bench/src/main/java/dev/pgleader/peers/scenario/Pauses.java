package dev.pgleader.peers.scenario;

import java.util.concurrent.TimeUnit;

/** Waits for time to pass. */
final class Pauses {

    private Pauses() {}

    static void millis(long length) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(length);
    }

    /** Waits until a point in time by {@link System#nanoTime}; not at all if it has passed. */
    static void untilNanos(long end) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
    }
}
