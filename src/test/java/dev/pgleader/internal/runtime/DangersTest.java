package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.LossReason;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that are told that trust is running out: when, where, and how they count as work. */
@Timeout(30)
class DangersTest {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HALF = Duration.ofMillis(500);

    private final Leaderships leaderships = new Leaderships();
    private final Tenancy tenancy = leaderships.gained();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    // When

    @Test
    void trustFallsToTheNotice_listenerIsTold_whatRemains() {
        tenancy.onDanger(SECOND, left -> heard.add("danger " + left));
        fallTo(SECOND.plusNanos(1));
        assertEquals(List.of(), heard);

        fallTo(SECOND);

        awaitHeard("danger PT1S");
    }

    @Test
    void heartbeatAnswered_andTrustFallsOnceMore_listenerIsToldAgain() {
        tenancy.onDanger(SECOND, left -> heard.add("danger " + left));
        fallTo(SECOND);
        awaitHeard("danger PT1S");

        tenancy.extend(leaderships.fromNow(TRUST));
        fallTo(HALF);

        awaitHeard("danger PT1S", "danger PT0.5S");
    }

    @Test
    void addedWhenItIsLate_listenerIsToldAtOnce_onACallbackThread() {
        fallTo(HALF);

        tenancy.onDanger(SECOND, left -> heard.add(Thread.currentThread().getName() + " " + left));

        awaitHeard("work-1 PT0.5S");
    }

    @Test
    void lost_listenerIsNotTold() {
        tenancy.onDanger(SECOND, left -> heard.add("before"));
        tenancy.cancel(LossReason.RESIGNED);

        tenancy.onDanger(SECOND, left -> heard.add("after"));
        fallTo(HALF);

        assertEquals(List.of(), heard);
        assertEquals(List.of("stopped"), leaderships.told);
    }

    @Test
    void lostWhileAnotherListenerRan_theNextIsNotTold() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        tenancy.onDanger(SECOND, left -> {
            running.countDown();
            awaitQuietly(mayReturn);
        });
        tenancy.onDanger(HALF, left -> heard.add("second"));
        fallTo(HALF);
        await(running);

        tenancy.cancel(LossReason.SESSION_LOST);
        mayReturn.countDown();

