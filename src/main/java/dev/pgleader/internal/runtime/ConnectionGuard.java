package dev.pgleader.internal.runtime;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The watchdog's guard over one connection. Thread-safe and without locks.
 *
 * <p>A wait is one object: it is over when another has its place. So the watchdog, which may be slow, can only take the very
 * wait that it has found overdue, and never one that began meanwhile.
 */
final class ConnectionGuard implements Guard {

    private final LongSupplier clock;
    private final long patienceNanos;
    private final Set<ConnectionGuard> waiting;
    private final AtomicReference<@Nullable Wait> current = new AtomicReference<>();

    /**
     * Makes a guard over a connection that nobody waits for.
     *
     * @param clock the nanoseconds by which waits are measured
     * @param waiting has this guard in it while there is a wait
     */
    ConnectionGuard(LongSupplier clock, long patienceNanos, Set<ConnectionGuard> waiting) {
        this.clock = clock;
        this.patienceNanos = patienceNanos;
        this.waiting = waiting;
    }

    @Override
    public void begin(Runnable abort) {
        current.set(new Wait(clock.getAsLong(), abort));
        waiting.add(this);
    }

    @Override
    public void end() {
        waiting.remove(this);
        current.set(null);
    }

    /** Returns the wait that goes on now, if it has lasted too long. */
    Optional<Wait> overdue() {
        long now = clock.getAsLong();
        return Optional.ofNullable(current.get()).filter(wait -> now - wait.beganNanos > patienceNanos);
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
