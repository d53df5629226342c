package dev.pgleader.internal.runtime;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Reading;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open something, which either is taken in time or is closed when it comes. Thread-safe.
 *
 * <pre>
 * pending → opened → taken by {@link #result}
 * pending → opened → closed by {@link #giveUp}
 * pending → given up → closed by the thread that has opened it too late
 * </pre>
 *
 * @param <T> what is opened
 */
public final class ConnectAttempt<T> {

    private final Ticker ticker;
    private final Reading deadline;
    private final Consumer<T> close;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();

    /** Whether what was opened has an owner. */
    private final AtomicBoolean owned = new AtomicBoolean();

    private volatile @Nullable Interruption opening;

    ConnectAttempt(Ticker ticker, Reading deadline, Consumer<T> close) {
        this.ticker = ticker;
        this.deadline = deadline;
        this.close = close;
    }

    /** Opens it, on the thread that may be left behind. */
    void open(ConnectAttempts.Opener<T> opener) {
        Interruption interruption = new Interruption(Thread.currentThread());
        opening = interruption;
        if (outcome.isDone()) {
            return;
        }
        T opened;
        try {
            opened = opener.open();
        } catch (SessionException | RuntimeException | Error failed) {
            fail(failed);
            return;
        } finally {
            interruption.end();
        }
        if (!outcome.complete(opened)) {
            close.accept(opened);
        }
    }

    /** Nothing can be opened; without effect if it was. */
    boolean fail(Throwable cause) {
        return outcome.completeExceptionally(cause);
    }

    /** Returns whether there is a result, or no more time for one. */
    boolean isOver() {
        return outcome.isDone() || ticker.read().hasReached(deadline);
    }

    /** Returns when there is no more time. */
    Reading deadline() {
        return deadline;
    }

    /**
     * Returns what was opened, to its one owner. Where it is not there yet it is given up.
     *
     * @throws SessionException if it could not be opened in time
     */
    T result() throws SessionException {
        abandon("no connection was to be had in time");
        T opened;
        try {
            opened = outcome.join();
        } catch (CompletionException failed) {
            throw rethrown(failed.getCause());
        }
        if (!owned.compareAndSet(false, true)) {
            throw new SessionException(problem("the connection is not wanted any more"));
        }
        return opened;
    }

    private static SessionException rethrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException defect) {
            throw defect;
        }
        if (cause instanceof Error defect) {
            throw defect;
        }
        return cause instanceof SessionException refused
                ? refused
                : new SessionException(problem("cannot connect"), new IllegalStateException(cause));
    }

    /**
     * Waits for what is opened, for as long as there is time, and returns it.
     *
     * @throws SessionException if it could not be opened in time
     * @throws InterruptedException if this thread was interrupted; then it is given up
     */
    public T await() throws SessionException, InterruptedException {
        try {
            outcome.get(Math.max(0, deadline.since(ticker.read()).toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            giveUp();
            throw stop;
        } catch (TimeoutException | ExecutionException toBeTold) {
            // The result says so.
        }
        return result();
    }

    /** Says that nobody wants it any more: what was opened and not taken is closed, now or when it comes. */
    void giveUp() {
        abandon("the connection is not wanted any more");
        if (!outcome.isCompletedExceptionally() && owned.compareAndSet(false, true)) {
            close.accept(outcome.join());
        }
    }

    private void abandon(String why) {
        Interruption interruption = opening;
        if (fail(new SessionException(problem(why))) && interruption != null) {
            interruption.fire();
        }
    }

    private static Problem problem(String what) {
        return new Problem(
                Problem.Kind.UNREACHABLE,
                what,
                "see that PostgreSQL can be reached and that the data source has a connection left; trying again");
    }
}
