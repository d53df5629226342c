package dev.pgleader.peers.candidate;

import dev.pgleader.peers.candidate.Event.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The work of a leader: it does nothing but tell when it begins and when it has ended, and takes its time to stop. Thread-safe.
 *
 * <pre>idle ── begin ──→ at work ── end ──→ idle</pre>
 */
public final class Work {

    private final Duration stopping;
    private final Report report;
    private final AtomicReference<CountDownLatch> atWork = new AtomicReference<>();

    /**
     * Makes the work.
     *
     * @param stopping how long it goes on after it was asked to stop
     * @param report where it tells
     */
    Work(Duration stopping, Report report) {
        this.stopping = stopping;
        this.report = report;
    }

    /** Begins. The first thing that a system's callback does. */
    void begin() {
        long now = System.nanoTime();
        if (!atWork.compareAndSet(null, new CountDownLatch(1))) {
            throw new IllegalStateException("elected while at work");
        }
        report.say(Kind.BEGIN, now);
    }

    /** Returns whether the work has begun and not ended. */
    boolean isAtWork() {
        return atWork.get() != null;
    }

    /** Waits until {@link #stop} is called or this thread is interrupted; for systems whose callback is the leadership. */
    void awaitStop() {
        CountDownLatch stop = atWork.get();
        try {
            if (stop != null) {
                stop.await();
            }
        } catch (InterruptedException lost) {
            // The system interrupts work whose leadership is lost; the callback returns because of it.
        }
    }

    /** Tells a callback that waits in {@link #awaitStop} to return. */
    void stop() {
        CountDownLatch stop = atWork.get();
        if (stop != null) {
            stop.countDown();
        }
    }

    /** Takes the time that stopping takes, whatever interrupts it, and ends. Does nothing where no work is done. */
    void end() {
        long until = System.nanoTime() + stopping.toNanos();
        boolean interrupted = false;
        for (long left = stopping.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (atWork.getAndSet(null) != null) {
            report.say(Kind.END, System.nanoTime());
        }
    }
}
