package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.LossReason;
import dev.pgleader.testing.Waiting;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leaderships end on time and hanging connections are freed, whatever anybody else is waiting for. */
@Timeout(30)
class WatchdogTest {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration TOLERATED = Duration.ofMillis(500);
    private static final Duration NANO = Duration.ofNanos(1);

    private final Leaderships leaderships = new Leaderships();
    private final Starter starter = new Starter();
    private final Watchdog watchdog = new Watchdog(leaderships.ticker, PATIENCE, TOLERATED, starter);

    @BeforeEach
    void start() {
        leaderships.aside = starter;
        starter.start();
        watchdog.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        watchdog.end();
        watchdog.join(BOUND.toMillis());
        starter.end();
        starter.join(BOUND.toMillis());
    }

    // Leaderships

    @Test
    void trustRunsOut_workIsCancelled_thoughNobodyElseLiftsAFinger() throws Exception {
        Tenancy tenancy = leaderships.gained();
        CountDownLatch running = new CountDownLatch(1);
        tenancy.start(leadership -> {
            running.countDown();
            new CountDownLatch(1).await();
        });
        assertTrue(running.await(10, TimeUnit.SECONDS));
        watchdog.watch(tenancy);

        elapse(TRUST);

        assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
        Waiting.until(BOUND, tenancy.work()::hasStopped, () -> "the work was not interrupted");
        Waiting.until(BOUND, () -> leaderships.told.size() == 2, leaderships.told::toString);
        assertEquals(
                List.of("expired", "stopped"),
                leaderships.told.stream().sorted().toList());
    }

    @Test
    void machineSuspended_workIsCancelled() throws Exception {
        Tenancy tenancy = leaderships.gained();
        watchdog.watch(tenancy);

        leaderships.ticker.suspended(TRUST);
        leaderships.ticker.stepWall(TRUST.negated());
        watchdog.wake();

        assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
    }

    @Test
    void wallClockSteppedForward_workIsCancelled() throws Exception {
        Tenancy tenancy = leaderships.gained();
        watchdog.watch(tenancy);

        leaderships.ticker.stepWall(TRUST);
        watchdog.wake();

        assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
    }

    @Test
    void extendedAgainAndAgain_endsOnTime_whenItIsNot() throws Exception {
        Tenancy tenancy = leaderships.gained();
        watchdog.watch(tenancy);
        for (int heartbeat = 0; heartbeat < 10; heartbeat++) {
            elapse(TRUST.dividedBy(4));
            aRoundPasses();
            tenancy.extend(leaderships.fromNow(TRUST));
        }

        elapse(TRUST.minus(NANO));
        aRoundPasses();
        assertTrue(tenancy.isHeld());
        elapse(NANO);

        assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
    }

    @Test
    void userAnsweredThatItIsOver_workIsCancelled_evenIfExtendedSince() throws Exception {
        Tenancy tenancy = leaderships.gained();
        leaderships.elapse(TRUST);
        assertFalse(tenancy.isHeld());
        tenancy.extend(leaderships.fromNow(TRUST));

        watchdog.watch(tenancy);

        assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
    }

    @Test
    void extendedInTime_isLeftAlone() throws Exception {
        Tenancy extended = leaderships.gained();
        Tenancy other = leaderships.gained();
        watchdog.watch(extended);
        watchdog.watch(other);

        leaderships.elapse(TRUST.minus(NANO));
        extended.extend(leaderships.fromNow(TRUST));
        elapse(NANO);

        assertEquals(LossReason.EXPIRED, other.awaitLoss());
        aRoundPasses();
        assertFalse(extended.isCancelled());
        assertTrue(extended.isHeld());
    }

    @Test
    void ownersThatThrow_doNotKeepTheOthers() throws Exception {
        leaderships.whenExpired = () -> {
            throw new IllegalStateException("planted");
        };
        List<Tenancy> tenancies = Stream.generate(leaderships::gained).limit(10).toList();
        tenancies.forEach(watchdog::watch);

        try (CapturedLog log = new CapturedLog()) {
            elapse(TRUST);

            for (Tenancy tenancy : tenancies) {
                assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
            }
            Waiting.until(
                    BOUND, () -> !log.lines("could not be watched or ended").isEmpty(), () -> "nothing was logged");
        }
    }

    // Alarms

