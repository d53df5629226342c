package dev.pgleader.internal.runtime;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has users told, on a callback thread, that the trust in a leadership is running out. Thread-safe and without locks: the thread
 * that finds out, as a rule the watchdog, only puts a call into the queue, and has a callback thread started where none runs.
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
        tenancy.warn(beforeEnd, () -> fallen(listener));
    }

    private void fallen(Consumer<Duration> listener) {
        calls.add(listener);
        if (outstanding.getAndIncrement() == 0
                && !tenancy.work().startPart(() -> takeAll(this::call), this::notStarted)) {
            takeAll(dropped -> {});
        }
    }

    private void notStarted(Throwable noThread) {
        takeAll(dropped -> {});
        LOG.error("no thread for the danger listeners of the {}: they were not called", tenancy, noThread);
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
