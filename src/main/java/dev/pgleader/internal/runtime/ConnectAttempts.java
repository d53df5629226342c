package dev.pgleader.internal.runtime;

import dev.pgleader.Problem;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Opens connections on threads that can be left behind. The data source is the user's: it may take any time to give a
 * connection, or never return. Thread-safe.
 *
 * <p>A thread that was left behind closes what it is given later. There is a bound on their number: where so many hang, nothing
 * more is asked of the data source until one of them returns.
 */
public final class ConnectAttempts {

    /** Two are at work at a time, for the session and for the listener. */
    private static final int MOST_THREADS = 4;

    private static final Duration ANY_TIME = Duration.ofDays(1);

    private final Ticker ticker;
    private final Duration atMost;
    private final Executor threads;

    /** One for each thread that may be at work. */
    private final Semaphore places = new Semaphore(MOST_THREADS);

    /** What opens something. */
    @FunctionalInterface
    public interface Opener<T> {
        /** Opens it, or says why that cannot be done. */
        T open() throws SessionException;
    }

    private ConnectAttempts(Ticker ticker, Duration atMost, Executor threads) {
        this.ticker = ticker;
        this.atMost = atMost;
        this.threads = threads;
    }

    /** Gives each attempt so much time, on a thread of its own. */
    public ConnectAttempts(Ticker ticker, Duration atMost) {
        this(ticker, atMost, task -> {
            Thread thread = new Thread(task, "pgleader-connect");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Makes each attempt on the caller's thread, where nothing can hang. */
    static ConnectAttempts here(Ticker ticker) {
        return new ConnectAttempts(ticker, ANY_TIME, Runnable::run);
    }

    /**
     * Begins to open something.
     *
     * @param close what becomes of it when it comes too late
     * @param whenDone is run when the attempt has come to its end by itself
     */
    public <T> ConnectAttempt<T> begin(Opener<T> opener, Consumer<T> close, Runnable whenDone) {
        ConnectAttempt<T> attempt = new ConnectAttempt<>(ticker, ticker.read().plus(atMost), close);
        if (!places.tryAcquire()) {
            attempt.fail(new SessionException(dataSourceHangs()));
            return attempt;
        }
        try {
            threads.execute(() -> {
                try {
                    attempt.open(opener);
                } finally {
                    places.release();
                }
                whenDone.run();
            });
        } catch (OutOfMemoryError noThread) {
            places.release();
            attempt.fail(noThread);
        }
        return attempt;
    }

    /** Waits until no thread is at work: what came too late has been closed then. */
    void join(long atMostMillis) throws InterruptedException {
        if (places.tryAcquire(MOST_THREADS, atMostMillis, TimeUnit.MILLISECONDS)) {
            places.release(MOST_THREADS);
        }
    }

    private static Problem dataSourceHangs() {
        return new Problem(
                Problem.Kind.UNREACHABLE,
                MOST_THREADS + " threads wait for a connection, and the data source does not answer",
                "see why its getConnection does not return; trying again when one of them has returned");
    }
}
