package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Tickets;
import java.sql.Connection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The cases by which juju tests its leases: who gets one, who is blocked by it, and until when. To block until a leadership is
 * released is to wait in an election here.
 */
@PostgresTest
class LeaseCasesTest {

    private static final Duration GUARANTEE = Duration.ofMillis(200);
    private static final ElectionConfig QUICK = Settings.quick().build();

    private final CapturedLog log = CapturedLog.start();
    private final RecordedWork work = RecordedWork.staying();
    private final RecordedWork waiting = RecordedWork.staying();

    @AfterEach
    void giveTheLogBack() {
        log.close();
    }

    // Claims

    /** A claim by its holder extends the lease: it ends later each time, and nothing else of it changes. */
    @Test
    void claimsOfTheHolder_extendItsLease_andChangeNothingElse(TestDatabase database) throws Exception {
        try (Elections elections = Elections.connect(
                database.dataSource(),
                Settings.calm().heartbeatInterval(Duration.ofMillis(50)).build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Eventually.isIn(ProcessState.LEADING, leader);
            ElectionRow row = new ElectionRow(database, "orders");
            String holding = holding(database);
            OffsetDateTime end = leaseEnd(database);
            long lastBeat = row.beat() + 5;

            while (row.beat() < lastBeat) {
                OffsetDateTime later = leaseEnd(database);
                assertFalse(later.isBefore(end));
                end = later;
            }

            assertEquals(holding, holding(database));
            assertEquals(1, work.calls());
        }
    }

    private static String holding(TestDatabase database) {
        return database.queryOne(
                String.class, "select concat_ws(' ', term, candidate, address, elected_at) from pgleader.election");
    }

    private static OffsetDateTime leaseEnd(TestDatabase database) {
        return database.queryOne(
                OffsetDateTime.class,
                "select s.expires_at from pgleader.session as s join pgleader.election as e on e.session_id = s.id");
    }

    // Blocked by a lease

    /** juju's block test: released on expiry; nothing but the lease keeps the one that waits from leading. */
    @Test
    void holderIsGone_whoeverWaits_isBlockedUntilItsLeaseIsOver(TestDatabase database) throws Exception {
        try (Network network = Network.to(database);
                Elections gone = Elections.connect(network.dataSource(), QUICK);
                Elections elections = Elections.connect(database.dataSource(), QUICK)) {
            gone.run("orders", "a:1", work);
            Leadership former = work.next();
            Leader follower = elections.run("orders", "b:2", waiting);
            Ticket<Boolean> start = follower.tracker(GUARANTEE).waitLeader();
            Eventually.holds("has seen the holder", () -> follower.current().isPresent());
            database.execute(LeaseAudit.INSTALL);

            network.proxy().cut();

            assertTrue(start.await(Eventually.PATIENCE));
            assertTrue(waiting.next().term() > former.term());
            assertEquals(0, LeaseAudit.takenEarly(database), log::text);
        }
    }

    /** juju's block test: the lease was about to end when somebody else took it. */
    @Test
    void leaseThatWasAboutToEnd_isSomebodyElsesNow_whoeverWaits_staysBlocked(TestDatabase database) throws Exception {
        try (Network network = Network.to(database);
                Elections gone = Elections.connect(network.dataSource(), QUICK);
                Elections elections = Elections.connect(database.dataSource(), QUICK)) {
            gone.run("orders", "a:1", work);
            work.next();
            Leader follower = elections.run("orders", CandidateConfig.at("b:2"), waiting);
            Ticket<Boolean> start = follower.tracker(GUARANTEE).waitLeader();
            Eventually.holds("has seen the holder", () -> follower.current().isPresent());
            OffsetDateTime end = leaseEnd(database).plusSeconds(2);

            new ElectionRow(database, "orders").giveTo("c:3");
            network.proxy().cut();

            Eventually.holds(
                    "the former lease would have ended",
                    () -> database.queryOne(Boolean.class, "select clock_timestamp() > ?", end));
            assertEquals("c:3", follower.address());
            assertEquals(0, waiting.calls());
            assertFalse(Tickets.isAnswered(start));
            new ElectionRow(database, "orders").release();
            assertTrue(start.await(Eventually.PATIENCE), log::text);
        }
    }

    /** juju's block test: several wait for one name, and those who wait for another are not concerned. */
    @Test
    void released_oneOfThoseWhoWaitForIt_leads_andNobodyElseIsConcerned(TestDatabase database) throws Exception {
        ElectionConfig config = Settings.calm().build();
        List<Elections> open = new ArrayList<>();
        try (Elections holding = Elections.connect(database.dataSource(), config)) {
            Leader leader = holding.run("orders", "a:1", work);
            Leader other = holding.run("billing", "a:1", work);
            Eventually.isIn(ProcessState.LEADING, leader);
            Eventually.isIn(ProcessState.LEADING, other);
            List<Ticket<Boolean>> forOrders = new ArrayList<>();
            List<Ticket<Boolean>> forBilling = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Elections elections = Elections.connect(database.dataSource(), config);
                open.add(elections);
                forOrders.add(elections
                        .run("orders", "b:" + i, waiting)
                        .tracker(GUARANTEE)
                        .waitLeader());
                forBilling.add(elections
                        .run("billing", "b:" + i, waiting)
                        .tracker(GUARANTEE)
                        .waitLeader());
            }
            Candidates.arePresent(database, "orders", "a:1", "b:0", "b:1", "b:2");
            Candidates.arePresent(database, "billing", "a:1", "b:0", "b:1", "b:2");

            leader.close();

            assertEquals("orders", waiting.next().election());
            ElectionRow row = new ElectionRow(database, "orders");
            long beat = row.beat();
            Eventually.holds("it is renewed", () -> row.beat() > beat + 1);
            assertEquals(2, openOf(forOrders));
            assertEquals(3, openOf(forBilling));
            assertEquals(ProcessState.LEADING, other.state());
            assertEquals(1, waiting.calls());
        } finally {
            open.parallelStream().forEach(Elections::close);
        }
    }