    @Test
    void trustFallsToTheNotice_alarmSounds_thoughNobodyElseLiftsAFinger() throws Exception {
        Tenancy tenancy = leaderships.gained();
        leaderships.whenAlarmSet = watchdog::watch;
        watchdog.watch(tenancy);
        CountDownLatch sounded = new CountDownLatch(1);

        tenancy.warn(Duration.ofSeconds(1), sounded::countDown);
        elapse(TRUST.minusSeconds(1));

        assertTrue(sounded.await(10, TimeUnit.SECONDS));
        assertTrue(tenancy.isHeld());
    }

    @Test
    void alarmThatThrows_isLogged_andKeepsNothingFromBeingDone() throws Exception {
        List<Tenancy> tenancies = Stream.generate(leaderships::gained).limit(10).toList();
        CountDownLatch sounded = new CountDownLatch(10);
        for (Tenancy tenancy : tenancies) {
            tenancy.warn(Duration.ofSeconds(1), () -> {
                throw new IllegalStateException("planted");
            });
            tenancy.warn(Duration.ofSeconds(1), sounded::countDown);
            watchdog.watch(tenancy);
        }

        try (CapturedLog log = new CapturedLog()) {
            elapse(TRUST.minusSeconds(1));
            assertTrue(sounded.await(10, TimeUnit.SECONDS));
            Waiting.until(BOUND, () -> !log.lines("could not be watched").isEmpty(), () -> "nothing was logged");
            elapse(Duration.ofSeconds(1));

            for (Tenancy tenancy : tenancies) {
                assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
            }
        }
    }

    @Test
    void actionAtTheEndThatThrows_isLogged_whoeverEndedTheLeadership() {
        Tenancy tenancy = leaderships.gained();
        tenancy.whenOver(() -> {
            throw new IllegalStateException("planted");
        });
        watchdog.watch(tenancy);

        try (CapturedLog log = new CapturedLog()) {
            tenancy.cancel(LossReason.RESIGNED);
            watchdog.wake();

            Waiting.until(BOUND, () -> !log.lines("could not be watched").isEmpty(), () -> "nothing was logged");
        }
    }

    // Connections

    @Test
    void hangingConnection_isAborted_onceAndForgotten() throws Exception {
        CountDownLatch aborted = new CountDownLatch(1);
        AtomicInteger aborts = new AtomicInteger();
        Guard guard = watchdog.newGuard();
        guard.begin(() -> {
            aborts.incrementAndGet();
            aborted.countDown();
        });

        try (CapturedLog log = new CapturedLog()) {
            elapse(PATIENCE.plus(NANO));
            assertTrue(aborted.await(10, TimeUnit.SECONDS));
            Waiting.until(BOUND, () -> log.lines("was closed").size() == 1, () -> "not logged");
        }
        elapse(PATIENCE.multipliedBy(5));
        aRoundPasses();

        assertEquals(1, aborts.get());
    }

    @Test
    void connectionThatAnswersInTime_isLeftAlone() throws Exception {
        AtomicInteger aborts = new AtomicInteger();
        Guard guard = watchdog.newGuard();

        for (int statement = 0; statement < 10; statement++) {
            guard.begin(aborts::incrementAndGet);
            elapse(PATIENCE);
            aRoundPasses();
            guard.end();
        }
        elapse(PATIENCE.multipliedBy(5));
        aRoundPasses();

        assertEquals(0, aborts.get());
    }

    @Test
    void abortThatThrows_doesNotEndTheWatchdog() throws Exception {
        CountDownLatch aborting = new CountDownLatch(1);
        watchdog.newGuard().begin(() -> {
            aborting.countDown();
            throw new IllegalStateException("planted");
        });
        elapse(PATIENCE.plus(NANO));
        assertTrue(aborting.await(10, TimeUnit.SECONDS));

        Tenancy tenancy = leaderships.gained();
        watchdog.watch(tenancy);
        elapse(TRUST);

        Waiting.until(BOUND, tenancy::isCancelled, () -> "no leadership is cancelled any more");
    }

