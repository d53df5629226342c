package dev.pgleader.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What became of the requests of one phase. Thread-safe. */
final class Tally {

    private long pending;
    private long answered;
    private long refused;
    private long lost;
    private long lastAnswerNanos = System.nanoTime();
    private long longestWaitNanos;

    synchronized void sent() {
        pending++;
    }

    synchronized void answered() {
        long now = System.nanoTime();
        longestWaitNanos = Math.max(longestWaitNanos, now - lastAnswerNanos);
        lastAnswerNanos = now;
        answered++;
        settled();
    }

    synchronized void refused() {
        refused++;
        settled();
    }

    synchronized void lost() {
        lost++;
        settled();
    }

    private void settled() {
        pending--;
        notifyAll();
    }

    /** Waits for {@code more} requests to be answered from now on. */
    synchronized void awaitAnswers(int more, Duration atMost) throws InterruptedException {
        long enough = answered + more;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (answered < enough) {
            waitUntil(deadline, "only " + (answered + more - enough) + " of " + more + " requests were answered");
        }
    }

    /** Waits for all requests of a phase that is over to be settled. */
    synchronized void awaitSettled(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (pending > 0) {
            waitUntil(deadline, pending + " requests got no reply at all");
        }
    }

    private void waitUntil(long deadline, String otherwise) throws InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new BrokenPromiseException(otherwise);
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
    }

    synchronized long pending() {
        return pending;
    }

    @Override
    public synchronized String toString() {
        return answered + " answered, " + refused + " refused, " + lost + " lost; the longest time without an answer "
                + TimeUnit.NANOSECONDS.toMillis(longestWaitNanos) + " ms";
    }
}
