package dev.pgleader.internal.runtime;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What other threads want done on the loop thread, in the order in which they came. Thread-safe. */
final class Mailbox {

    /** How many things are done in one go. */
    static final int MOST = 1_000;

    private final LinkedBlockingQueue<Consumer<Conductor>> tasks = new LinkedBlockingQueue<>();

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    void post(Consumer<Conductor> task) {
        tasks.add(task);
    }

    /**
     * Does what has come, {@value #MOST} things at most; waits for the first for as long as told. The rest is left for the next
     * time, so that a thread that posts without end keeps no heartbeat from being sent. Loop thread only.
     */
    void deliver(Conductor conductor, long waitNanos) throws InterruptedException {
        @Nullable Consumer<Conductor> task = tasks.poll(waitNanos, TimeUnit.NANOSECONDS);
        for (int left = Math.min(tasks.size(), MOST - 1); task != null; left--) {
            task.accept(conductor);
            task = left > 0 ? tasks.poll() : null;
        }
    }
}