        awaitStopped();
        assertEquals(List.of(), heard);
    }

    // Where

    @Test
    void listeners_areToldOneAtATime_inTheOrderOfTheDangers() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        tenancy.onDanger(HALF, left -> heard.add("half a second"));
        tenancy.onDanger(SECOND, left -> {
            heard.add("second begins");
            running.countDown();
            awaitQuietly(mayReturn);
            heard.add("second ends");
        });
        fallTo(SECOND);
        await(running);

        fallTo(HALF);
        assertEquals(List.of("second begins"), heard);
        mayReturn.countDown();

        awaitHeard("second begins", "second ends", "half a second");
    }

    @Test
    void listener_knowsWhoseCallbackItIs() {
        tenancy.onDanger(SECOND, left -> heard.add("mine: " + AtWork.isOf(atWork -> atWork == tenancy)));

        fallTo(SECOND);

        awaitHeard("mine: true");
    }

    @Test
    void listenerThatThrows_isLogged_andKeepsNoOther() {
        tenancy.onDanger(SECOND, left -> {
            throw new StackOverflowError("planted");
        });
        tenancy.onDanger(SECOND, left -> heard.add("second"));

        try (CapturedLog log = new CapturedLog()) {
            fallTo(SECOND);
            awaitHeard("second");

            assertEquals(1, log.lines("a danger listener of the").size());
        }
    }

    // Work

    @Test
    void lostWhileAListenerRuns_workHasStoppedOnlyOnceItReturned() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        tenancy.onDanger(SECOND, left -> {
            running.countDown();
            awaitQuietly(mayReturn);
        });
        fallTo(SECOND);
        await(running);

        tenancy.cancel(LossReason.RESIGNED);
        assertFalse(tenancy.work().hasStopped());
        assertEquals(List.of(), leaderships.told);
        mayReturn.countDown();

        awaitStopped();
    }

    @Test
    void listenerHasReturned_workHasNotStopped_beforeItIsCancelled() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        leaderships.factory = task -> new Thread(() -> {
            task.run();
            ended.countDown();
        });
        tenancy.onDanger(SECOND, left -> {});

        fallTo(SECOND);
        await(ended);

        assertFalse(tenancy.work().hasStopped());
        assertEquals(List.of(), leaderships.told);
    }

    @Test
    void dangerWhileItIsLost_stopsOnce_andNobodyIsToldAfterwards() throws Exception {
        for (int round = 0; round < 200; round++) {
            Leaderships fresh = new Leaderships();
            Tenancy raced = fresh.gained();
            AtomicInteger toldTooLate = new AtomicInteger();
            raced.onDanger(SECOND, left -> toldTooLate.addAndGet(fresh.told.contains("stopped") ? 1 : 0));
            fresh.elapse(TRUST.minus(SECOND));
            CyclicBarrier start = new CyclicBarrier(2);
            Thread watchdog = new Thread(() -> {
                awaitQuietly(start);
                raced.attend(fresh.ticker.read());
            });
            watchdog.start();

            awaitQuietly(start);
            raced.cancel(LossReason.RESIGNED);
            watchdog.join();

            Waiting.until(BOUND, raced.work()::hasStopped, () -> "does not stop");
            Waiting.until(BOUND, () -> !fresh.told.isEmpty(), () -> "not told");
            assertEquals(List.of("stopped"), fresh.told);
            assertEquals(0, toldTooLate.get());
        }
    }

    // No thread

    @Test
    void noThread_isLogged_andTheNextDangerIsToldAgain() {
        var factory = leaderships.factory;
        leaderships.factory = task -> {
            throw new OutOfMemoryError("planted: unable to create native thread");
        };
        tenancy.onDanger(SECOND, left -> heard.add("danger"));
        try (CapturedLog log = new CapturedLog()) {
            fallTo(SECOND);

            assertEquals(
                    1,
                    log.lines("no thread for the danger listeners of the leadership of 'orders'")
                            .size());
        }
        assertEquals(List.of(), heard);

        leaderships.factory = factory;
        tenancy.extend(leaderships.fromNow(TRUST));
        fallTo(SECOND);

        awaitHeard("danger");
        assertEquals(Optional.empty(), tenancy.alarms().failure());
    }

    @Test
    void noThread_whenAddedLate_isLogged_andWorkCanStop() {
        leaderships.factory = task -> {
            throw new OutOfMemoryError("planted: unable to create native thread");
        };
        fallTo(HALF);

        try (CapturedLog log = new CapturedLog()) {
            tenancy.onDanger(SECOND, left -> heard.add("danger"));

            assertEquals(1, log.lines("were not called").size());
        }
        tenancy.cancel(LossReason.RESIGNED);
        assertTrue(tenancy.work().hasStopped());
    }

    // Bounds

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT1.465000001S", "PT2562047788015215H"})
    void noticeOutOfBounds_isRefused_andSaysWhatWasGiven(String beforeEnd) {
        Duration refused = Duration.parse(beforeEnd);

        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> tenancy.onDanger(refused, left -> {}));

        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("beforeEnd") && message.contains(refused.toString()), message);
        assertTrue(message.contains("at most PT1.465S") && message.contains("PT3.465S - PT1S - PT1S"), message);
    }

    @Test
    void longestNotice_isNoDanger_whileEachHeartbeatIsAnsweredAtTheLastMoment() {
        ElectionConfig config = ElectionConfig.defaults();
        Duration nano = Duration.ofNanos(1);
        Duration answer = config.statementTimeout().minus(nano);
        tenancy.onDanger(Notice.longest(config), left -> heard.add("danger"));
        leaderships.elapse(config.heartbeatInterval());

        for (int beat = 0; beat < 10; beat++) {
            Deadline next = leaderships.fromNow(TRUST);
            leaderships.elapse(answer);
            attend();
            tenancy.extend(next);
            leaderships.elapse(config.heartbeatInterval().minus(answer));
        }
        assertEquals(List.of(), heard);

        leaderships.elapse(config.statementTimeout());
        attend();
        awaitHeard("danger");
    }

    /** Lets so much time pass that no more than this remains, and has the watchdog come by. */
    private void fallTo(Duration left) {
        leaderships.elapse(tenancy.remaining().minus(left));
        attend();
    }

    private void attend() {
        tenancy.attend(leaderships.ticker.read());
    }

    private void awaitHeard(String... expected) {
        Waiting.until(BOUND, () -> heard.size() >= expected.length, heard::toString);
        assertEquals(List.of(expected), heard);
    }

    private void awaitStopped() {
        Waiting.until(BOUND, () -> leaderships.told.contains("stopped"), leaderships.told::toString);
        assertEquals(List.of("stopped"), leaderships.told);
        assertTrue(tenancy.work().hasStopped());
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(10, TimeUnit.SECONDS));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            await(latch);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
