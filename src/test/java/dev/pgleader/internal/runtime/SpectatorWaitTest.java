package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.TERM;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits for a change is let go by it, and misses none. */
@Timeout(60)
class SpectatorWaitTest {

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Stage stage = new Stage();
    private final Looks looks = stage.looks;
    private final ObservedElection observed = stage.observed;
    private final Spectator spectator = stage.spectator;

    // Waiting for a change

    @Test
    void changes_letAWaitGoOnce_howeverManyTheyWere() throws Exception {
        assertFalse(spectator.awaitChange(AT_ONCE));

        stage.turnAfter(() -> observed.saw(looks.vacant()));
        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));
        assertTrue(spectator.awaitChange(LONG));
        assertFalse(spectator.awaitChange(AT_ONCE));

        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));
        assertFalse(spectator.awaitChange(AT_ONCE), "a renewed lease is no change");
        stage.turnAfter(() -> observed.saw(looks.vacant()));
        assertTrue(spectator.awaitChange(Duration.ofSeconds(-1)));
    }

    @Test
    void whoeverWaits_isLetGoByTheChange_andByClosing() throws Exception {
        FutureTask<Boolean> first = waiting();
        stage.turnAfter(() -> observed.saw(looks.vacant()));
        assertTrue(first.get(LONG.toSeconds(), TimeUnit.SECONDS));

        FutureTask<Boolean> second = waiting();
        spectator.close();

        assertFalse(second.get(LONG.toSeconds(), TimeUnit.SECONDS));
        assertFalse(spectator.awaitChange(LONG));
        assertFalse(spectator.awaitChange(LONG));
    }

    /** Has somebody wait who does so when this returns. */
    private FutureTask<Boolean> waiting() {
        FutureTask<Boolean> changed = new FutureTask<>(() -> spectator.awaitChange(LONG));
        Thread thread = new Thread(changed, "waiting");
        thread.start();
        Waiting.until(LONG, () -> thread.getState() == Thread.State.TIMED_WAITING, () -> thread + " does not wait");
        return changed;
    }

    /* Whoever waits gives up at every moment there is, also at the one in which the change comes. */
    @Test
    void changeThatComes_justAsAWaitIsGivenUp_isNotLost() throws Exception {
        int rounds = 20_000;
        Semaphore noticed = new Semaphore(0);
        Thread waiting = new Thread(
                () -> {
                    for (int seen = 0; seen < rounds; ) {
                        if (changed()) {
                            seen++;
                            noticed.release();
                        }
                    }
                },
                "waiting");
        waiting.start();

        for (int round = 0; round < rounds; round++) {
            long term = TERM + round;
            stage.turnAfter(() -> observed.saw(looks.leader(term)));
            assertTrue(noticed.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS), "the change was lost");
        }
        waiting.join();
    }

    /* Closing comes at every moment there is, also at the one in which the change before it has just been noticed. */
    @Test
    void closed_justAsAChangeIsNoticed_nextWaitDoesNotLast() throws Exception {
        for (int round = 0; round < 5_000; round++) {
            Stage each = new Stage();
            CountDownLatch waits = new CountDownLatch(1);
            FutureTask<List<Boolean>> waiting = new FutureTask<>(() -> {
                waits.countDown();
                return List.of(each.spectator.awaitChange(LONG), each.spectator.awaitChange(LONG));
            });
            new Thread(waiting, "waiting").start();
            waits.await();

            each.turnAfter(() -> each.observed.saw(each.looks.vacant()));
            each.spectator.close();

            assertFalse(waiting.get(LONG.toSeconds() / 2, TimeUnit.SECONDS).get(1));
        }
    }

    private boolean changed() {
        try {
            return spectator.awaitChange(AT_ONCE);
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
