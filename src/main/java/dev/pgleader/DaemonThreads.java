package dev.pgleader;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the threads of callbacks where the user has named no factory. Thread-safe. */
final class DaemonThreads implements ThreadFactory {

    private final AtomicLong count = new AtomicLong();

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "pgleader-callback-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
