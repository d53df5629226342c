package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.LeadershipLostException;
import dev.pgleader.LossReason;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a leadership says that it is held, and what it tells its owner. */
@Timeout(30)
class TenancyTest {

    private static final Duration NANO = Duration.ofNanos(1);

    private final Leaderships leaderships = new Leaderships();
    private final Tenancy tenancy = leaderships.gained();

    // Time

    @Test
    void trustReachingItsEnd_isNotHeldFromThenOn() {
        leaderships.elapse(TRUST.minus(NANO));
        assertTrue(tenancy.isHeld());

        leaderships.elapse(NANO);

        assertFalse(tenancy.isHeld());
        assertEquals(Duration.ZERO, tenancy.remaining());
    }

    @Test
    void wallClockSteppedForward_pastTheEnd_isNotHeld() {
        leaderships.ticker.stepWall(TRUST);

        assertFalse(tenancy.isHeld());
    }

    @Test
    void wallClockSteppedBack_changesNothing() {
        leaderships.ticker.stepWall(Duration.ofHours(-1));

        leaderships.elapse(TRUST.minus(NANO));
        assertTrue(tenancy.isHeld());
        leaderships.elapse(NANO);
        assertFalse(tenancy.isHeld());
    }

    @Test
    void machineSuspended_pastTheEnd_isNotHeld() {
        leaderships.ticker.suspended(TRUST);

        assertFalse(tenancy.isHeld());
        assertTrue(tenancy.isOver(leaderships.ticker.read()));
    }

    @Test
    void machineSuspended_whileTheWallClockWasSetBack_isOverAllTheSame() {
        leaderships.ticker.suspended(TRUST);
        leaderships.ticker.stepWall(TRUST.negated());

        assertTrue(tenancy.isOver(leaderships.ticker.read()), "the watchdog sees it");
        assertEquals(Duration.ZERO, tenancy.remaining());
        assertFalse(tenancy.isHeld(), "held, with nothing remaining");
    }

    @Test
    void askedWhileAHeartbeatIsAnswered_byAThreadThatWasSlow_staysHeld() {
        Deadline later = leaderships.fromNow(TRUST.multipliedBy(2));
        leaderships.whileAClockIsRead = () -> {
            // The thread that asks has read the old deadline, and gets the processor back after that has passed.
            leaderships.whileAClockIsRead = () -> {};
            tenancy.extend(later);
            leaderships.elapse(TRUST);
        };

        assertTrue(tenancy.isHeld(), "a question has ended a leadership whose heartbeats were answered in time");
        assertFalse(tenancy.isOver(leaderships.ticker.read()), "a question has ended the leadership");
    }

    @Test
    void askedWhileAHeartbeatIsAnswered_byAThreadThatWasSlowerThanEvenThat_isNotHeld() {
        Deadline later = leaderships.fromNow(TRUST.multipliedBy(2));
        leaderships.whileAClockIsRead = () -> {
            leaderships.whileAClockIsRead = () -> {};
            tenancy.extend(later);
            leaderships.elapse(TRUST.multipliedBy(2));
        };

        assertFalse(tenancy.isHeld());
        assertEquals(LossReason.EXPIRED, tenancy.lossReason());
    }

    @Test
    void remaining_isThatOfTheClockFurthestOn() {
        leaderships.elapse(Duration.ofSeconds(1));
        leaderships.ticker.stepWall(Duration.ofSeconds(2));

        assertEquals(TRUST.minusSeconds(3), tenancy.remaining());
    }

    @Test
    void extended_isHeldUntilTheNewEnd() {
        leaderships.elapse(TRUST.minus(NANO));
        tenancy.extend(leaderships.fromNow(TRUST));

        leaderships.elapse(TRUST.minus(NANO));
        assertTrue(tenancy.isHeld());
        leaderships.elapse(NANO);
        assertFalse(tenancy.isHeld());
    }

    // Once lost, always lost

    @Test
    void answeredThatItIsOver_thenExtended_staysLost() {
        leaderships.elapse(TRUST);
        assertFalse(tenancy.isHeld());

        tenancy.extend(leaderships.fromNow(TRUST));

        assertFalse(tenancy.isHeld());
        assertEquals(Duration.ZERO, tenancy.remaining());
        assertTrue(tenancy.isOver(leaderships.ticker.read()), "the watchdog must cancel it");
    }

    @Test
    void timeOverBeforeTheWorkBegins_functionIsNotCalled() throws Exception {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        leaderships.factory = task -> {
            threads.add(new Thread(task, "work"));
            return threads.get(0);
        };
        leaderships.elapse(TRUST);

        tenancy.start(leadership -> leaderships.told.add("called"));
        threads.get(0).join();

        assertEquals(List.of(), leaderships.told);
    }

    @Test
    void cancelled_thenExtended_staysLost() {
        tenancy.cancel(LossReason.DEPOSED);

        tenancy.extend(leaderships.fromNow(TRUST));

        assertFalse(tenancy.isHeld());
    }

