package dev.pgleader.internal.runtime;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has users told, on a callback thread, that the trust in a leadership is running out. Thread-safe and without locks: whoever
 * finds out, which is the watchdog as a rule, only puts a call into the queue, and starts a thread where none is at it.
 *
 * <p>That thread is part of the {@link Work} and ends with the queue, so that there is one at a time.
 */
final class Dangers {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private final Tenancy tenancy;
    private final Queue<Consumer<Duration>> calls = new ConcurrentLinkedQueue<>();

    /** How many calls have not returned. Whoever counts from zero starts the thread. */
    private final AtomicInteger outstanding = new AtomicInteger();

    Dangers(Tenancy tenancy) {
        this.tenancy = tenancy;
    }

    /** Has {@code listener} told, on another thread, what remains each time that it falls to {@code beforeEnd}. */
    void tell(Duration beforeEnd, Consumer<Duration> listener) {
        try {
            tenancy.warn(beforeEnd, () -> fallen(listener));
        } catch (RuntimeException | Error noThread) {
            LOG.error("a danger listener of the {} was not called", tenancy, noThread);
        }
    }

    /** Throws where there is no thread: the caller is not to log before its duty is done. */
    private void fallen(Consumer<Duration> listener) {
        calls.add(listener);
        if (outstanding.getAndIncrement() > 0) {
            return;
        }
        boolean started = false;
        try {
            started = tenancy.work().startPart(() -> takeAll(this::call));
        } catch (RuntimeException | Error noThread) {
            throw new IllegalStateException("no thread for the danger listeners of the " + tenancy, noThread);
        } finally {
            if (!started) {
                takeAll(dropped -> {});
            }
        }
    }

    private void takeAll(Consumer<Consumer<Duration>> use) {
        do {
            use.accept(calls.remove());
        } while (outstanding.decrementAndGet() > 0);
    }

    private void call(Consumer<Duration> listener) {
        try {
            Duration left = tenancy.remaining();
            if (!left.isZero()) {
                listener.accept(left);
            }
        } catch (Throwable thrown) {
            LOG.error("a danger listener of the {} failed", tenancy, thrown);
        }
    }
}
