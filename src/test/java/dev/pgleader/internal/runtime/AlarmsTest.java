package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.LossReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When alarms of a leadership sound, and what is done when it ends. */
@Timeout(30)
class AlarmsTest {

    private static final Duration NANO = Duration.ofNanos(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Leaderships leaderships = new Leaderships();
    private final Tenancy tenancy = leaderships.gained();
    private final List<String> done = new ArrayList<>();

    // When

    @Test
    void remainingTrustFallsToTheNotice_alarmSounds_onceAndNotBefore() {
        tenancy.warn(SECOND, () -> done.add("alarm"));
        leaderships.elapse(TRUST.minus(SECOND).minus(NANO));
        attend();
        assertEquals(List.of(), done);

        leaderships.elapse(NANO);
        attend();
        leaderships.elapse(NANO);
        attend();

        assertEquals(List.of("alarm"), done);
    }

    @Test
    void severalAlarmsAreDueAtOnce_longestNoticeSoundsFirst() {
        tenancy.warn(SECOND, () -> done.add("1 s"));
        tenancy.warn(SECOND.multipliedBy(2), () -> done.add("2 s"));

        leaderships.elapse(TRUST.minus(NANO));
        attend();

        assertEquals(List.of("2 s", "1 s"), done);
    }

    @Test
    void heartbeatAnswered_alarmSoundsAgain_whenItFallsOnceMore() {
        tenancy.warn(SECOND, () -> done.add("alarm"));
        leaderships.elapse(TRUST.minus(SECOND));
        attend();

        tenancy.extend(leaderships.fromNow(TRUST));
        attend();
        assertEquals(List.of("alarm"), done);

        leaderships.elapse(TRUST.minus(SECOND));
        attend();
        assertEquals(List.of("alarm", "alarm"), done);
    }

    @Test
    void heartbeatsInTime_soundNothing() {
        tenancy.warn(SECOND, () -> done.add("alarm"));

        for (int beat = 0; beat < 10; beat++) {
            leaderships.elapse(TRUST.minus(SECOND).minus(NANO));
            attend();
            tenancy.extend(leaderships.fromNow(TRUST));
        }

        assertEquals(List.of(), done);
    }

    @Test
    void machineSuspended_orWallClockSteppedForward_countsAsTimePassed() {
        tenancy.warn(SECOND, () -> done.add("1 s"));
        tenancy.warn(SECOND.multipliedBy(2), () -> done.add("2 s"));

        leaderships.ticker.suspended(TRUST.minusSeconds(2));
        attend();
        assertEquals(List.of("2 s"), done);

        leaderships.ticker.stepWall(SECOND);
        attend();
        assertEquals(List.of("2 s", "1 s"), done);
    }

    @Test
    void addedWhenItIsDue_soundsAtOnceAndHere() {
        leaderships.elapse(TRUST.minus(SECOND));

        tenancy.warn(SECOND, () -> done.add(Thread.currentThread().getName()));
        attend();

        assertEquals(List.of(Thread.currentThread().getName()), done);
    }

    // Never after the loss

    @Test
    void timeOver_alarmDoesNotSound() {
        tenancy.warn(SECOND, () -> done.add("alarm"));

        leaderships.elapse(TRUST);
        attend();

        assertEquals(List.of(), done);
        assertTrue(tenancy.isCancelled());
    }

    @Test
    void lost_alarmDoesNotSound_whetherItWasThereBeforeOrNot() {
        tenancy.warn(SECOND, () -> done.add("before"));
        leaderships.elapse(TRUST.minus(SECOND));
        tenancy.cancel(LossReason.RESIGNED);

        tenancy.warn(SECOND, () -> done.add("after"));
        attend();

        assertEquals(List.of(), done);
    }

    @Test
    void userAnsweredThatItIsOver_thenExtended_alarmDoesNotSound() {
        leaderships.elapse(TRUST);
        assertFalse(tenancy.isHeld());
        tenancy.extend(leaderships.fromNow(SECOND));

        tenancy.warn(SECOND, () -> done.add("alarm"));
        attend();

        assertEquals(List.of(), done);
    }

    @Test
    void alarmThatEndsTheLeadership_keepsLaterOnesSilent() {
        tenancy.warn(SECOND.multipliedBy(2), () -> tenancy.cancel(LossReason.FAILED));
        tenancy.warn(SECOND, () -> done.add("alarm"));

        leaderships.elapse(TRUST.minus(SECOND));
        attend();

        assertEquals(List.of(), done);
    }

    // When to come by

    @Test
    void attended_saysWhenTheNextIsDue_andAtLastTheEnd() {
        assertEquals(TRUST.toNanos(), attend());

        tenancy.warn(SECOND, () -> {});
        tenancy.warn(SECOND.multipliedBy(2), () -> {});
        assertEquals(TRUST.minusSeconds(2).toNanos(), attend());

        leaderships.elapse(TRUST.minusSeconds(2));
        assertEquals(SECOND.toNanos(), attend());
        leaderships.elapse(SECOND);
        assertEquals(SECOND.toNanos(), attend());
    }

    @Test
    void alarmAdded_watchdogIsSentFor() {
        leaderships.whenAlarmSet = mine -> done.add("sent for");

        tenancy.warn(SECOND, () -> {});

        assertEquals(List.of("sent for"), done);
    }

    @Test
    void extended_watchdogIsSentForOnlyIfAnAlarmHadSounded() {
        tenancy.warn(SECOND, () -> {});
        leaderships.whenAlarmSet = mine -> done.add("sent for");
        tenancy.extend(leaderships.fromNow(TRUST));
        assertEquals(List.of(), done);
        leaderships.elapse(TRUST.minus(SECOND));
        attend();

        tenancy.extend(leaderships.fromNow(TRUST));

        assertEquals(List.of("sent for"), done);
    }

    // At the end

    @Test
    void ended_actionsAreRunOnce_inTheirOrder_afterTheWorkWasInterrupted() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread[] work = new Thread[1];
        tenancy.start(leadership -> {
            work[0] = Thread.currentThread();
            running.countDown();
            assertThrows(InterruptedException.class, new CountDownLatch(1)::await);
            interrupted.countDown();
        });
        assertTrue(running.await(10, TimeUnit.SECONDS));
        tenancy.whenOver(() -> done.add("held: " + tenancy.isHeld() + ", interrupted: " + isCountedDown(interrupted)));
        tenancy.whenOver(() -> done.add("second"));

        tenancy.cancel(LossReason.DEPOSED);
        tenancy.cancel(LossReason.CLOSED);
        work[0].join();

        assertEquals(List.of("held: false, interrupted: true", "second"), done);
    }

