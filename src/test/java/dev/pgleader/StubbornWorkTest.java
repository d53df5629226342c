package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work that swallows interrupts and does not return: nothing is released early, and others wait for a whole lease. */
@PostgresTest
class StubbornWorkTest {

    private final CountDownLatch mercy = new CountDownLatch(1);
    private final AtomicBoolean gone = new AtomicBoolean();

    @AfterEach
    void letItReturn() {
        mercy.countDown();
    }

    private RecordedWork stubborn() {
        return RecordedWork.of(leadership -> {
            leadership.recovered();
            while (mercy.getCount() > 0) {
                try {
                    mercy.await();
                } catch (InterruptedException swallowed) {
                    // That is what this work is for.
                }
            }
            gone.set(true);
        });
    }

    @Test
    void resign_returnsAfterTheDrain_andReleasesNothing(TestDatabase database) throws Exception {
        RecordedWork work = stubborn();
        ElectionConfig config = Settings.slow()
                .statementTimeout(Duration.ofSeconds(1))
                .drainTimeout(Duration.ofMillis(300))
                .build();
        try (CapturedLog log = CapturedLog.start();
                Elections elections = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();

            assertFalse(leader.resign());

            assertFalse(leadership.isHeld());
            assertEquals(ProcessState.FOLLOWING, leader.state());
            assertFalse(orders(database).isFreeAtOnce());
            assertFalse(gone.get());
            assertFalse(log.warnings().isEmpty(), "nobody was told that the work does not stop");
            mercy.countDown();
        }
    }

    @Test
    void resign_waits_noLongerThanTheDrain(TestDatabase database) throws Exception {
        RecordedWork work = stubborn();
        Duration statement = Duration.ofSeconds(8);
        ElectionConfig config = Settings.slow()
                .statementTimeout(statement)
                .drainTimeout(Duration.ofMillis(300))
                .build();
        try (CapturedLog log = CapturedLog.start();
                Elections elections = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();

            assertTimeout(statement, leader::resign, log::text);

            mercy.countDown();
        }
    }

    @Test
    void close_returnsAfterTheDrain_andReleasesNothing(TestDatabase database) throws Exception {
        RecordedWork work = stubborn();
        ElectionConfig config = Settings.slow()
                .statementTimeout(Duration.ofSeconds(1))
                .drainTimeout(Duration.ofMillis(300))
                .build();
        Elections elections = Elections.connect(database.dataSource(), config);
        try (CapturedLog log = CapturedLog.start()) {
            elections.run("orders", "a:1", work);
            Leadership leadership = work.next();

            elections.close();

            assertFalse(leadership.isHeld());
            assertFalse(orders(database).isFreeAtOnce());
            assertFalse(gone.get());
            assertFalse(log.warnings().isEmpty(), "nobody was told that the work does not stop");
        } finally {
            mercy.countDown();
            elections.close();
        }
    }

    @Test
    void notDrained_otherLeads_onlyAfterTheLease(TestDatabase database) throws Exception {
        RecordedWork work = stubborn();
        RecordedWork successor = RecordedWork.staying();
        ElectionConfig config =
                Settings.quick().drainTimeout(Duration.ofMillis(300)).build();
        try (CapturedLog log = CapturedLog.start();
                Elections first = Elections.connect(database.dataSource(), config);
                Elections second = Elections.connect(database.dataSource(), config)) {
            Leader leader = first.run("orders", "a:1", work);
            Leadership old = work.next();
            database.execute(LeaseAudit.INSTALL);
            second.run("orders", "b:2", successor);

            assertFalse(leader.resign(), log::text);

            Leadership next = successor.next();
            assertTrue(next.term() > old.term());
            assertEquals(0, LeaseAudit.takenEarly(database), "taken before the lease was over");
            mercy.countDown();
        }
    }

    @Test
    void notReturned_thisProcess_doesNotStandAgain(TestDatabase database) throws Exception {
        RecordedWork work = stubborn();
        ElectionConfig config =
                Settings.quick().drainTimeout(Duration.ofMillis(200)).build();
        try (CapturedLog log = CapturedLog.start();
                Elections elections = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership old = work.next();
            leader.resign();
            Eventually.holds("the row is let go", () -> orders(database).isVacant());
            Eventually.holds("the answer that nobody leads", () -> saysNobodyLeads(leader));
            assertEquals(1, work.calls(), log::text);
            assertEquals(old.term(), orders(database).term());

            mercy.countDown();

            Leadership next = work.next();
            assertTrue(gone.get());
            assertTrue(next.term() > old.term());
        }
    }

    @Test
    void sessionLostWhileStubborn_otherLeads_thisOneFollowsUntilItsWorkReturns(TestDatabase database) throws Exception {
        RecordedWork work = stubborn();
        RecordedWork successor = RecordedWork.staying();
        ElectionConfig config =
                Settings.quick().drainTimeout(Duration.ofSeconds(1)).build();
        try (CapturedLog log = CapturedLog.start();
                Elections first = Elections.connect(database.dataSource(), config);
                Elections second = Elections.connect(database.dataSource(), config)) {
            Leader leader = first.run("orders", "a:1", work);
            Leadership old = work.next();
            Leader other = second.run("orders", "b:2", successor);

            orders(database).terminateLeadersSession();

            Leadership next = successor.next();
            assertFalse(old.isHeld());
            assertTrue(next.term() > old.term());
            other.close();
            Eventually.holds("the row is vacant", () -> orders(database).isVacant());
            assertEquals(ProcessState.FOLLOWING, leader.state());
            assertEquals(1, work.calls(), log::text);

            mercy.countDown();

            assertTrue(work.next().term() > next.term());
        }
    }

    private static boolean saysNobodyLeads(Leader leader) {
        try {
            throw new AssertionError("leads: " + leader.address());
        } catch (NoLeaderException answer) {
            return true;
        } catch (LeaderUnknownException notNow) {
            return false;
        }
    }

    private static ElectionRow orders(TestDatabase database) {
        return new ElectionRow(database, "orders");
    }
}
