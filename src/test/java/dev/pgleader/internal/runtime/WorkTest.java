package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.LossReason;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When work counts as stopped, and who is told of its loss. */
@Timeout(30)
class WorkTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Leaderships leaderships = new Leaderships();
    private final Tenancy tenancy = leaderships.gained();
    private final Work work = tenancy.work();

    @Test
    void cancelled_functionIsInterrupted_andWorkHasStoppedOnlyOnceItReturned() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        tenancy.start(leadership -> {
            running.countDown();
            assertThrows(InterruptedException.class, new CountDownLatch(1)::await);
            interrupted.countDown();
            mayReturn.await();
        });
        await(running);

        tenancy.cancel(LossReason.DEPOSED);
        await(interrupted);
        assertFalse(work.hasStopped());
        assertEquals(List.of(), leaderships.told);

        mayReturn.countDown();
        awaitStopped();
    }

    @Test
    void cancelled_withoutFunctionOrListeners_hasStoppedAtOnce() {
        tenancy.cancel(LossReason.CLOSED);

        assertTrue(work.hasStopped());
        assertEquals(List.of("stopped"), leaderships.told);
    }

    @Test
    void functionReturned_workHasNotStopped_beforeItIsCancelled() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        leaderships.factory = task -> new Thread(() -> {
            task.run();
            returned.countDown();
        });
        tenancy.start(leadership -> {});
        await(returned);
        assertFalse(work.hasStopped());

        tenancy.cancel(LossReason.DEPOSED);

        assertTrue(work.hasStopped());
        assertEquals(List.of("recovered", "stopped"), leaderships.told);
    }

    @Test
    void cancelledTwice_isStoppedOnce() {
        assertTrue(tenancy.cancel(LossReason.RESIGNED));
        assertFalse(tenancy.cancel(LossReason.CLOSED));

        assertEquals(List.of("stopped"), leaderships.told);
    }

    @Test
    void partStartedAfterAllHasStopped_isNotRun_andItIsStoppedOnce() {
        tenancy.cancel(LossReason.CLOSED);

        assertFalse(work.startPart(() -> leaderships.told.add("run"), noThread -> leaderships.told.add("no thread")));

        assertTrue(work.hasStopped());
        assertEquals(List.of("stopped"), leaderships.told);
    }

    // Listeners

    @Test
    void listeners_areCalledInTheirOrder_whenItIsNoLongerHeld_andWorkWaitsForThem() throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        CountDownLatch mayReturn = new CountDownLatch(1);
        tenancy.onLoss(reason -> calls.add("first, " + reason + ", held: " + tenancy.isHeld()));
        tenancy.onLoss(reason -> {
            throw new IllegalStateException("planted");
        });
        tenancy.onLoss(reason -> {
            awaitQuietly(mayReturn);
            calls.add("third");
        });

        try (CapturedLog log = new CapturedLog()) {
            tenancy.cancel(LossReason.DEPOSED);
            assertFalse(work.hasStopped());
            mayReturn.countDown();
            awaitStopped();

            assertEquals(1, log.lines("a loss listener of the").size());
        }
        assertEquals(List.of("first, DEPOSED, held: false", "third"), calls);
    }

    @Test
    void listenerRegisteredAfterTheLoss_isCalledAtOnceAndHere() {
        tenancy.cancel(LossReason.DEPOSED);
        Thread[] caller = new Thread[1];

        tenancy.onLoss(reason -> caller[0] = Thread.currentThread());

        assertSame(Thread.currentThread(), caller[0]);
    }

    @Test
    void listenerRegisteredByAListener_isCalledToo() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        tenancy.onLoss(reason -> tenancy.onLoss(again -> called.countDown()));

        tenancy.cancel(LossReason.DEPOSED);

        await(called);
        awaitStopped();
    }

    @Test
    void listenersRegisteredWhileItIsCancelled_areEachCalledOnce() throws Exception {
        for (int round = 0; round < 100; round++) {
            Leaderships fresh = new Leaderships();
            Tenancy raced = fresh.gained();
            AtomicInteger calls = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread registering = new Thread(() -> {
                awaitQuietly(start);
                for (int i = 0; i < 20; i++) {
                    raced.onLoss(reason -> calls.incrementAndGet());
                }
            });
            registering.start();

            start.await();
            raced.cancel(LossReason.DEPOSED);
            registering.join();

            Waiting.until(BOUND, () -> raced.work().hasStopped(), () -> "does not stop");
            assertEquals(20, calls.get());
        }
    }

    // Threads

    @Test
    void callbacks_knowWhoseTheyAre() throws Exception {
        BlockingQueue<String> seen = new ArrayBlockingQueue<>(2);
        tenancy.onLoss(reason -> seen.add("listener of mine: " + AtWork.isOf(tenancy::equals)));
        tenancy.start(leadership -> seen.add("function of mine: " + AtWork.isOf(tenancy::equals)));

        assertEquals("function of mine: true", seen.poll(10, TimeUnit.SECONDS));
        tenancy.cancel(LossReason.DEPOSED);
        assertEquals("listener of mine: true", seen.poll(10, TimeUnit.SECONDS));
        assertFalse(AtWork.isOf(anybody -> true));
        awaitStopped();
    }

    @Test
    void factoryGivesNull_isAFailureOfTheWork_andItStopsWhenCancelled() {
        leaderships.factory = task -> nothing();

        try (CapturedLog log = new CapturedLog()) {
            tenancy.start(leadership -> {});
            assertEquals(1, log.lines("returned null").size());
        }
        assertEquals(List.of("failed"), leaderships.told);

        tenancy.cancel(LossReason.FAILED);
        assertEquals(List.of("failed", "stopped"), leaderships.told);
    }

    @Test
    void noThreadForTheListeners_theyAreCalledAllTheSame() throws Exception {
        List<LossReason> heard = new CopyOnWriteArrayList<>();
        tenancy.onLoss(heard::add);
        leaderships.factory = task -> {
            throw new OutOfMemoryError("planted: unable to create native thread");
        };

        try (CapturedLog log = new CapturedLog()) {
            tenancy.cancel(LossReason.DEPOSED);
            assertEquals(1, log.lines("no thread for the loss listeners").size());
        }

        Waiting.until(BOUND, work::hasStopped, () -> "does not stop");
        assertEquals(List.of(LossReason.DEPOSED), heard);
    }

    @Test
    void cancelled_factoryIsAskedAside_whenTheFunctionWasInterruptedLongAgo() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        tenancy.start(leadership -> {
            running.countDown();
            assertThrows(InterruptedException.class, new CountDownLatch(1)::await);
            interrupted.countDown();
        });
        await(running);
        tenancy.onLoss(reason -> order.add("listener"));
        BlockingQueue<Runnable> aside = new ArrayBlockingQueue<>(2);
        leaderships.aside = aside::add;
        leaderships.factory = task -> {
            order.add("factory");
            throw new OutOfMemoryError("planted: unable to create native thread");
        };

        tenancy.cancel(LossReason.DEPOSED);
        await(interrupted);
        assertEquals(LossReason.DEPOSED, tenancy.awaitLoss());
        assertEquals(List.of(), order);
        assertFalse(work.hasStopped());

        aside.remove().run();
        awaitStopped();
        assertEquals(List.of("factory", "listener"), order);
    }

    @Test
    void cancelledBeforeItsThreadWasMade_functionIsNeverRun_andNoThreadIsMade() {
        BlockingQueue<Runnable> aside = new ArrayBlockingQueue<>(2);
        leaderships.aside = aside::add;
        leaderships.factory = task -> {
            leaderships.told.add("factory");
            return new Thread(task);
        };
        tenancy.start(leadership -> leaderships.told.add("run"));

        tenancy.cancel(LossReason.DEPOSED);
        assertFalse(work.hasStopped());
        aside.remove().run();

        assertTrue(work.hasStopped());
        assertEquals(List.of("stopped"), leaderships.told);
    }

    @Test
    void threadThatRefusesAnInterrupt_keepsTheListenersFromNothing() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        leaderships.factory = task -> new Thread(task) {
            @Override
            public void interrupt() {
                throw new SecurityException("planted");
            }
        };
        CountDownLatch told = new CountDownLatch(1);
        tenancy.onLoss(reason -> told.countDown());
        tenancy.start(leadership -> {
            running.countDown();
            awaitQuietly(mayReturn);
        });
        await(running);

        try (CapturedLog log = new CapturedLog()) {
            assertTrue(tenancy.cancel(LossReason.DEPOSED));
            await(told);
            assertEquals(1, log.lines("refuses an interrupt").size());
        }
        mayReturn.countDown();
        awaitStopped();
    }

    @Test
    void whereabouts_showWhereTheFunctionIs() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        tenancy.start(leadership -> {
            running.countDown();
            awaitQuietly(mayReturn);
        });
        await(running);

        String whereabouts = work.whereabouts();

        assertTrue(whereabouts.contains("work-1") && whereabouts.contains("WorkTest"), whereabouts);
        tenancy.cancel(LossReason.CLOSED);
        mayReturn.countDown();
        awaitStopped();
    }

    @SuppressWarnings("NullAway") // What a wrong factory does.
    private static Thread nothing() {
        @Nullable Thread none = null;
        return none;
    }

    private void awaitStopped() {
        Waiting.until(BOUND, () -> leaderships.told.contains("stopped"), () -> "not stopped: " + leaderships.told);
        assertEquals(1, leaderships.told.stream().filter("stopped"::equals).count());
        assertTrue(work.hasStopped());
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(10, TimeUnit.SECONDS));
    }

    /** Waits without minding interrupts, as stubborn work does. */
    private static void awaitQuietly(CountDownLatch latch) {
        while (true) {
            try {
                assertTrue(latch.await(10, TimeUnit.SECONDS));
                return;
            } catch (InterruptedException ignored) {
                // Stubborn.
            }
        }
    }

    private static void awaitQuietly(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