    @Test
    void endedAlready_actionIsRunAtOnceAndHere() {
        tenancy.cancel(LossReason.DEPOSED);
        Thread[] caller = new Thread[1];

        tenancy.whenOver(() -> caller[0] = Thread.currentThread());

        assertSame(Thread.currentThread(), caller[0]);
    }

    @Test
    void actionsAtTheEnd_areDoneBeforeAnyListenerIsStarted_andAreNoWork() {
        leaderships.aside = task -> done.add("listeners");
        tenancy.onLoss(reason -> done.add("listener"));
        tenancy.whenOver(() -> done.add("action"));
        Tenancy other = leaderships.gained();
        other.whenOver(() -> done.add("action of another"));

        tenancy.cancel(LossReason.DEPOSED);
        other.cancel(LossReason.DEPOSED);

        assertEquals(List.of("action", "listeners", "action of another"), done);
        assertTrue(other.work().hasStopped());
    }

    @Test
    void actionsAddedWhileItEnds_areEachRunOnce() throws Exception {
        for (int round = 0; round < 100; round++) {
            Tenancy raced = leaderships.gained();
            AtomicInteger runs = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread adding = new Thread(() -> {
                assertDoesNotThrow(() -> start.await());
                for (int i = 0; i < 20; i++) {
                    raced.whenOver(runs::incrementAndGet);
                }
            });
            adding.start();

            start.await();
            raced.cancel(LossReason.DEPOSED);
            adding.join();

            assertEquals(20, runs.get());
        }
    }

    // Trouble

    @Test
    void alarmThatThrows_keepsNoOther_andIsReportedOnce() {
        IllegalStateException planted = new IllegalStateException("planted");
        tenancy.warn(SECOND, () -> {
            throw planted;
        });
        tenancy.warn(SECOND, () -> done.add("second"));

        leaderships.elapse(TRUST.minus(SECOND));
        assertEquals(SECOND.toNanos(), attend());

        assertEquals(List.of("second"), done);
        assertEquals(Optional.of(planted), tenancy.alarms().failure());
        assertEquals(Optional.empty(), tenancy.alarms().failure());
    }

    @Test
    void actionAtTheEndThatThrows_keepsNeitherTheOthersNorTheOwner_andIsReported() {
        IllegalStateException planted = new IllegalStateException("planted");
        tenancy.whenOver(() -> {
            throw planted;
        });
        tenancy.whenOver(() -> done.add("second"));

        leaderships.elapse(TRUST);
        attend();

        assertEquals(List.of("second"), done);
        assertEquals(List.of("stopped", "expired"), leaderships.told);
        assertFalse(tenancy.alarms().isSettled(), "nobody would ask for the failure");
        assertEquals(Optional.of(planted), tenancy.alarms().failure());
        assertTrue(tenancy.alarms().isSettled());
    }

    // Races

    @Test
    void alarmAddedWhileTheWatchdogComesBy_soundsExactlyOnce() throws Exception {
        leaderships.elapse(TRUST.minus(SECOND));
        for (int round = 0; round < 300; round++) {
            Tenancy raced = leaderships.gained();
            raced.extend(leaderships.fromNow(SECOND));
            AtomicInteger sounded = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread watchdog = new Thread(() -> {
                assertDoesNotThrow(() -> start.await());
                for (int i = 0; i < 50; i++) {
                    raced.attend(leaderships.ticker.read());
                }
            });
            watchdog.start();

            start.await();
            raced.warn(SECOND, sounded::incrementAndGet);
            watchdog.join();

            assertEquals(1, sounded.get());
        }
    }

    private long attend() {
        return tenancy.attend(leaderships.ticker.read());
    }

    private static boolean isCountedDown(CountDownLatch latch) {
        return assertDoesNotThrow(() -> latch.await(10, TimeUnit.SECONDS));
    }
}
