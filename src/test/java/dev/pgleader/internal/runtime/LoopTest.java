package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.CandidateConfig;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Leader;
import dev.pgleader.Leadership;
import dev.pgleader.Problem;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.testing.Leftovers;
import dev.pgleader.testing.Waiting;
import dev.pgleader.testing.memory.InMemoryDatabase;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the loop's threads begin and end. Only the loop thread touches the simulated database here. */
class LoopTest {

    private static final int BOUND_SECONDS = 30;
    private static final Duration BOUND = Duration.ofSeconds(BOUND_SECONDS);

    private final InMemoryDatabase memory = new InMemoryDatabase(System::nanoTime);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void everyThreadHasEnded() {
        end.countDown();
        Leftovers.expectNoThreads();
    }

    @Test
    void nobodyStanding_closed_endsAtOnce() throws Exception {
        Loop loop = started(ElectionConfig.defaults(), new Deaf());

        assertClosesSoon(loop);
    }

    @Test
    void leader_closedWhileNobodyListens_endsAtOnce() throws Exception {
        Loop loop = started(ElectionConfig.defaults(), new Deaf());
        CountDownLatch elected = new CountDownLatch(1);
        Leader leader = loop.stand("orders", CandidateConfig.at("here"), leadership -> elected.countDown());
        assertTrue(elected.await(BOUND_SECONDS, TimeUnit.SECONDS));

        assertClosesSoon(loop);
        assertEquals(ProcessState.FOLLOWING, leader.state());
    }

    @Test
    void candidateWithoutDatabase_closed_endsAtOnce() throws Exception {
        memory.primary().stop();
        Loop loop = started(ElectionConfig.defaults(), new Deaf());
        loop.stand("orders", CandidateConfig.at("here"), leadership -> {});

        assertClosesSoon(loop);
    }

    @Test
    void factoryThatBlocks_loopGoesOn_andTheLeadershipIsKept() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch turned = new CountDownLatch(1);
        ElectionConfig config = ElectionConfig.builder()
                .callbackThreads(task -> {
                    asked.countDown();
                    awaitQuietly(end);
                    return new Thread(task);
                })
                .build();
        Loop loop = started(config, new Deaf());
        Leader leader = loop.stand("orders", CandidateConfig.at("here"), leadership -> {});
        assertTrue(asked.await(BOUND_SECONDS, TimeUnit.SECONDS));

        loop.beat(turned::countDown);

