package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that end as soon as they may, and give up only after a time that no slow machine needs. */
final class Eventually {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Eventually() {}

    static void holds(String what, Waiting.Condition condition) {
        Waiting.until(PATIENCE, condition, () -> "never came true: " + what);
    }

    static void isIn(ProcessState state, Leader leader) {
        Waiting.until(
                PATIENCE,
                () -> leader.state() == state,
                () -> "'" + leader.election() + "' is " + leader.state() + ", not " + state + "; problem: "
                        + leader.problem());
    }

    static void comes(CountDownLatch signal) throws InterruptedException {
        assertTrue(signal.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "the signal never came");
    }

    /** Waits for the loss, on no more than its word: a leadership that is never lost fails the test. */
    static LossReason lossOf(Leadership leadership) throws Exception {
        CompletableFuture<LossReason> loss = new CompletableFuture<>();
        leadership.onLoss(loss::complete);
        return loss.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    static void ends(Thread thread) throws InterruptedException {
        thread.join(PATIENCE.toMillis());
        assertTrue(!thread.isAlive(), () -> thread + " has not ended");
    }
}
