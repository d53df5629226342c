package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TcpProxy;
import dev.pgleader.testing.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A network that fails between this process and the database. Nothing lies, and nobody leads twice. */
@PostgresTest
class AddressDuringOutageTest {

    /** Far more than a statement time-out, for a machine that is slow. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private final CapturedLog log = CapturedLog.start();
    private TcpProxy network = TcpProxy.to("127.0.0.1", 1);
    private PGSimpleDataSource throughIt = new PGSimpleDataSource();

    @BeforeEach
    void setUp(TestDatabase database) {
        network.close();
        URI server = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        network = TcpProxy.to(server.getHost(), server.getPort());
        throughIt = database.dataSource();
        throughIt.setUrl("jdbc:postgresql://127.0.0.1:" + network.port() + "/" + database.name());
        throughIt.setUser(database.username());
        throughIt.setPassword(database.password());
    }

    @AfterEach
    void tearDown() {
        network.close();
        log.close();
    }

    @Test
    void blackHole_followersAddress_isUnknownInTime_andNeverStale(TestDatabase database) throws Exception {
        RecordedWork workA = RecordedWork.staying();
        try (Elections healthy = Elections.connect(
                        database.dataSource(), Settings.quick().build());
                Elections cutOff = Elections.connect(throughIt, Settings.quick().build())) {
            Leader leader = healthy.run("orders", "a:1", workA);
            workA.next();
            Leader follower = cutOff.run("orders", "b:2", RecordedWork.staying());
            Eventually.holds(
                    "the follower has seen the leader", () -> follower.current().isPresent());

            network.blackHole();

            for (int i = 0; i < 5; i++) {
                assertTimeout(SOON, () -> assertThrows(LeaderUnknownException.class, follower::address));
            }
            leader.close();
            assertThrows(LeaderUnknownException.class, follower::address);
            Eventually.holds(
                    "the last leader is forgotten", () -> follower.current().isEmpty());
            network.mend();
            Eventually.isIn(ProcessState.LEADING, follower);
            assertEquals("b:2", follower.address());
        }
    }

    @Test
    void cut_followersAddress_isUnknown_andRightAgainWhenMended(TestDatabase database) throws Exception {
        RecordedWork workA = RecordedWork.staying();
        try (Elections healthy =
                        Elections.connect(database.dataSource(), Settings.calm().build());
                Elections cutOff = Elections.connect(throughIt, Settings.calm().build())) {
            healthy.run("orders", "a:1", workA);
            workA.next();
            Leader follower = cutOff.run("orders", "b:2", RecordedWork.staying());
            Eventually.holds(
                    "the follower has seen the leader", () -> follower.current().isPresent());

            network.cut();

            assertTimeout(SOON, () -> assertThrows(LeaderUnknownException.class, follower::address));
            Eventually.holds("the trouble is told", () -> follower.problem()
                    .filter(problem -> problem.kind() == Problem.Kind.UNREACHABLE)
                    .isPresent());
            network.mend();
            Eventually.holds("the trouble is over", () -> follower.problem().isEmpty());
            assertEquals("a:1", follower.address());
        }
    }

    @Test
    void blackHole_leadersOwnAddress_isUnknown(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections cutOff = Elections.connect(throughIt, Settings.calm().build())) {
            Leader leader = cutOff.run("orders", "a:1", work);
            work.next();
            assertEquals("a:1", leader.address());

            network.blackHole();

            assertTimeout(SOON, () -> assertThrows(LeaderUnknownException.class, leader::address));
            assertFalse(new ElectionRow(database, "orders").isVacant());
        }
    }

    @Test
    void blackHole_leaderKnows_beforeItsLeaseEndsInTheDatabase(TestDatabase database) throws Exception {
        expectLossBeforeLeaseEnds(database, TcpProxy::blackHole);
    }

    @Test
    void answersHeldBack_leaderKnows_beforeItsLeaseEndsInTheDatabase(TestDatabase database) throws Exception {
        expectLossBeforeLeaseEnds(database, TcpProxy::holdAnswers);
    }

    @Test
    void cut_leaderKnows_beforeItsLeaseEndsInTheDatabase(TestDatabase database) throws Exception {
        expectLossBeforeLeaseEnds(database, TcpProxy::cut);
    }

    private interface Fault {
        void hit(TcpProxy network);
    }

    private void expectLossBeforeLeaseEnds(TestDatabase database, Fault fault) throws Exception {
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        RecordedWork work = RecordedWork.of(leadership -> {
            leadership.recovered();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                cancelled.complete(leadership.isHeld());
            }
        });
        ElectionRow row = new ElectionRow(database, "orders");
        try (Elections cutOff = Elections.connect(throughIt, Settings.quick().build())) {
            Leader leader = cutOff.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Eventually.isIn(ProcessState.LEADING, leader);

            fault.hit(network);

            Eventually.holds("the lease is over", () -> {
                boolean over = row.isExpired();
                // Asked after the database has said so: whoever still believes in the leadership now is wrong.
                assertFalse(over && leadership.isHeld(), "held after its lease");
                assertFalse(over && leader.state() != ProcessState.FOLLOWING, "leads after its lease");
                return over;
            });
            assertFalse(cancelled.get(60, TimeUnit.SECONDS));
            assertTrue(Set.of(LossReason.EXPIRED, LossReason.SESSION_LOST).contains(Eventually.lossOf(leadership)));
        }
    }

    @Test
    void leaderBlackHoled_successorTakesOverAfterTheLease_andTheOldOneFollowsWhenMended(TestDatabase database)
            throws Exception {
        RecordedWork workA = RecordedWork.staying();
        RecordedWork workB = RecordedWork.staying();
        try (Elections cutOff = Elections.connect(throughIt, Settings.quick().build());
                Elections healthy = Elections.connect(
                        database.dataSource(), Settings.quick().build())) {
            Leader old = cutOff.run("orders", "a:1", workA);
            Leadership lost = workA.next();
            Leader successor = healthy.run("orders", "b:2", workB);
            Eventually.holds(
                    "the other has seen the leader", () -> successor.current().isPresent());
            database.execute(LeaseAudit.INSTALL);

            network.blackHole();

            Leadership next = workB.next();
            assertFalse(lost.isHeld());
            assertTrue(next.term() > lost.term());
            assertEquals(0, LeaseAudit.takenEarly(database));
            assertEquals(ProcessState.FOLLOWING, old.state());

            network.mend();

            Eventually.holds("the old leader knows its successor", () -> old.current()
                    .filter(info -> info.address().equals("b:2"))
                    .isPresent());
            assertEquals(1, workA.calls());
            assertEquals("b:2", old.address());
        }
    }

    @Test
    void onSessionEnd_leaderCutOff_successorLeadsThoughTheLeaseRuns(TestDatabase database) throws Exception {
        RecordedWork workA = RecordedWork.staying();
        RecordedWork workB = RecordedWork.staying();
        // What the policy assumes, that a leader notices within this period, holds on a slow machine too.
        ElectionConfig fast = Settings.slow()
                .refractoryPeriod(Duration.ofSeconds(3))
                .takeover(Takeover.ON_SESSION_END)
                .build();
        try (Elections cutOff = Elections.connect(throughIt, fast);
                Elections healthy = Elections.connect(database.dataSource(), fast)) {
            cutOff.run("orders", "a:1", workA);
            Leadership old = workA.next();
            Leader successor = healthy.run("orders", "b:2", workB);
            Eventually.holds(
                    "the other has seen the leader", () -> successor.current().isPresent());

            network.cut();

            Leadership next = workB.next();
            assertFalse(old.isHeld());
            assertTrue(next.term() > old.term());
        }
    }

    @Test
    void heartbeatArrivesAfterTheSuccessor_nothing_isRevived(TestDatabase database) throws Exception {
        RecordedWork workA = RecordedWork.staying();
        RecordedWork workB = RecordedWork.staying();
        try (Elections cutOff = Elections.connect(throughIt, Settings.quick().build());
                Elections healthy = Elections.connect(
                        database.dataSource(), Settings.quick().build())) {
            cutOff.run("orders", "a:1", workA);
            Leadership lost = workA.next();
            healthy.run("orders", "b:2", workB);
            network.blackHole();
            Leadership next = workB.next();

            network.mend();

            ElectionRow row = new ElectionRow(database, "orders");
            long beat = row.beat();
            Eventually.holds("the successor is renewed", () -> row.beat() > beat + 3);
            assertFalse(lost.isHeld());
            assertEquals(next.term(), row.term());
        }
    }

    @Test
    void blackHole_close_returnsInBoundedTime(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        Elections cutOff = Elections.connect(throughIt, Settings.quick().build());
        cutOff.run("orders", "a:1", work);
        Leadership leadership = work.next();

        network.blackHole();

        assertTimeout(Duration.ofSeconds(20), cutOff::close);
        assertFalse(leadership.isHeld());
        network.cut();
        Eventually.holds(
                "the lease is over",
                () -> new ElectionRow(database, "orders").isExpired()
                        || new ElectionRow(database, "orders").isVacant());
    }

    @Test
    void networkDeadAtStart_run_returnsAndIsElectedWhenMended(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        network.blackHole();
        try (Elections cutOff = Elections.connect(throughIt, Settings.quick().build())) {
            Leader leader = cutOff.run("orders", "a:1", work);
            assertEquals(ProcessState.FOLLOWING, leader.state());
            assertTimeout(SOON, () -> assertThrows(LeaderUnknownException.class, leader::address));
            Eventually.holds("the trouble is told", () -> leader.problem()
                    .filter(problem -> problem.kind() == Problem.Kind.UNREACHABLE)
                    .isPresent());

            network.mend();

            assertTrue(work.next().isHeld());
            Eventually.holds("the trouble is over", () -> leader.problem().isEmpty());
        }
    }
}