        assertTrue(turned.await(BOUND_SECONDS, TimeUnit.SECONDS), "the loop waits for the user's thread factory");
        assertEquals(ProcessState.RECOVERING, leader.state());
        end.countDown();
        assertClosesSoon(loop);
    }

    @Test
    void dataSourceThatBlocks_loopGoesOn_andClosesAtOnce_andTheLateSessionIsClosed() throws Exception {
        Blocking database = new Blocking(end);
        Loop loop = started(ElectionConfig.defaults(), database);
        Leader leader = loop.stand("orders", CandidateConfig.at("here"), leadership -> {});
        assertTrue(database.asked.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS));

        CompletableFuture<Boolean> resigned = CompletableFuture.supplyAsync(leader::resign);
        assertTrue(resigned.get(BOUND_SECONDS, TimeUnit.SECONDS), "nothing to resign from");
        assertClosesSoon(loop);

        end.countDown();
        assertTrue(database.closed.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS), "the late session is left open");
    }

    // Defects

    @Test
    void actionThatThrows_isRunOnce_andTheNextAllTheSame() throws Exception {
        Loop loop = started(ElectionConfig.defaults(), new Deaf());
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch next = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(1);

        try (CapturedLog log = new CapturedLog()) {
            loop.beat(() -> {
                runs.incrementAndGet();
                throw new IllegalStateException("planted");
            });
            loop.beat(next::countDown);
            assertTrue(next.await(BOUND_SECONDS, TimeUnit.SECONDS));
            loop.beat(again::countDown);
            assertTrue(again.await(BOUND_SECONDS, TimeUnit.SECONDS));

            assertEquals(1, log.lines("IllegalStateException: planted").size());
        }
        assertEquals(1, runs.get());
        assertClosesSoon(loop);
    }

    @Test
    void sessionThatFailsToClose_isForgotten_andTheNextIsOpened() throws Exception {
        Throwing database = new Throwing(Set.of("close", "heartbeat"));
        Loop loop = started(ElectionConfig.defaults(), database);
        BlockingQueue<Leadership> led = new LinkedBlockingQueue<>();
        loop.stand("orders", CandidateConfig.at("here"), led::add);
        assertNotNull(led.poll(BOUND_SECONDS, TimeUnit.SECONDS));

        try (CapturedLog log = new CapturedLog()) {
            database.broken = true;
            loop.beat(() -> {});
            Waiting.until(BOUND, () -> !log.lines("planted close").isEmpty(), () -> "not closed");
            database.broken = false;

            assertNotNull(led.poll(BOUND_SECONDS, TimeUnit.SECONDS), () -> "leads no more " + log.lines(""));
        }
        assertClosesSoon(loop);
    }

    @Test
    void listenerThatFailsToEnd_keepsNoThreadAlive() throws Exception {
        CountDownLatch listening = new CountDownLatch(1);
        Loop loop = started(ElectionConfig.defaults(), new Deaf() {
            @Override
            public Listener openListener(Guard guard) {
                return (Listener) Proxy.newProxyInstance(
                        Listener.class.getClassLoader(),
                        new Class<?>[] {Listener.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("abort")) {
                                throw new IllegalStateException("planted");
                            }
                            if (method.getName().equals("await")) {
                                listening.countDown();
                                awaitQuietly(end, (Duration) arguments[0]);
                                return Set.of();
                            }
                            return null;
                        });
            }
        });
        assertTrue(listening.await(BOUND_SECONDS, TimeUnit.SECONDS));

        assertClosesSoon(loop);
        Leftovers.expectNoThreads();
    }

    @Test
    void statementsThatLeadToStatements_haveAnEnd_andTheMailboxIsRead() throws Exception {
        Loop loop = started(ElectionConfig.defaults(), new Deaf());
        CountDownLatch read = new CountDownLatch(1);

        try (CapturedLog log = new CapturedLog()) {
            loop.post(conductor -> conductor.observe(new Insatiable(conductor)));
            Waiting.until(BOUND, () -> !log.lines("has no end").isEmpty(), () -> "goes on for ever");
            loop.post(conductor -> read.countDown());

            assertTrue(read.await(BOUND_SECONDS, TimeUnit.SECONDS), "the mailbox is not read");
        }
        assertClosesSoon(loop);
    }

    /** Asks again whenever it is answered. */
    private record Insatiable(Conductor conductor) implements Onlooker {

        @Override
        public String election() {
            return "orders";
        }

        @Override
        public void saw(Sighting seen) {
            conductor.observe(this);
        }

        @Override
        public void sawNothing(Reading askedAt) {
            conductor.observe(this);
        }

        @Override
        public void unanswerable(String why) {}
    }

    @Test
    void lossOfTheSessionThatFails_loopGoesOn() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        Random broken = new Random(1) {
            @Override
            public double nextDouble() {
                boolean onTheLoop = Thread.currentThread().getName().equals("pgleader-loop");
                if (onTheLoop && failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("planted");
                }
                return super.nextDouble();
            }
        };
        Loop loop = new Loop(new Deaf(), ElectionConfig.defaults(), Ticker.system(), broken);
        CountDownLatch elected = new CountDownLatch(1);
        try (CapturedLog log = new CapturedLog()) {
            loop.stand("orders", CandidateConfig.at("here"), leadership -> elected.countDown());
            loop.start();

            assertTrue(elected.await(BOUND_SECONDS, TimeUnit.SECONDS), () -> "no loop any more " + log.lines(""));
        }
        assertTrue(failures.get() <= 0);
        assertClosesSoon(loop);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        assertTrue(awaitQuietly(latch, Duration.ofMinutes(1)));
    }

    private static boolean awaitQuietly(CountDownLatch latch, Duration atMost) {
        try {
            return latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Loop started(ElectionConfig config, Database database) {
        Loop loop = new Loop(database, config, Ticker.system(), new Random(1));
        loop.start();
        return loop;
    }

    private static void assertClosesSoon(Loop loop) throws Exception {
        CompletableFuture<Void> closing = CompletableFuture.runAsync(loop::close);
        try {
            closing.get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            loop.post(conductor -> {});
            closing.get(BOUND_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("close() waits although nothing is left to be done", late);
        }
    }

    /** Does not give a session before it is told to. */
    private final class Blocking extends Deaf {

        private final CountDownLatch mayGive;
        final Semaphore asked = new Semaphore(0);
        final Semaphore closed = new Semaphore(0);

        Blocking(CountDownLatch mayGive) {
            this.mayGive = mayGive;
        }

        @Override
        public Session openSession(Guard guard) throws SessionException {
            asked.release();
            while (mayGive.getCount() > 0) {
                awaitQuietly(mayGive);
                // Deaf to interrupts, as a pool may be.
                Thread.interrupted();
            }
            Session session = super.openSession(guard);
            return (Session) Proxy.newProxyInstance(
                    Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("close")) {
                            closed.release();
                        }
                        return method.invoke(session, arguments);
                    });
        }
    }

    /** Gives sessions of which some methods throw, once it is broken. */
    private final class Throwing extends Deaf {

        private final Set<String> methods;
        volatile boolean broken;

        Throwing(Set<String> methods) {
            this.methods = methods;
        }

        @Override
        public Session openSession(Guard guard) throws SessionException {
            Session session = super.openSession(guard);
            return (Session) Proxy.newProxyInstance(
                    Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                        Object answer = method.invoke(session, arguments);
                        if (broken && methods.contains(method.getName())) {
                            throw new IllegalStateException("planted " + method.getName());
                        }
                        return answer;
                    });
        }
    }

    /** Nobody can listen. */
    private class Deaf implements Database {

        @Override
        public Session openSession(Guard guard) throws SessionException {
            return memory.openSession(guard);
        }

        @Override
        public Fencing fence() {
            return memory.fence();
        }

        @Override
        public Listener openListener(Guard guard) throws SessionException {
            throw new SessionException(new Problem(Problem.Kind.UNREACHABLE, "deaf", "planted"));
        }
    }
}
