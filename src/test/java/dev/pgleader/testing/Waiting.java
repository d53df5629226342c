package dev.pgleader.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition by asking for it again and again, with a bound. For states that send no signal. */
public final class Waiting {

    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private Waiting() {}

    /** A question that may fail while it is asked. */
    @FunctionalInterface
    public interface Condition {

        /**
         * Asks once.
         *
         * @return whether the wait is over
         * @throws Exception if the question could not be asked, which ends the wait
         */
        boolean holds() throws Exception;
    }

    /**
     * Returns as soon as the condition holds.
     *
     * @param bound how long to wait at most
     * @param condition what to wait for
     * @param complaint what to say when it did not come about in time
     * @throws AssertionError after the bound, or if the condition could not be asked or the thread was interrupted
     */
    public static void until(Duration bound, Condition condition, Supplier<String> complaint) {
        long start = System.nanoTime();
        while (!holds(condition)) {
            if (System.nanoTime() - start > bound.toNanos()) {
                throw new AssertionError(complaint.get() + " (waited " + bound.toMillis() + " ms)");
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting: " + complaint.get());
            }
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (Exception e) {
            throw new AssertionError("the condition could not be asked", e);
        }
    }
}
