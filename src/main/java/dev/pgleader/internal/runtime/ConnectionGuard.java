package dev.pgleader.internal.runtime;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The watchdog's guard over one connection. Thread-safe and without locks.
 *
 * <p>A wait is one object: it is over when another has its place. So the watchdog, which may be slow, can only take the very
 * wait that it has found overdue, and never one that began meanwhile.
 */
final class ConnectionGuard implements Guard {

    private final Ticker ticker;
    private final long patienceNanos;
    private final Set<ConnectionGuard> waiting;
    private final AtomicReference<@Nullable Wait> current = new AtomicReference<>();

    /**
     * Makes a guard over a connection that nobody waits for.
     *
     * @param waiting has this guard in it while there is a wait
     */
    ConnectionGuard(Ticker ticker, long patienceNanos, Set<ConnectionGuard> waiting) {
        this.ticker = ticker;
        this.patienceNanos = patienceNanos;
        this.waiting = waiting;
    }

    @Override
    public void begin(Runnable abort) {
        current.set(new Wait(ticker.monotonicNanos(), abort));
        waiting.add(this);
    }

    @Override
    public void end() {
        waiting.remove(this);
        current.set(null);
    }

    /** Returns the wait that goes on at {@code nowNanos}, if it has lasted too long. */
    Optional<Wait> overdue(long nowNanos) {
        return Optional.ofNullable(current.get()).filter(wait -> nowNanos - wait.beganNanos > patienceNanos);
    }

    /** One wait. */
    final class Wait {

        private final long beganNanos;
        private final Runnable abort;

        private Wait(long beganNanos, Runnable abort) {
            this.beganNanos = beganNanos;
            this.abort = abort;
        }

        /** Returns what frees the thread that waits, once, if it still does. */
        Optional<Runnable> take() {
            return current.compareAndSet(this, null) ? Optional.of(abort) : Optional.empty();
        }
    }
}
