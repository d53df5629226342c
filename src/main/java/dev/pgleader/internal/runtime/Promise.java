package dev.pgleader.internal.runtime;

import dev.pgleader.Ticket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A ticket. Answering it takes no lock and runs nothing of the user's, since the watchdog may be the one who answers.
 *
 * @param <T> the answer
 */
final class Promise<T> implements Ticket<T> {

    private final Executor executor;
    private final Runnable whenKept;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    /**
     * Makes one that is open.
     *
     * @param executor where the user's stages run
     * @param whenKept run by whoever answers
     */
    Promise(Executor executor, Runnable whenKept) {
        this.executor = executor;
        this.whenKept = whenKept;
    }

    /** Makes one that is answered. */
    static <T> Promise<T> kept(T answer) {
        Promise<T> promise = new Promise<>(Runnable::run, () -> {});
        promise.keep(answer);
        return promise;
    }

    /** Gives the answer, unless it was given before. */
    void keep(T value) {
        if (answer.complete(value)) {
            whenKept.run();
        }
    }

    @Override
    public T await() throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public T await(Duration atMost) throws InterruptedException, TimeoutException {
        try {
            return answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public CompletionStage<T> ready() {
        return answer.isDone()
                ? CompletableFuture.completedStage(answer.join())
                : answer.thenApplyAsync(Function.identity(), executor).minimalCompletionStage();
    }
}