    @Test
    void abortThatBlocks_doesNotKeepLeadershipsFromEnding() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch aborting = new CountDownLatch(1);
        watchdog.newGuard().begin(() -> {
            aborting.countDown();
            awaitQuietly(mayEnd);
        });
        try (CapturedLog log = new CapturedLog()) {
            elapse(PATIENCE.plus(NANO));
            assertTrue(aborting.await(10, TimeUnit.SECONDS));

            Tenancy tenancy = leaderships.gained();
            watchdog.watch(tenancy);
            elapse(TRUST);

            Waiting.until(
                    BOUND, tenancy::isCancelled, () -> "the watchdog waits for a socket to close " + log.lines(""));
        } finally {
            mayEnd.countDown();
        }
    }

    @Test
    void listenerThatBlocks_whereThereIsNoThreadForIt_doesNotKeepOthersFromEnding() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        Tenancy first = leaderships.gained();
        first.onLoss(reason -> {
            blocked.countDown();
            awaitQuietly(mayEnd);
        });
        leaderships.factory = task -> {
            throw new OutOfMemoryError("planted: unable to create native thread");
        };
        try (CapturedLog log = new CapturedLog()) {
            watchdog.watch(first);
            elapse(TRUST);
            assertTrue(blocked.await(10, TimeUnit.SECONDS));

            Tenancy second = leaderships.gained();
            watchdog.watch(second);
            elapse(TRUST);

            Waiting.until(
                    BOUND, second::isCancelled, () -> "the watchdog runs the user's code " + log.lines("listeners"));
        } finally {
            mayEnd.countDown();
        }
    }

    // The code of others

    @Test
    void factoryThatBlocks_keepsNoFunctionFromBeingInterrupted() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        List<Tenancy> tenancies = Stream.generate(leaderships::gained).limit(10).toList();
        CountDownLatch running = new CountDownLatch(10);
        CountDownLatch interrupted = new CountDownLatch(10);
        for (Tenancy tenancy : tenancies) {
            tenancy.onLoss(reason -> {});
            tenancy.start(leadership -> {
                running.countDown();
                assertThrows(InterruptedException.class, new CountDownLatch(1)::await);
                interrupted.countDown();
            });
        }
        assertTrue(running.await(10, TimeUnit.SECONDS));
        leaderships.factory = task -> {
            awaitQuietly(mayEnd);
            return new Thread(task);
        };
        try {
            tenancies.forEach(watchdog::watch);
            elapse(TRUST);

            assertTrue(interrupted.await(10, TimeUnit.SECONDS), () -> interrupted.getCount() + " were not");
        } finally {
            mayEnd.countDown();
        }
    }

    @Test
    void logThatBlocks_keepsNoLeadershipFromEnding() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch logging = new CountDownLatch(1);
        PrintStream before = System.err;
        Tenancy failing = leaderships.gained();
        failing.whenOver(() -> {
            throw new IllegalStateException("planted");
        });
        System.setErr(new PrintStream(new OutputStream() {
            @Override
            public void write(int octet) {
                logging.countDown();
                awaitQuietly(mayEnd);
            }
        }));
        try {
            watchdog.watch(failing);
            elapse(TRUST);
            assertTrue(logging.await(10, TimeUnit.SECONDS));

            Tenancy next = leaderships.gained();
            watchdog.watch(next);
            elapse(TRUST);

            Waiting.until(BOUND, next::isCancelled, () -> "the watchdog waits for the log");
        } finally {
            mayEnd.countDown();
            System.setErr(before);
        }
    }

    @Test
    void codeOfTheUser_isNeverRunByTheWatchdog() throws Exception {
        Set<String> callers = ConcurrentHashMap.newKeySet();
        Tenancy tenancy = leaderships.gained();
        leaderships.whenAlarmSet = watchdog::watch;
        leaderships.factory = task -> {
            callers.add(Thread.currentThread().getName());
            throw new OutOfMemoryError("planted: unable to create native thread");
        };
        try (CapturedLog log = new CapturedLog()) {
            tenancy.onDanger(
                    Duration.ofSeconds(1),
                    left -> callers.add(Thread.currentThread().getName()));
            tenancy.onLoss(reason -> callers.add(Thread.currentThread().getName()));
            watchdog.watch(tenancy);
            elapse(TRUST.minusSeconds(1));
            Waiting.until(BOUND, () -> !callers.isEmpty(), () -> "no danger");
            elapse(Duration.ofSeconds(1));
            Waiting.until(BOUND, tenancy.work()::hasStopped, () -> "does not stop " + log.lines(""));
        }

        assertFalse(callers.contains("pgleader-watchdog"), callers::toString);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void elapse(Duration length) {
        leaderships.elapse(length);
        watchdog.wake();
    }

    /** Returns when the watchdog has inspected everything once more: a leadership that is over shows it. */
    private void aRoundPasses() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            Tenancy over = leaderships.gained();
            over.extend(leaderships.fromNow(Duration.ZERO));
            watchdog.watch(over);
            assertEquals(LossReason.EXPIRED, over.awaitLoss());
        }
    }
}
