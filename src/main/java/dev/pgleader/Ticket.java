package dev.pgleader;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * One answer that will come: given once, and the same to all who ask, however often and however late. None is left open when
 * the {@link LeadershipTracker} that gave it is closed.
 *
 * <p>Thread-safe.
 *
 * @param <T> the answer
 */
public interface Ticket<T> {

    /**
     * Waits for the answer.
     *
     * @return the answer
     * @throws InterruptedException if this thread was interrupted while it waited; the ticket stays good
     */
    T await() throws InterruptedException;

    /**
     * Waits for the answer, but not for ever.
     *
     * @param atMost how long to wait; nothing or less only looks whether it is there
     * @return the answer
     * @throws TimeoutException if it did not come in time; the ticket stays good
     * @throws InterruptedException if this thread was interrupted while it waited; the ticket stays good
     */
    T await(Duration atMost) throws InterruptedException, TimeoutException;

    /**
     * Returns the answer as a stage, which never fails. What depends on it runs on the thread {@code pgleader-observer}, or
     * at once on the thread that adds it where the answer is there, and should return soon.
     *
     * @return a stage that completes with the answer
     */
    CompletionStage<T> ready();
}
