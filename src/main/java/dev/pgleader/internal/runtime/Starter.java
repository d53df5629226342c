package dev.pgleader.internal.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that asks the user's factory for threads, and logs for the watchdog. What the user has given may block, and neither
 * the loop nor the watchdog may wait for it. Thread-safe and without locks.
 *
 * <p>It does one task after the other. While a factory blocks, no further function or listener of this process is started. The
 * leaderships are still renewed, and still end on time.
 */
final class Starter implements Runnable, Executor {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this, "pgleader-starter");
    private volatile boolean ending;
    private volatile boolean over;

    Starter() {
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has a task done, after all that came before; by the caller if the thread is over. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        LockSupport.unpark(thread);
        if (over) {
            doAll();
        }
    }

    @Override
    public void run() {
        while (!ending) {
            doAll();
            LockSupport.park(this);
        }
        doAll();
        over = true;
        // Tasks whose callers came before they could see that this is the end.
        doAll();
    }

    private void doAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException | Error defect) {
                LOG.error("something could not be started", defect);
            }
        }
    }

    /** Ends the thread when it has done what there is to do. */
    void end() {
        ending = true;
        LockSupport.unpark(thread);
    }

    void join(long atMostMillis) throws InterruptedException {
        if (Thread.currentThread() != thread) {
            thread.join(atMostMillis);
        }
    }
}
