package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What the work of a leader may do, well-behaved or not. */
@PostgresTest
class LeadFunctionTest {

    @Test
    void throwing_resigns_andAnotherGetsItFirst(TestDatabase database) throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        CountDownLatch go = new CountDownLatch(1);
        RecordedWork failing = RecordedWork.of(leadership -> {
            go.await();
            if (broken.getAndSet(false)) {
                throw new IllegalStateException("cannot restore the state");
            }
        });
        RecordedWork other = RecordedWork.staying();
        try (CapturedLog log = CapturedLog.start();
                Elections first = connect(database);
                Elections second = connect(database)) {
            first.run("orders", "a:1", failing);
            Leadership failed = failing.next();
            Leader follower = second.run("orders", "b:2", other);
            Eventually.holds("b has seen a", () -> follower.current().isPresent());

            go.countDown();

            assertEquals(LossReason.FAILED, Eventually.lossOf(failed));
            assertTrue(other.next().term() > failed.term());
            assertEquals(1, failing.calls());
            assertFalse(failed.isHeld());
            assertTrue(log.text().contains("cannot restore the state"), log::text);
        }
    }

    @Test
    void throwing_alone_isTriedAgainWithHigherTerm(TestDatabase database) throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        RecordedWork failing = RecordedWork.of(leadership -> {
            if (broken.getAndSet(false)) {
                throw new Exception("cannot restore the state");
            }
        });
        try (CapturedLog log = CapturedLog.start();
                Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", failing);

            Leadership failed = failing.next();
            Leadership next = failing.next();

            assertTrue(next.term() > failed.term());
            Eventually.isIn(ProcessState.LEADING, leader);
            assertEquals(1, log.count("cannot restore the state"), log::text);
        }
    }

    @Test
    void throwingAnError_isTakenLikeAnException(TestDatabase database) throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        RecordedWork failing = RecordedWork.of(leadership -> {
            leadership.recovered();
            if (broken.getAndSet(false)) {
                throw new NoClassDefFoundError("left out of the jar");
            }
        });
        try (CapturedLog log = CapturedLog.start();
                Elections elections = connect(database)) {
            elections.run("orders", "a:1", failing);

            Leadership failed = failing.next();

            assertEquals(LossReason.FAILED, Eventually.lossOf(failed));
            assertTrue(failing.next().isHeld());
            assertTrue(log.text().contains("left out of the jar"), log::text);
        }
    }

    @Test
    void throwingAfterTheLoss_isJustAWayToStop(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.of(leadership -> {
            try {
                leadership.awaitLoss();
            } finally {
                throwStopped();
            }
        });
        try (CapturedLog log = CapturedLog.start();
                Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership first = work.next();

            assertTrue(leader.resign());

            assertEquals(LossReason.RESIGNED, Eventually.lossOf(first));
            assertTrue(work.next().isHeld());
            assertEquals(0, log.warnings().size(), log::text);
        }
    }

    private static void throwStopped() {
        throw new IllegalStateException("stopped");
    }

    @Test
    void returnedAndStartedWork_leadsOn_andSeesTheLoss(TestDatabase database) throws Exception {
        CompletableFuture<LossReason> seen = new CompletableFuture<>();
        RecordedWork work = RecordedWork.of(leadership -> {
            Thread background = new Thread(
                    () -> {
                        try {
                            seen.complete(leadership.awaitLoss());
                        } catch (InterruptedException e) {
                            seen.completeExceptionally(e);
                        }
                    },
                    "background-work");
            background.start();
        });
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Eventually.isIn(ProcessState.LEADING, leader);
            long beat = orders(database).beat();
            Eventually.holds(
                    "heartbeats after the return", () -> orders(database).beat() > beat + 1);
            assertTrue(leadership.isHeld());
            assertFalse(seen.isDone());

            leader.close();

            assertEquals(LossReason.CLOSED, seen.get(60, TimeUnit.SECONDS));
            assertFalse(leadership.isHeld());
        }
    }

    @Test
    void lossWhileRecovering_interrupts_theRecovery(TestDatabase database) throws Exception {
        CompletableFuture<ProcessState> interrupted = new CompletableFuture<>();
        CompletableFuture<Leader> self = new CompletableFuture<>();
        RecordedWork work = RecordedWork.of(leadership -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(self.join().state());
            }
        });
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            self.complete(leader);
            Leadership leadership = work.next();
            assertEquals(ProcessState.RECOVERING, leader.state());

            leader.close();

            assertEquals(ProcessState.FOLLOWING, interrupted.get(60, TimeUnit.SECONDS));
            assertEquals(LossReason.CLOSED, Eventually.lossOf(leadership));
        }
    }

    @Test
    void lostLeadership_staysLost_thoughTheSameProcessLeadsAgain(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership first = work.next();
            leader.resign();
            Leadership second = work.next();

            first.recovered();

            assertFalse(first.isHeld());
            assertEquals(Duration.ZERO, first.remaining());
            assertEquals(LossReason.RESIGNED, Eventually.lossOf(first));
            LeadershipLostException loss =
                    assertThrows(LeadershipLostException.class, () -> first.ensure(Duration.ofMillis(1)));
            assertEquals(first.term(), loss.term());
            assertEquals("orders", loss.election());
            assertTrue(second.isHeld());
        }
    }

    @Test
    void ensure_moreThanAFreshHeartbeatGives_isRefused(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Duration trust = Settings.calm().build().trust();

            assertThrows(IllegalArgumentException.class, () -> leadership.ensure(trust.plusMillis(1)));
            assertTrue(leadership.isHeld());
        }
    }

    @Test
    void ensure_moreThanRemains_bringsAboutAHeartbeat(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.slow().build())) {
            elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Eventually.holds(
                    "the row says leading", () -> orders(database).phase().equals("leading"));
            Duration length = Settings.slow().build().trust().minusSeconds(2);
            Eventually.holds(
                    "less than that remains", () -> leadership.remaining().compareTo(length) < 0);
            long beat = orders(database).beat();

            leadership.ensure(length);

            assertTrue(orders(database).beat() > beat);
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    private static ElectionRow orders(TestDatabase database) {
        return new ElectionRow(database, "orders");
    }
}
