package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Diagnosis;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.election.News;
import dev.pgleader.testing.Leftovers;
import dev.pgleader.testing.Waiting;
import dev.pgleader.testing.memory.InMemoryDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread that listens goes on listening. */
class ListeningTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final InMemoryDatabase memory = new InMemoryDatabase(System::nanoTime);
    private final AtomicInteger opened = new AtomicInteger();

    @AfterEach
    void everyThreadHasEnded() {
        Leftovers.expectNoThreads();
    }

    @Test
    void quietListener_underShortStatementTimeOuts_isLeftAlone() throws Exception {
        ElectionConfig hurried = ElectionConfig.builder()
                .statementTimeout(Duration.ofMillis(200))
                .build();
        CountDownLatch slices = new CountDownLatch(4);
        Loop loop =
                new Loop(new Quiet(guard -> new QuietListener(guard, slices)), hurried, Ticker.system(), new Random(1));
        loop.start();

        assertTrue(slices.await(20, TimeUnit.SECONDS));

        loop.close();
        assertEquals(1, opened.get(), "listeners opened; the watchdog took a quiet one for a hanging one");
    }

    @Test
    void dataSourceThatFailsUnexpectedly_isTriedAgain() throws Exception {
        CountDownLatch again = new CountDownLatch(1);
        Loop loop = new Loop(
                new Quiet(guard -> {
                    if (opened.get() == 1) {
                        throw new IllegalStateException("planted");
                    }
                    again.countDown();
                    return new QuietListener(guard, new CountDownLatch(0));
                }),
                ElectionConfig.defaults(),
                Ticker.system(),
                new Random(1));
        loop.start();

        boolean triedAgain = again.await(10, TimeUnit.SECONDS);

        loop.close();
        assertTrue(triedAgain, "nobody listens any more, for the life of this process");
    }

    @Test
    void errorOrInterrupt_doesNotEndTheThread() throws Exception {
        CountDownLatch again = new CountDownLatch(1);
        Loop loop = new Loop(
                new Quiet(guard -> {
                    switch (opened.get()) {
                        case 1 -> throw new StackOverflowError("planted");
                        case 2 -> {
                            return new QuietListener(guard, new CountDownLatch(0)) {
                                @Override
                                public Map<String, News> await(Duration atMost) throws SessionException {
                                    Thread.currentThread().interrupt();
                                    throw new SessionException(HARD_OF_HEARING);
                                }
                            };
                        }
                        default -> {
                            again.countDown();
                            return new QuietListener(guard, new CountDownLatch(0));
                        }
                    }
                }),
                ElectionConfig.defaults(),
                Ticker.system(),
                new Random(1));
        loop.start();

        boolean triedAgain = again.await(10, TimeUnit.SECONDS);

        loop.close();
        assertTrue(triedAgain, "nobody listens any more, for the life of this process");
    }

    @Test
    void neverListening_thoughTheSessionIsWell_isWarnedOfOnce_andNotedInTheDiagnosis() {
        AtomicBoolean deaf = new AtomicBoolean(true);
        Loop loop = new Loop(
                new Quiet(guard -> {
                    if (deaf.get()) {
                        throw new SessionException(HARD_OF_HEARING);
                    }
                    return new QuietListener(guard, new CountDownLatch(0));
                }),
                ElectionConfig.defaults(),
                Ticker.system(),
                new Random(1));
        Diagnosis sound = new Diagnosis(Diagnosis.Mode.SESSIONS, List.of());
        try (CapturedLog log = new CapturedLog()) {
            loop.start();

            Waiting.until(BOUND, () -> loop.noted(sound).findings().size() == 1, () -> "nothing is noted");
            Waiting.until(BOUND, () -> opened.get() > 5, () -> "not tried again");

            Diagnosis.Finding note = loop.noted(sound).findings().get(0);
            assertEquals(Diagnosis.Level.NOTE, note.level());
            assertTrue(note.text().contains("no connection left") && note.text().contains("PT2S"), note::toString);
            assertEquals(1, log.lines("no connection left").size());
            assertEquals(Optional.empty(), loop.problem(), "elections go on");

            deaf.set(false);
            Waiting.until(BOUND, () -> loop.noted(sound).findings().isEmpty(), () -> "still noted");
        }
        loop.close();
    }

    private static final Problem HARD_OF_HEARING =
            new Problem(Problem.Kind.TOO_MANY_CONNECTIONS, "no connection left", "planted");

    private interface Opening {
        Listener open(Guard guard) throws SessionException;
    }

    private final class Quiet implements Database {

        private final Opening opening;

        Quiet(Opening opening) {
            this.opening = opening;
        }

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
            opened.incrementAndGet();
            return opening.open(guard);
        }
    }

    /** Hears nothing, as long as it is told to wait, under its guard. */
    private static class QuietListener implements Listener {

        private final Guard guard;
        private final CountDownLatch slices;
        private final CountDownLatch over = new CountDownLatch(1);

        QuietListener(Guard guard, CountDownLatch slices) {
            this.guard = guard;
            this.slices = slices;
        }

        @Override
        public Map<String, News> await(Duration atMost) throws SessionException {
            guard.begin(this::abort);
            try {
                if (over.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new SessionException(new Problem(Problem.Kind.UNREACHABLE, "aborted", "simulated"));
                }
                return Map.of();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                guard.end();
                slices.countDown();
            }
        }

        @Override
        public void ping() {}

        @Override
        public void abort() {
            over.countDown();
        }

        @Override
        public void close() {}
    }
}