    private static int openOf(List<Ticket<Boolean>> tickets) throws InterruptedException {
        int open = 0;
        for (Ticket<Boolean> ticket : tickets) {
            open += Tickets.isAnswered(ticket) ? 0 : 1;
        }
        return open;
    }

    /** juju's block and store tests: what ends is the lease that is over, and whoever waits for another waits on. */
    @Test
    void anotherLeaseEnds_itAloneIsTaken_andWhoeverWaitsLooksAgainAndWaitsOn(TestDatabase database) throws Exception {
        RecordedWork ofBilling = RecordedWork.staying();
        try (Network network = Network.to(database);
                Elections gone = Elections.connect(network.dataSource(), QUICK);
                Elections holding =
                        Elections.connect(database.dataSource(), Settings.calm().build());
                Elections elections = Elections.connect(database.dataSource(), QUICK)) {
            gone.run("billing", "c:3", RecordedWork.staying());
            holding.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Ticket<Boolean> start =
                    elections.run("orders", "b:2", waiting).tracker(GUARANTEE).waitLeader();
            Leader billing = elections.run("billing", "b:2", ofBilling);
            Eventually.holds("has seen the holder", () -> billing.current()
                    .filter(holder -> holder.address().equals("c:3"))
                    .isPresent());

            network.proxy().cut();

            ofBilling.next();
            assertFalse(Tickets.isAnswered(start), log::text);
            assertTrue(leadership.isHeld());
            assertEquals(
                    List.of("billing b:2", "orders a:1"),
                    database.queryAll(
                            String.class, "select election || ' ' || address from pgleader.leader order by election"));
        }
    }

    /** juju's ErrWaitStopped: the one that keeps the leases is stopped, and whoever waits is told. */
    @Test
    void stoppedWhileSomebodyWaits_waitEnds_withoutALease(TestDatabase database) throws Exception {
        ElectionConfig config = Settings.calm().build();
        Elections elections = Elections.connect(database.dataSource(), config);
        try (Elections holding = Elections.connect(database.dataSource(), config)) {
            holding.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Leader follower = elections.run("orders", "b:2", waiting);
            Ticket<Boolean> start = follower.tracker(GUARANTEE).waitLeader();
            ElectionObserver observer = follower.observe();
            Sightings.of(observer).firstOf("a:1");

            elections.close();

            assertFalse(start.await(Eventually.PATIENCE));
            assertEquals(ElectionState.unknown(), observer.state());
            assertThrows(LeaderUnknownException.class, follower::address);
            assertTrue(leadership.isHeld());
            assertEquals(0, waiting.calls());
        } finally {
            elections.close();
        }
    }

    /** juju's store test: released by one that does not hold it, which is no error and changes nothing. */
    @Test
    void releasedByWhoeverDoesNotHoldIt_isNoError_andChangesNothing(TestDatabase database) throws Exception {
        ElectionConfig config = Settings.calm().build();
        try (Elections holding = Elections.connect(database.dataSource(), config);
                Elections elections = Elections.connect(database.dataSource(), config)) {
            holding.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Leader follower = elections.run("orders", "b:2", waiting);
            Candidates.arePresent(database, "orders", "a:1", "b:2");
            ElectionRow row = new ElectionRow(database, "orders");

            assertTrue(follower.handOverTo("b:2"));
            assertTrue(follower.handOverTo("nobody"));
            follower.close();
            long beat = row.beat();
            Eventually.holds("the holder is renewed", () -> row.beat() > beat + 1);

            assertTrue(leadership.isHeld());
            assertEquals(leadership.term(), row.term());
            assertTrue(row.isLocked());
        }
    }

    /**
     * juju's pins keep a lease from ending, and may be set twice. Here nothing does; what may keep a successor out is a fence,
     * and one that is asked for twice is over with its transaction like any other.
     */
    @Test
    void fencedTwice_inOneTransaction_isOneFence_andOverWithIt(TestDatabase database) throws Exception {
        ElectionConfig config = Settings.calm().build();
        try (Elections holding = Elections.connect(database.dataSource(), config);
                Elections elections = Elections.connect(database.dataSource(), config);
                Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Leader leader = holding.run("orders", "a:1", work);
            Leadership leadership = work.next();
            elections.run("orders", "b:2", waiting);
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            leadership.fence(connection);
            leadership.fence(connection);
            leader.close();

            assertTrue(new ElectionRow(database, "orders").isFreeAtOnce());
            leadsAgainAndAgain(elections, "billing");
            assertEquals(0, waiting.calls(), log::text);
            connection.commit();
            assertTrue(waiting.next().term() > leadership.term());
        }
    }

    /** So there was time enough for it to lead elsewhere as well. */
    private static void leadsAgainAndAgain(Elections elections, String election) throws InterruptedException {
        RecordedWork other = RecordedWork.staying();
        Leader leader = elections.run(election, "b:2", other);
        for (int i = 0; i < 3; i++) {
            other.next();
            leader.resign();
        }
        leader.close();
    }
}
