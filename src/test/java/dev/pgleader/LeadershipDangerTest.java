package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A leader whose heartbeats are not answered is warned before its time is over. */
@PostgresTest
class LeadershipDangerTest {

    private static final Duration NOTICE = Duration.ofMillis(500);

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Test
    void rowIsLocked_dangerComesBeforeTheLoss_andAgainAfterARecovery(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.returning();
        try (Elections elections = connect(database);
                Connection somebody = database.dataSource().getConnection()) {
            elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            leadership.onDanger(NOTICE, left -> told.add(isWithinNotice(left) ? "danger" : "danger, with " + left));
            leadership.onLoss(reason -> told.add("lost, " + reason));

            lockRow(somebody);
            assertEquals("danger", next());
            somebody.rollback();
            Eventually.holds("recovered", () -> leadership.remaining().compareTo(NOTICE) > 0);
            assertTrue(leadership.isHeld());

            lockRow(somebody);
            assertEquals(List.of("danger", "lost, EXPIRED"), List.of(next(), next()));
            somebody.rollback();
        }
    }

    @Test
    void heartbeatsAreAnswered_noDangerComes(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.returning();
        ElectionConfig config =
                Settings.calm().heartbeatInterval(Duration.ofMillis(50)).build();
        try (Elections elections = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            ElectionRow row = new ElectionRow(database, "orders");
            long lastBeat = row.beat() + 20;
            leadership.onDanger(Duration.ofSeconds(4), left -> told.add("danger, with " + left));
            leadership.onLoss(reason -> told.add("lost, " + reason));

            Eventually.holds("heartbeats go on", () -> row.beat() >= lastBeat);
            leader.resign();

            assertEquals(List.of("lost, RESIGNED"), List.copyOf(told));
        }
    }

    @Test
    void resigned_whileADangerListenerRuns_isReleasedAfterItReturned(TestDatabase database) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        RecordedWork work = RecordedWork.returning();
        try (Elections elections = connect(database);
                Connection somebody = database.dataSource().getConnection()) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            leadership.onDanger(NOTICE, left -> {
                running.countDown();
                awaitQuietly(mayReturn);
            });
            lockRow(somebody);
            Eventually.comes(running);
            somebody.rollback();
            Eventually.holds("recovered", () -> leadership.remaining().compareTo(NOTICE) > 0);

            Thread resigning = new Thread(leader::resign);
            resigning.start();
            assertEquals(LossReason.RESIGNED, Eventually.lossOf(leadership));
            long beat = new ElectionRow(database, "orders").beat();
            Eventually.holds("heartbeats go on", () -> new ElectionRow(database, "orders").beat() > beat + 2);
            assertFalse(new ElectionRow(database, "orders").isVacant(), "released before the listener returned");

            mayReturn.countDown();
            Eventually.ends(resigning);
            assertTrue(work.next().term() > leadership.term());
        }
    }

    @Test
    void noticeForWhichAHeartbeatIsTooSlow_isRefused(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.returning();
        try (Elections elections = connect(database)) {
            elections.run("orders", "a:1", work);
            Leadership leadership = work.next();

            assertThrows(IllegalArgumentException.class, () -> leadership.onDanger(Duration.ofSeconds(1), left -> {}));
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.quick().build());
    }

    private static boolean isWithinNotice(Duration left) {
        return !left.isZero() && left.compareTo(NOTICE) <= 0;
    }

    /** As an administrator's forgotten transaction does: heartbeats pass the row over. */
    private static void lockRow(Connection somebody) throws SQLException {
        somebody.setAutoCommit(false);
        try (Statement statement = somebody.createStatement()) {
            statement.execute("select from pgleader.session for update");
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(told.poll(60, TimeUnit.SECONDS));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
