package dev.pgleader.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What ties a process of the demo to its parent: standard input, which the parent never writes to. It ends when the parent
 * closes it, and also when the parent is gone, however it went.
 */
final class Lifeline {

    private static final Duration TO_CLEAN_UP = Duration.ofSeconds(10);

    private Lifeline() {}

    /** Waits for the lifeline to end. From then on this process has a bounded time to clean up after itself. */
    static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // The parent has nothing to say; only the end counts.
        }
        Thread limit = new Thread(Lifeline::haltWhenLate, "lifeline");
        limit.setDaemon(true);
        limit.start();
    }

    private static void haltWhenLate() {
        long deadline = System.nanoTime() + TO_CLEAN_UP.toNanos();
        for (long left = TO_CLEAN_UP.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        Runtime.getRuntime().halt(1);
    }
}
