package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** A call that does not return at once, on a thread of its own. */
final class WaitingCall<T> {

    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private final Thread thread;

    private WaitingCall(Callable<T> call) {
        this.thread = new Thread(() -> run(call), "calling");
        thread.start();
    }

    static <T> WaitingCall<T> of(Callable<T> call) {
        return new WaitingCall<>(call);
    }

    private void run(Callable<T> call) {
        try {
            T result = call.call();
            interrupted.complete(Thread.interrupted());
            outcome.complete(result);
        } catch (Throwable thrown) {
            interrupted.complete(Thread.interrupted());
            outcome.completeExceptionally(thrown);
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isOver() {
        return outcome.isDone();
    }

    /** Waits for what it returns. */
    T result() throws Exception {
        return outcome.get(Eventually.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for what it throws. */
    <E extends Throwable> E failure(Class<E> type) throws Exception {
        ExecutionException failed = Assertions.assertThrows(ExecutionException.class, this::result);
        return assertInstanceOf(type, failed.getCause());
    }

    /** Returns whether its thread had an interrupt pending when it was over. */
    boolean endedInterrupted() throws Exception {
        return interrupted.get(Eventually.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
