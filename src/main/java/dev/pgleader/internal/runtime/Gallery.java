package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionObserver;
import dev.pgleader.internal.election.Reading;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Those who watch, and the one thread on which they are told: started for the first of them. Thread-safe. */
final class Gallery implements Runnable, Executor {

    private final Ticker ticker;
    private final Dispatch dispatch;
    private final Thread thread = new Thread(this, "pgleader-observer");
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean ended;

    Gallery(Ticker ticker) {
        this.ticker = ticker;
        this.dispatch = new Dispatch(ticker, () -> LockSupport.unpark(thread));
        thread.setDaemon(true);
    }

    /**
     * Lets somebody watch.
     *
     * @param whenClosed what else is done when the observer is closed
     */
    ElectionObserver admit(ObservedElection observed, Runnable whenClosed) {
        open();
        return Spectator.admit(observed, dispatch, whenClosed);
    }

    /** Sees to it that what is told is heard. */
    void open() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    @Override
    public void execute(Runnable task) {
        dispatch.execute(task);
    }

    @Override
    public void run() {
        while (!ended) {
            Reading due = dispatch.turn();
            LockSupport.parkNanos(this, Math.max(1, due.since(ticker.read()).toNanos()));
        }
        dispatch.end();
    }

    /** Closes every observer and ends the thread. */
    void end() {
        ended = true;
        if (started.compareAndSet(false, true)) {
            dispatch.end();
        } else {
            LockSupport.unpark(thread);
        }
    }

    void join(long atMostMillis) throws InterruptedException {
        if (Thread.currentThread() != thread) {
            thread.join(atMostMillis);
        }
    }
}
