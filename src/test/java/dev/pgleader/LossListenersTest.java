package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Listeners for the loss of a leadership. */
@PostgresTest
class LossListenersTest {

    @Test
    void loss_calls_listenersOnceInTheOrderOfTheirComing(TestDatabase database) throws Exception {
        List<Integer> expected = new ArrayList<>();
        Queue<Integer> called = new ConcurrentLinkedQueue<>();
        Queue<LossReason> reasons = new ConcurrentLinkedQueue<>();
        RecordedWork work = RecordedWork.returning();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            for (int i = 0; i < 50; i++) {
                int number = i;
                expected.add(number);
                leadership.onLoss(reason -> {
                    called.add(number);
                    reasons.add(reason);
                });
            }
            assertEquals(0, called.size());

            assertTrue(leader.resign());

            assertEquals(expected, List.copyOf(called));
            assertEquals(
                    List.of(LossReason.RESIGNED), reasons.stream().distinct().toList());
        }
        assertEquals(expected.size(), called.size());
    }

    @Test
    void listenerThatThrows_isLogged_andKeepsNoOtherFromBeingCalled(TestDatabase database) throws Exception {
        CountDownLatch called = new CountDownLatch(2);
        RecordedWork work = RecordedWork.of(leadership -> {
            leadership.onLoss(reason -> {
                throw new IllegalStateException("listener one is broken");
            });
            leadership.onLoss(reason -> called.countDown());
            leadership.onLoss(reason -> {
                throw new StackOverflowError("listener three is broken");
            });
            leadership.onLoss(reason -> called.countDown());
        });
        try (CapturedLog log = CapturedLog.start();
                Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership first = work.next();
            Eventually.isIn(ProcessState.LEADING, leader);

            assertTrue(leader.resign(), log::text);

            assertEquals(0, called.getCount());
            assertTrue(log.text().contains("listener one is broken"), log::text);
            assertTrue(log.text().contains("listener three is broken"), log::text);
            assertTrue(work.next().term() > first.term());
        }
    }

    @Test
    void listener_findsTheLeadershipLost_onAThreadOfItsOwn(TestDatabase database) throws Exception {
        CompletableFuture<Boolean> held = new CompletableFuture<>();
        CompletableFuture<Thread> listening = new CompletableFuture<>();
        CompletableFuture<Thread> working = new CompletableFuture<>();
        RecordedWork work = RecordedWork.of(leadership -> {
            leadership.onLoss(reason -> {
                held.complete(leadership.isHeld());
                listening.complete(Thread.currentThread());
            });
            working.complete(Thread.currentThread());
            leadership.awaitLoss();
        });
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Thread worker = working.get(60, TimeUnit.SECONDS);

            leader.close();

            assertFalse(held.get(60, TimeUnit.SECONDS));
            assertNotSame(Thread.currentThread(), listening.get());
            assertNotSame(worker, listening.get());
        }
    }

    @Test
    void listenerAddedAfterTheLoss_isCalledAtOnce_onThisThread(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.returning();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            leader.close();
            List<Thread> threads = new ArrayList<>();
            List<LossReason> reasons = new ArrayList<>();

            leadership.onLoss(reason -> {
                threads.add(Thread.currentThread());
                reasons.add(reason);
            });

            assertEquals(List.of(LossReason.CLOSED), reasons);
            assertSame(Thread.currentThread(), threads.get(0));
        }
    }

    @Test
    void listenersAddedWhileItIsLost_areCalled_eachExactlyOnce(TestDatabase database) throws Exception {
        for (int round = 0; round < 20; round++) {
            RecordedWork work = RecordedWork.returning();
            AtomicInteger added = new AtomicInteger();
            AtomicInteger called = new AtomicInteger();
            try (Elections elections = connect(database)) {
                Leader leader = elections.run("orders", "a:1", work);
                Leadership leadership = work.next();
                Thread adding = new Thread(() -> {
                    while (leadership.isHeld() || added.get() < 100) {
                        added.incrementAndGet();
                        leadership.onLoss(reason -> called.incrementAndGet());
                        Thread.onSpinWait();
                    }
                });
                adding.start();

                leader.close();

                Eventually.ends(adding);
            }
            assertEquals(added.get(), called.get());
        }
    }

    @Test
    void awaitLoss_returnsOnEveryWaitingThread_withTheReason(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.returning();
        List<CompletableFuture<LossReason>> waiting = new ArrayList<>();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            for (int i = 0; i < 5; i++) {
                waiting.add(
                        CompletableFuture.supplyAsync(() -> awaitLoss(leadership), task -> new Thread(task).start()));
            }

            leader.resign();

            for (CompletableFuture<LossReason> each : waiting) {
                assertEquals(LossReason.RESIGNED, each.get(60, TimeUnit.SECONDS));
            }
        }
    }

    private static LossReason awaitLoss(Leadership leadership) {
        try {
            return leadership.awaitLoss();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }
}
