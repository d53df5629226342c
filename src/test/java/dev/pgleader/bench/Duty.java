package dev.pgleader.bench;

import dev.pgleader.LeadFunction;
import dev.pgleader.Leadership;
import dev.pgleader.testing.Pause;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The work of a leader that does nothing but tell when it begins and ends, and takes its time to stop. Thread-safe. */
final class Duty implements LeadFunction {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String election;
    private final Duration stopping;
    private final Report report;
    private volatile @Nullable Leadership leadership;

    /**
     * Makes the work.
     *
     * @param stopping how long it goes on after it was cancelled
     */
    Duty(String election, Duration stopping, Report report) {
        this.election = election;
        this.stopping = stopping;
        this.report = report;
    }

    @Override
    public void lead(Leadership mine) {
        report.say(Event.Kind.BEGIN, election);
        leadership = mine;
        mine.recovered();
        try {
            mine.awaitLoss();
        } catch (InterruptedException lost) {
            // The loss interrupts; which of the two is seen first does not matter here.
        }
        stop();
        report.say(Event.Kind.END, election);
    }

    /** Takes its time, whatever interrupts it: the loss may do so even after it was noticed. */
    private void stop() {
        long end = System.nanoTime() + stopping.toNanos();
        for (long left = stopping.toNanos(); left > 0; left = end - System.nanoTime()) {
            try {
                Pause.untilNanos(end);
            } catch (InterruptedException lost) {
                // It has been told already.
            }
        }
    }

    /** Asks every millisecond whether the leadership is held and tells when it is not any more. */
    void watch() {
        Leadership watched = leadership;
        if (watched == null) {
            throw new IllegalStateException("never led '" + election + "'");
        }
        Thread watcher = new Thread(
                () -> {
                    while (watched.isHeld()) {
                        LockSupport.parkNanos(LOOK_NANOS);
                    }
                    report.say(Event.Kind.NOT_HELD, election);
                },
                "watch");
        watcher.setDaemon(true);
        watcher.start();
    }
}
