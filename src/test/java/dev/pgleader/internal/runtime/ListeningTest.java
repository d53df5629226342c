package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.testing.Leftovers;
import dev.pgleader.testing.memory.InMemoryDatabase;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread that listens goes on listening. */
class ListeningTest {

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

    private interface Opening {
        Listener open(Guard guard);
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
        public Listener openListener(Guard guard) {
            opened.incrementAndGet();
            return opening.open(guard);
        }
    }

    /** Hears nothing, as long as it is told to wait, under its guard. */
    private static final class QuietListener implements Listener {

        private final Guard guard;
        private final CountDownLatch slices;
        private final CountDownLatch over = new CountDownLatch(1);

        QuietListener(Guard guard, CountDownLatch slices) {
            this.guard = guard;
            this.slices = slices;
        }

        @Override
        public Set<String> await(Duration atMost) throws SessionException {
            guard.begin(this::abort);
            try {
                if (over.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new SessionException(new Problem(Problem.Kind.UNREACHABLE, "aborted", "simulated"));
                }
                return Set.of();
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
