package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which threads do the work. */
@PostgresTest
class CallbackThreadsTest {

    static List<Arguments> factories() throws ReflectiveOperationException {
        List<Arguments> factories = new ArrayList<>();
        AtomicInteger count = new AtomicInteger();
        factories.add(
                Arguments.of("named", (ThreadFactory) task -> new Thread(task, "mine-" + count.getAndIncrement())));
        factories.add(Arguments.of("in a group", (ThreadFactory) task -> new Thread(new ThreadGroup("ours"), task)));
        if (Runtime.version().feature() >= 21) {
            factories.add(Arguments.of("virtual", virtual()));
        }
        return factories;
    }

    /** {@code Thread.ofVirtual().factory()}, which the language level does not know. */
    private static ThreadFactory virtual() throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
        return (ThreadFactory) factory.invoke(builder);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("factories")
    void factoryOfTheUser_makes_threadsOfWorkAndListeners(String kind, ThreadFactory factory, TestDatabase database)
            throws Exception {
        BlockingQueue<Thread> made = new LinkedBlockingQueue<>();
        CompletableFuture<Thread> working = new CompletableFuture<>();
        CompletableFuture<Thread> listening = new CompletableFuture<>();
        RecordedWork work = RecordedWork.of(leadership -> {
            working.complete(Thread.currentThread());
            leadership.onLoss(reason -> listening.complete(Thread.currentThread()));
            leadership.awaitLoss();
        });
        ElectionConfig config = Settings.calm()
                .callbackThreads(task -> {
                    Thread thread = factory.newThread(task);
                    made.add(thread);
                    return thread;
                })
                .build();
        try (Elections elections = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();

            assertTrue(leader.resign(), kind);

            assertTrue(made.contains(working.get(60, TimeUnit.SECONDS)));
            assertTrue(made.contains(listening.get(60, TimeUnit.SECONDS)));
        }
        for (Thread thread : made) {
            Eventually.ends(thread);
        }
    }

    @Test
    void byDefault_threadsAreNamedDaemons(TestDatabase database) throws Exception {
        CompletableFuture<Thread> working = new CompletableFuture<>();
        RecordedWork work = RecordedWork.of(leadership -> working.complete(Thread.currentThread()));
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            elections.run("orders", "a:1", work);

            Thread thread = working.get(60, TimeUnit.SECONDS);

            assertTrue(thread.getName().startsWith("pgleader-"), thread::getName);
            assertTrue(thread.isDaemon());
            assertEquals(
                    List.of(),
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(each -> each.getName().startsWith("pgleader") && !each.isDaemon())
                            .toList());
        }
    }

    @Test
    void factoryThatFails_once_isLikeWorkThatFails(TestDatabase database) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        RecordedWork work = RecordedWork.staying();
        ElectionConfig config = Settings.calm()
                .callbackThreads(task -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return new Thread(task);
                })
                .build();
        try (CapturedLog log = CapturedLog.start();
                Elections elections = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);

            assertTrue(work.next().isHeld(), log::text);

            Eventually.isIn(ProcessState.LEADING, leader);
            assertTrue(log.text().contains("unable to create native thread"), log::text);
        }
    }

    @Test
    void workThatBlocks_holdsUp_noOtherElection(TestDatabase database) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        RecordedWork blocked = RecordedWork.of(leadership -> {
            leadership.onLoss(reason -> awaitUninterruptibly(end));
            awaitUninterruptibly(end);
        });
        RecordedWork free = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            Leader stuck = elections.run("orders", "a:1", blocked);
            blocked.next();
            Thread resigning = new Thread(stuck::resign);
            resigning.start();

            Leader other = elections.run("billing", "a:1", free);
            Leadership first = free.next();
            assertTrue(other.resign());
            Leadership second = free.next();

            assertTrue(second.isHeld());
            assertFalse(first.isHeld());
            end.countDown();
            Eventually.ends(resigning);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // Waits on, which is the point here.
            }
        }
    }
}
