package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that end, and rows that somebody changes: nothing is lost but the leadership. */
@PostgresTest
class SessionLossTest {

    /** What these tests do is reported, which need not be read each time. */
    private final CapturedLog log = CapturedLog.start();

    @AfterEach
    void giveTheLogBack() {
        log.close();
    }

    @Test
    void sessionTerminated_leaderNoticesLongBeforeItsLease_andStopsItsWork(TestDatabase database) throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        RecordedWork work = RecordedWork.of(leadership -> {
            leadership.recovered();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        });
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.slow().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Eventually.isIn(ProcessState.LEADING, leader);

            orders(database).terminateLeadersSession();

            assertTrue(interrupted.get(20, TimeUnit.SECONDS));
            assertFalse(leadership.isHeld());
            assertEquals(LossReason.SESSION_LOST, Eventually.lossOf(leadership));
            assertEquals(ProcessState.FOLLOWING, leader.state());
        }
    }

    @Test
    void sessionTerminated_leaderAlone_isElectedAgainWithHigherTerm(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.quick().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership old = work.next();
            database.execute(LeaseAudit.INSTALL);

            orders(database).terminateLeadersSession();

            Leadership next = work.next();
            assertTrue(next.term() > old.term());
            assertFalse(old.isHeld());
            Eventually.isIn(ProcessState.LEADING, leader);
            assertEquals("a:1", leader.address());
        }
    }

    @Test
    void sessionTerminated_anotherLeads_onlyAfterTheLease(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections first = Elections.connect(
                        database.dataSource(), Settings.quick().build());
                Elections second = Elections.connect(
                        database.dataSource(), Settings.quick().build())) {
            first.run("orders", "a:1", work);
            Leadership old = work.next();
            second.run("orders", "b:2", work);
            database.execute(LeaseAudit.INSTALL);
            for (int i = 0; i < 5; i++) {
                orders(database).terminateLeadersSession();

                Leadership next = work.next();

                assertFalse(old.isHeld());
                assertTrue(next.term() > old.term());
                old = next;
            }
            assertEquals(0, LeaseAudit.takenEarly(database));
        }
    }

    @Test
    void everySessionTerminatedAgainAndAgain_termsGrow_andNoTwoLead(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        ElectionConfig fast = Settings.quick().takeover(Takeover.ON_SESSION_END).build();
        try (Elections first = Elections.connect(database.dataSource(), fast);
                Elections second = Elections.connect(database.dataSource(), fast)) {
            first.run("orders", "a:1", work);
            second.run("orders", "b:2", work);
            Leadership old = work.next();
            for (int i = 0; i < 5; i++) {
                database.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database() and pid <> pg_backend_pid()");

                Leadership next = work.next();

                assertTrue(next.term() > old.term());
                assertFalse(old.isHeld());
                old = next;
            }
        }
    }

    @Test
    void listenersSessionTerminated_nothing_isLost(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            int session = orders(database).backendPid();
            // Of the library's own role: an administrator's connection that is just closing may still be there.
            String listener = "select pid from pg_stat_activity where datname = current_database() and usename = '"
                    + database.username() + "' and pid <> ?";
            Eventually.holds(
                    "the listener is there",
                    () -> database.queryAll(Integer.class, listener, session).size() == 1);
            int old = database.queryOne(Integer.class, listener, session);

            database.execute("select pg_terminate_backend(?)", old);

            Eventually.holds("a new listener is there", () -> {
                var now = database.queryAll(Integer.class, listener, session);
                return now.size() == 1 && !now.contains(old);
            });
            long beat = orders(database).beat();
            Eventually.holds("heartbeats go on", () -> orders(database).beat() > beat + 1);
            assertTrue(leadership.isHeld());
            assertEquals(leadership.term(), orders(database).term());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update pgleader.election set candidate = gen_random_uuid()",
                "update pgleader.election set term = term + 1",
                ElectionRow.EMPTY,
                "update pgleader.election set session_id = session_id - 1",
                "update pgleader.session set expires_at = clock_timestamp() - interval '1 hour'",
                "delete from pgleader.session",
                "delete from pgleader.election",
                "truncate pgleader.election",
                "truncate pgleader.election, pgleader.session, pgleader.disturbed",
            })
    void rowChangedBySomebody_leader_isDeposed(String change, TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.quick().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership old = work.next();
            Eventually.isIn(ProcessState.LEADING, leader);

            database.execute(change);

            assertEquals(LossReason.DEPOSED, Eventually.lossOf(old));
            assertFalse(old.isHeld());
            Leadership next = work.next();
            assertFalse(old.isHeld());
            assertTrue(next.isHeld());
            assertTrue(next.term() > old.term());
        }
    }

    @Test
    void rowOfOneElectionTakenAway_otherElections_goOn(TestDatabase database) throws Exception {
        RecordedWork lost = RecordedWork.staying();
        RecordedWork kept = RecordedWork.staying();
        try (Elections elections = Elections.connect(
                database.dataSource(),
                Settings.calm().heartbeatInterval(Duration.ofMillis(100)).build())) {
            elections.run("orders", "a:1", lost);
            elections.run("billing", "a:1", kept);
            Leadership old = lost.next();
            Leadership other = kept.next();

            database.execute("update pgleader.election set candidate = gen_random_uuid() where name = 'orders'");

            assertEquals(LossReason.DEPOSED, Eventually.lossOf(old));
            ElectionRow billing = new ElectionRow(database, "billing");
            long beat = billing.beat();
            Eventually.holds("the other is renewed", () -> billing.beat() > beat + 3);
            assertTrue(other.isHeld());
            assertEquals(1, kept.calls());
        }
    }

    private static ElectionRow orders(TestDatabase database) {
        return new ElectionRow(database, "orders");
    }
}
