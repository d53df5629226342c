package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
 *
 * <p>There may be a hundred thousand leaderships, which heartbeats extend all the time. So it visits them when the first of the
 * deadlines has come that it saw at its last visit, on any clock, and not whenever it wakes.
 */
final class Watchdog implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(250);

    private final Ticker ticker;
    private final long patienceNanos;
    private final Duration toleratedDelay;
    private final Executor aside;
    private final Queue<Tenancy> newcomers = new ConcurrentLinkedQueue<>();
    private final Set<ConnectionGuard> guards = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this, "pgleader-watchdog");
    private volatile boolean ended;

    /** When it is going to wake, by the monotonic clock. */
    private volatile long wakesAtNanos;

    /** Who is watched. Watchdog thread only. */
    private final Set<Tenancy> tenancies = new HashSet<>();

    /** Before this nobody who is watched needs a visit; on each clock for itself. Watchdog thread only. */
    private Deadline nextVisit;

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
        this.nextVisit = Deadline.after(ticker.read(), patience);
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

    /** Watches a leadership, or one that has another alarm since or something to report. */
    void watch(Tenancy tenancy) {
        newcomers.add(tenancy);
        boolean wakesInTime = wakesAtNanos - tenancy.alarms().nextDue().at().monotonicNanos() <= 0;
        if (!wakesInTime || tenancy.isCancelled()) {
            wake();
        }
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
        Reading before = planned;
        while (!ended) {
            Reading now = ticker.read();
            Optional<Pause> pause = Pause.between(planned, now, toleratedDelay);
            pause.ifPresent(noticed -> pausedNanos.addAndGet(noticed.stalled().toNanos()));
            long nap = goRound(before, now);
            pause.ifPresent(noticed -> aside.execute(() -> LOG.warn("{}", noticed.account())));
            before = now;
            planned = now.plus(Duration.ofNanos(nap));
            wakesAtNanos = planned.monotonicNanos();
            // A thread that has added one since may have seen the former time, and then does not wake this one.
            if (newcomers.isEmpty()) {
                LockSupport.parkNanos(this, wakesAtNanos - ticker.monotonicNanos());
            }
        }
    }

    /** Does the duty; returns the nanoseconds from {@code now} until there may be more to do. */
    private long goRound(Reading before, Reading now) {
        nextVisit = followed(before, now);
        admit();
        if (nextVisit.isPast(now)) {
            visit(now);
        }
        guards.forEach(this::free);
        report();
        long nap = tenancies.isEmpty() ? patienceNanos : LONGEST_NAP;
        return Math.max(1, Math.min(nap, nextVisit.remaining(now).toNanos()));
    }

    private void admit() {
        for (Tenancy next = newcomers.poll(); next != null; next = newcomers.poll()) {
            tenancies.add(next);
            Alarms alarms = next.alarms();
            nextVisit = Deadline.earlier(nextVisit, alarms.nextDue());
            alarms.failure().ifPresent(thrown -> trouble = thrown);
        }
    }

    /** Returns the next visit where a clock was set back: what heartbeats have extended since is over that much earlier by it. */
    private Deadline followed(Reading before, Reading now) {
        Reading at = nextVisit.at();
        long passed = now.monotonicNanos() - before.monotonicNanos();
        long uptimeLost = Math.max(0, passed - (now.uptimeNanos() - before.uptimeNanos()));
        long wallLost = Math.max(0, passed - (now.wallNanos() - before.wallNanos()));
        return new Deadline(new Reading(at.monotonicNanos(), at.uptimeNanos() - uptimeLost, at.wallNanos() - wallLost));
    }

    /** Sees after everybody, all interrupts first. */
    private void visit(Reading now) {
        List<Tenancy> over = new ArrayList<>();
        for (Tenancy tenancy : tenancies) {
            attempt(() -> {
                if (tenancy.interruptIfOver(now)) {
                    over.add(tenancy);
                }
            });
        }
        over.forEach(tenancy -> attempt(tenancy::tellOfExpiry));
        nextVisit = Deadline.after(now, Duration.ofNanos(patienceNanos));
        for (Tenancy tenancy : tenancies) {
            Alarms alarms = tenancy.alarms();
            attempt(() -> alarms.sound(now));
            alarms.failure().ifPresent(thrown -> trouble = thrown);
            if (!tenancy.isOver(now)) {
                nextVisit = Deadline.earlier(nextVisit, alarms.nextDue());
            }
        }
        tenancies.removeIf(tenancy -> tenancy.alarms().isSettled());
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
