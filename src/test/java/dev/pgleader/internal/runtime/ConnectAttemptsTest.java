package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Problem;
import dev.pgleader.testing.Leftovers;
import dev.pgleader.testing.memory.VirtualTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a data source does, an attempt ends in time, and what comes late is closed. */
@Timeout(60)
class ConnectAttemptsTest {

    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final int MOST_THREADS = 4;

    private final AtomicLong nanos = new AtomicLong();
    private final VirtualTicker ticker = new VirtualTicker(nanos::get);
    private final ConnectAttempts attempts = new ConnectAttempts(ticker, AT_MOST);
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final Semaphore asked = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);
    private final CountDownLatch mayGive = new CountDownLatch(1);

    @AfterEach
    void everyThreadHasEnded() {
        mayGive.countDown();
        Leftovers.expectNoThreads();
    }

    @Test
    void openedInTime_belongsToWhomItIsGiven_andIsNotClosed() throws Exception {
        ConnectAttempt<String> attempt = begin(() -> "connection");
        acquire(done, 1);

        assertTrue(attempt.isOver());
        assertEquals("connection", attempt.result());
        attempt.giveUp();

        assertEquals(List.of(), closed);
        assertThrows(SessionException.class, attempt::result, "it has an owner already");
    }

    @Test
    void timeIsOver_isSaid_andWhatComesLate_isClosed() throws Exception {
        ConnectAttempt<String> attempt = begin(this::late);
        acquire(asked, 1);
        assertFalse(attempt.isOver());

        nanos.addAndGet(AT_MOST.toNanos());
        assertTrue(attempt.isOver());
        SessionException refused = assertThrows(SessionException.class, attempt::result);

        assertEquals(Problem.Kind.UNREACHABLE, refused.problem().kind());
        assertEquals(List.of(), closed);
        mayGive.countDown();
        acquire(done, 1);
        assertEquals(List.of("late"), closed);
    }

    @Test
    void threadLeftBehind_isInterrupted() throws Exception {
        ConnectAttempt<String> attempt = begin(() -> {
            asked.release();
            assertThrows(InterruptedException.class, () -> new CountDownLatch(1).await());
            return "gives way";
        });
        acquire(asked, 1);

        attempt.giveUp();

        acquire(done, 1);
        assertEquals(List.of("gives way"), closed);
    }

    @Test
    void join_returnsWhenWhatCameTooLateIsClosed_orWhenTimeIsUp() throws Exception {
        ConnectAttempt<String> attempt = begin(this::late);
        acquire(asked, 1);
        attempt.giveUp();

        attempts.join(1);
        assertEquals(List.of(), closed);

        mayGive.countDown();
        attempts.join(20_000);
        assertEquals(List.of("late"), closed);
    }

    @Test
    void givenUpAfterItHasCome_isClosed() throws Exception {
        ConnectAttempt<String> attempt = begin(() -> "connection");
        acquire(done, 1);

        attempt.giveUp();

        assertEquals(List.of("connection"), closed);
        assertThrows(SessionException.class, attempt::result);
    }

    @Test
    void refusal_isThatOfTheDatabase() throws Exception {
        SessionException refusal = new SessionException(new Problem(Problem.Kind.IN_RECOVERY, "planted", "promote it"));
        ConnectAttempt<String> attempt = begin(() -> {
            throw refusal;
        });
        acquire(done, 1);

        assertEquals(refusal, assertThrows(SessionException.class, attempt::result));
    }

    @Test
    void defect_isTold_asItIs() throws Exception {
        ConnectAttempt<String> attempt = begin(() -> {
            throw new StackOverflowError("planted");
        });
        acquire(done, 1);

        assertThrows(StackOverflowError.class, attempt::result);
    }

    @Test
    void waiter_isToldInTime_orInterrupted() throws Exception {
        assertEquals("connection", begin(() -> "connection").await());

        ConnectAttempt<String> attempt = begin(this::late);
        acquire(asked, 1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, attempt::await);

        mayGive.countDown();
        acquire(done, 2);
        assertEquals(List.of("late"), closed);
    }

    @Test
    void dataSourceThatNeverAnswers_isAskedByFewThreads_andAgainWhenOneReturns() throws Exception {
        List<ConnectAttempt<String>> hanging =
                Stream.generate(() -> begin(this::late)).limit(MOST_THREADS).toList();
        acquire(asked, MOST_THREADS);
        hanging.forEach(ConnectAttempt::giveUp);

        ConnectAttempt<String> refused = begin(this::late);

        assertTrue(refused.isOver());
        SessionException refusal = assertThrows(SessionException.class, refused::result);
        assertTrue(refusal.problem().message().startsWith(MOST_THREADS + " threads wait"), refusal::getMessage);
        mayGive.countDown();
        acquire(done, MOST_THREADS);
        assertEquals("connection", begin(() -> "connection").await());
        assertEquals(0, asked.availablePermits(), "asked once too often");
    }

    private ConnectAttempt<String> begin(ConnectAttempts.Opener<String> opener) {
        return attempts.begin(opener, closed::add, done::release);
    }

    /** Gives what was asked for when the test says so, and hears no interrupt. */
    private String late() {
        asked.release();
        while (mayGive.getCount() > 0) {
            try {
                assertTrue(mayGive.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException deaf) {
                // A pool may be.
            }
        }
        return "late";
    }

    private static void acquire(Semaphore semaphore, int permits) throws InterruptedException {
        assertTrue(semaphore.tryAcquire(permits, 10, TimeUnit.SECONDS));
    }
}