    @Test
    void reason_isTheFirst() throws InterruptedException {
        leaderships.elapse(TRUST);
        assertFalse(tenancy.isHeld());

        assertTrue(tenancy.cancel(LossReason.RESIGNED));
        assertFalse(tenancy.cancel(LossReason.CLOSED));

        assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
    }

    @Test
    void wallClockSetBackAfterTheEnd_revivesNothing() {
        leaderships.ticker.stepWall(TRUST);
        assertFalse(tenancy.isHeld());

        leaderships.ticker.stepWall(TRUST.negated());

        assertFalse(tenancy.isHeld());
    }

    // ensure()

    @Test
    void enoughLeft_ensured_asksNobody() {
        assertDoesNotThrow(() -> tenancy.ensure(Duration.ofSeconds(3)));

        assertEquals(List.of(), leaderships.told);
    }

    @Test
    void tooLittleLeft_ensured_isExtendedByAHeartbeat() {
        leaderships.elapse(Duration.ofSeconds(2));
        leaderships.heartbeat = () -> tenancy.extend(leaderships.fromNow(TRUST));

        assertDoesNotThrow(() -> tenancy.ensure(Duration.ofSeconds(3)));

        assertEquals(List.of("beat"), leaderships.told);
    }

    @Test
    void heartbeatNotAnswered_ensured_saysWhatIsLeft() {
        leaderships.elapse(Duration.ofSeconds(2));

        LeadershipLostException refusal =
                assertThrows(LeadershipLostException.class, () -> tenancy.ensure(Duration.ofSeconds(3)));

        assertTrue(String.valueOf(refusal.getMessage()).contains("PT1.465S"), refusal.getMessage());
    }

    @Test
    void lost_ensured_isRefusedWithoutAHeartbeat() {
        tenancy.cancel(LossReason.DEPOSED);

        assertThrows(LeadershipLostException.class, () -> tenancy.ensure(NANO));

        assertFalse(leaderships.told.contains("beat"));
    }

    @Test
    void lostWhileWaiting_ensured_isRefused() {
        leaderships.elapse(Duration.ofSeconds(2));
        leaderships.heartbeat = () -> tenancy.cancel(LossReason.SESSION_LOST);

        assertThrows(LeadershipLostException.class, () -> tenancy.ensure(Duration.ofSeconds(3)));
    }

    @Test
    void moreThanAHeartbeatGives_ensured_isRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> tenancy.ensure(TRUST));

        assertEquals(List.of(), leaderships.told);
    }

    // The work

    @Test
    void functionReturns_isRecoveredAndStillHeld() throws InterruptedException {
        CountDownLatch returned = new CountDownLatch(1);
        leaderships.factory = task -> new Thread(() -> {
            task.run();
            returned.countDown();
        });

        tenancy.start(leadership -> {});

        assertTrue(returned.await(10, TimeUnit.SECONDS));
        assertEquals(List.of("recovered"), leaderships.told);
        assertEquals(ProcessState.LEADING, tenancy.phase());
        assertTrue(tenancy.isHeld());
    }

    @Test
    void recoveredTwice_isToldOnce() {
        tenancy.recovered();
        tenancy.recovered();

        assertEquals(List.of("recovered"), leaderships.told);
    }

    @Test
    void recoveredAfterTheLoss_isNotTold() {
        tenancy.cancel(LossReason.DEPOSED);

        tenancy.recovered();

        assertFalse(leaderships.told.contains("recovered"));
        assertEquals(ProcessState.RECOVERING, tenancy.phase());
    }

    @Test
    void functionThrows_isToldAsAFailure() throws InterruptedException {
        CountDownLatch returned = new CountDownLatch(1);
        leaderships.factory = task -> new Thread(() -> {
            task.run();
            returned.countDown();
        });

        try (CapturedLog log = new CapturedLog()) {
            tenancy.start(leadership -> {
                throw new AssertionError("planted");
            });
            assertTrue(returned.await(10, TimeUnit.SECONDS));

            assertEquals(1, log.lines("failed; resigning").size());
        }
        assertEquals(List.of("failed"), leaderships.told);
    }

    @Test
    void lostBeforeTheThreadRan_functionIsNotCalled() {
        Runnable[] late = new Runnable[1];
        leaderships.factory = task -> {
            late[0] = task;
            return new Thread(() -> {});
        };
        tenancy.start(leadership -> leaderships.told.add("called"));
        tenancy.cancel(LossReason.CLOSED);

        late[0].run();

        assertEquals(List.of("stopped"), leaderships.told);
    }

    @Test
    void noThreadForTheFunction_isAFailure() {
        leaderships.factory = task -> {
            throw new OutOfMemoryError("planted: unable to create native thread");
        };

        try (CapturedLog log = new CapturedLog()) {
            tenancy.start(leadership -> {});

            assertEquals(1, log.lines("no thread for the work").size());
        }
        assertEquals(List.of("failed"), leaderships.told);
    }
}
