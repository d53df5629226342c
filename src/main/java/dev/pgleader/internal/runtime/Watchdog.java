package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends leaderships on time and frees threads that hang in a connection, whatever the loop thread is waiting for.
 *
 * <p>A thread of its own that touches no JDBC, takes no lock and runs no code of others: factories, listeners and the log are
 * left to another thread. It sleeps until the first deadline that it knows of, and never for longer than {@link #LONGEST_NAP}
 * while something is watched, because a suspended machine does not count as sleeping time. Since it knows when it meant to
 * wake, it notices a {@link Pause}, which nobody's connection is blamed for.
 */
final class Watchdog implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(250);

    private final Ticker ticker;
    private final long patienceNanos;
    private final Duration toleratedDelay;
    private final Executor aside;
    private final Set<Tenancy> tenancies = ConcurrentHashMap.newKeySet();
    private final Set<ConnectionGuard> guards = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this, "pgleader-watchdog");
    private volatile boolean ended;

    /** For how long nothing of this process ran: an answer that came meanwhile could not be read. */
    private final AtomicLong pausedNanos = new AtomicLong();

    /** What went wrong in this round. Watchdog thread only. */
    private @Nullable Throwable trouble;

    /**
     * Makes a watchdog that frees whoever waits longer than {@code patience} for a connection.
     *
     * @param patience longer than any statement should ever take
     * @param toleratedDelay by how much later than it meant to it may wake, without a word
     * @param aside does on another thread what may block, and takes no lock
     */
    Watchdog(Ticker ticker, Duration patience, Duration toleratedDelay, Executor aside) {
        this.ticker = ticker;
        this.toleratedDelay = toleratedDelay;
        this.aside = aside;
        this.patienceNanos = patience.toNanos();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void end() {
        ended = true;
        wake();
    }

    void join(long atMostMillis) throws InterruptedException {
        thread.join(atMostMillis);
    }

    void watch(Tenancy tenancy) {
        tenancies.add(tenancy);
        wake();
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** Returns a guard, which is known here only while it guards something. */
    Guard newGuard() {
        return new ConnectionGuard(() -> ticker.monotonicNanos() - pausedNanos.get(), patienceNanos, guards);
    }

    @Override
    public void run() {
        Reading planned = ticker.read();
        while (!ended) {
            Reading now = ticker.read();
            Optional<Pause> pause = Pause.between(planned, now, toleratedDelay);
            pause.ifPresent(noticed -> pausedNanos.addAndGet(noticed.stalled().toNanos()));
            long nap = goRound(now);
            pause.ifPresent(noticed -> aside.execute(() -> LOG.warn("{}", noticed.account())));
            planned = now.plus(Duration.ofNanos(nap));
            LockSupport.parkNanos(this, planned.monotonicNanos() - ticker.monotonicNanos());
        }
    }

    /** Does the duty, all interrupts first; returns the nanoseconds from {@code now} until there may be more to do. */
    private long goRound(Reading now) {
        long nap = tenancies.isEmpty() ? patienceNanos : LONGEST_NAP;
        List<Tenancy> over = new ArrayList<>();
        for (Tenancy tenancy : tenancies) {
            attempt(() -> {
                if (tenancy.interruptIfOver(now)) {
                    over.add(tenancy);
                }
            });
        }
        over.forEach(tenancy -> attempt(tenancy::tellOfExpiry));
        for (Tenancy tenancy : tenancies) {
            try {
                nap = Math.min(nap, tenancy.alarms().sound(now));
            } catch (RuntimeException | Error unexpected) {
                trouble = unexpected;
            }
            tenancy.alarms().failure().ifPresent(thrown -> trouble = thrown);
        }
        tenancies.removeIf(tenancy -> tenancy.alarms().isSettled());
        guards.forEach(this::free);
        report();
        return nap;
    }

    private void attempt(Runnable duty) {
        try {
            duty.run();
        } catch (RuntimeException | Error unexpected) {
            trouble = unexpected;
        }
    }

    private void report() {
        Throwable last = trouble;
        if (last != null) {
            trouble = null;
            aside.execute(() -> LOG.error("a leadership could not be watched or ended as it should", last));
        }
    }

    private void free(ConnectionGuard guard) {
        guard.overdue().flatMap(ConnectionGuard.Wait::take).ifPresent(this::free);
    }

    /** Frees a thread that hangs, by a thread of its own: closing a socket may take its time, and this thread has none. */
    private void free(Runnable abort) {
        Runnable closing = () -> {
            abort.run();
            LOG.warn("a connection has not answered in time and was closed");
        };
        try {
            Thread thread = new Thread(closing, "pgleader-abort");
            thread.setDaemon(true);
            thread.start();
        } catch (OutOfMemoryError noThread) {
            aside.execute(closing);
        }
    }
}
