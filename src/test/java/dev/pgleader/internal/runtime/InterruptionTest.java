package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom an interrupt hits, and what is left of it when the work has ended. The test's own thread does the work. */
@Timeout(60)
class InterruptionTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int ROUNDS = 50_000;

    private final Interruption interruption = new Interruption(Thread.currentThread());

    /** What is fired at, and ended, at the same time. */
    private volatile Interruption latest = interruption;

    @AfterEach
    void nothingIsLeftForTheNextTest() {
        Thread.interrupted();
    }

    @Test
    void fired_workIsInterrupted_once() {
        assertTrue(interruption.fire());

        assertTrue(Thread.interrupted());
        assertTrue(interruption.hasFired());
        assertFalse(interruption.fire());
        assertFalse(Thread.interrupted());
    }

    @Test
    void firedAndNotNoticed_end_takesItBack() {
        interruption.fire();

        assertTrue(interruption.end());

        assertFalse(Thread.interrupted());
    }

    @Test
    void firedAndNoticed_end_findsNothingToTakeBack() {
        interruption.fire();
        Thread.interrupted();

        assertTrue(interruption.end());

        assertFalse(Thread.interrupted());
    }

    @Test
    void ended_fire_doesNothing() {
        assertFalse(interruption.end());

        assertFalse(interruption.fire());

        assertFalse(Thread.interrupted());
        assertFalse(interruption.hasFired());
    }

    @Test
    void endedTwice_second_touchesNothing() {
        interruption.fire();
        interruption.end();
        Thread.currentThread().interrupt();

        assertFalse(interruption.end());

        assertTrue(Thread.interrupted());
    }

    // Somebody else

    @Test
    void notFired_interruptOfSomebodyElse_outlastsTheWork() {
        Thread.currentThread().interrupt();

        assertFalse(interruption.end());

        assertTrue(Thread.interrupted());
    }

    @Test
    void somebodyElseFirst_thenFired_theirsOutlastsTheWork() {
        Thread.currentThread().interrupt();
        interruption.fire();

        assertTrue(interruption.end());

        assertTrue(Thread.interrupted());
    }

    @Test
    void somebodyElseFirst_thenFired_theirsOutlastsWorkThatNoticed() {
        Thread.currentThread().interrupt();
        interruption.fire();
        assertTrue(interruption.hasFired());
        Thread.interrupted();

        interruption.end();

        assertTrue(Thread.interrupted());
    }

    // The race

    /** A thread of which the test decides when an interrupt reaches it. */
    private static final class Remote extends Thread {

        private final CountDownLatch shot = new CountDownLatch(1);
        private final CountDownLatch mayHit = new CountDownLatch(1);

        Remote(Runnable task) {
            super(task, "remote-work");
        }

        @Override
        public void interrupt() {
            shot.countDown();
            Waiting.until(BOUND, () -> mayHit.getCount() == 0, () -> "was never told to hit");
            super.interrupt();
        }
    }

    @Test
    void shotOnItsWay_end_waitsForItAndTakesItBack() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicReference<@Nullable Interruption> given = new AtomicReference<>();
        CompletableFuture<Boolean> leaked = new CompletableFuture<>();
        Remote remote = new Remote(() -> {
            Waiting.until(BOUND, () -> mayEnd.getCount() == 0, () -> "was never told to end");
            Interruption work = given.get();
            leaked.complete(work == null || !work.end() || Thread.interrupted());
        });
        Interruption work = new Interruption(remote);
        given.set(work);
        remote.start();
        Thread firing = new Thread(work::fire, "firing");
        firing.start();
        assertTrue(remote.shot.await(20, TimeUnit.SECONDS));

        mayEnd.countDown();
        Waiting.until(BOUND, () -> isEnding(remote) || leaked.isDone(), () -> "does not end");
        boolean hasWaited = !leaked.isDone();
        remote.mayHit.countDown();

        assertFalse(leaked.get(20, TimeUnit.SECONDS));
        assertTrue(hasWaited);
        firing.join();
        remote.join();
    }

    private static boolean isEnding(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitShot"));
    }

    /** Ends and fires at the same moment, again and again; whoever is first, nothing leaks, and both agree on who it was. */
    @Test
    void endAndFireAtTheSameTime_nothingLeaks_andBothAgree() throws Exception {
        latest.end();
        AtomicInteger fired = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread firing = new Thread(
                () -> {
                    while (!over.get()) {
                        fired.addAndGet(latest.fire() ? 1 : 0);
                    }
                },
                "firing");
        firing.start();
        Random random = new Random(1);
        int interrupted = 0;
        int leaked = 0;
        for (int round = 0; round < ROUNDS; round++) {
            latest = new Interruption(Thread.currentThread());
            for (int i = random.nextInt(100); i > 0; i--) {
                Thread.onSpinWait();
            }
            interrupted += latest.end() ? 1 : 0;
            leaked += Thread.interrupted() ? 1 : 0;
        }
        over.set(true);
        firing.join();

        assertEquals(0, leaked);
        assertEquals(fired.get(), interrupted);
    }
}
