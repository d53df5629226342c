package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Tickets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cases by which juju tests the tracker of a leadership, with a real database: what tickets say, and that they say it. */
@PostgresTest
class LeadershipCasesTest {

    private static final Duration GUARANTEE = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ElectionConfig CALM = Settings.calm().build();

    /** Nobody looks by itself before a test is over: whoever knows something was told. */
    private static final ElectionConfig TOLD =
            Settings.slow().retryInterval(Duration.ofMinutes(1)).build();

    /** Its lease ends soon, but so long after the promises made of it that a slow machine has seen to them before. */
    private static final ElectionConfig UNHURRIED = Settings.quick()
            .leaseDuration(Duration.ofSeconds(4))
            .refractoryPeriod(Duration.ofSeconds(2))
            .build();

    private final RecordedWork work = RecordedWork.staying();
    private final CapturedLog log = CapturedLog.start();

    @AfterEach
    void giveTheLogBack() {
        log.close();
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), CALM);
    }

    // Claims

    /** juju's TestOnLeaderSuccess: the ticket says true as often as it is read, and no claim needs the database. */
    @Test
    void leading_claimsAreGranted_withoutAStatement(TestDatabase database) throws Exception {
        try (Network network = Network.to(database);
                Elections elections = Elections.connect(network.dataSource(), CALM)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            LeadershipTracker tracker = leader.tracker(GUARANTEE);
            network.proxy().blackHole();

            for (int i = 0; i < 1000; i++) {
                Ticket<Boolean> claim = tracker.claimLeader();

                assertTrue(claim.await(Duration.ZERO));
                assertTrue(claim.await());
            }
        }
    }

    /** juju's TestOnLeaderFailure: denied at once, without another attempt to lead. */
    @Test
    void following_claimsAreDenied_withoutAStatement(TestDatabase database) throws Exception {
        RecordedWork none = RecordedWork.staying();
        try (Elections other = connect(database);
                Network network = Network.to(database);
                Elections elections = Elections.connect(network.dataSource(), CALM)) {
            other.run("orders", "b:2", work);
            work.next();
            Leader follower = elections.run("orders", "a:1", none);
            Candidates.arePresent(database, "orders", "a:1", "b:2");
            LeadershipTracker tracker = follower.tracker(GUARANTEE);
            network.proxy().blackHole();

            Ticket<Boolean> claim = tracker.claimLeader();

            assertFalse(claim.await(Duration.ZERO));
            assertFalse(claim.await());
            assertEquals(FollowerReason.NOT_LEADING, tracker.waitFollower().await(Duration.ZERO));
        }
    }

    /** A claim that needs the database is a ticket at once, and denied when the database does not answer. */
    @Test
    void databaseHangs_ticketsAreGivenAtOnce_andAnsweredBeforeAnotherMayLead(TestDatabase database) throws Exception {
        ElectionRow row = new ElectionRow(database, "orders");
        try (Network network = Network.to(database);
                Elections elections = Elections.connect(network.dataSource(), UNHURRIED)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            LeadershipTracker tracker = leader.tracker(Duration.ofMillis(500));
            Ticket<FollowerReason> end = tracker.waitFollower();
            CompletableFuture<Boolean> leaseWasOver =
                    end.ready().thenApply(reason -> row.isExpired()).toCompletableFuture();
            network.proxy().blackHole();

            Eventually.holds("a claim that is not granted at once", () -> {
                Ticket<Boolean> claim = tracker.claimLeader();
                return !Tickets.isAnswered(claim) || !claim.await();
            });

            assertTrue(List.of(FollowerReason.UNCERTAIN, FollowerReason.LOST).contains(end.await(Eventually.PATIENCE)));
            assertFalse(leaseWasOver.get(60, TimeUnit.SECONDS), log::text);
            Eventually.lossOf(leadership);
            assertFalse(tracker.claimLeader().await(Duration.ZERO));
        }
    }

    // Gaining and losing

    /** juju's TestGainLeadership: denied, then released, then granted before any timer. */
    @Test
    void leaderResigns_theOneThatWaits_isToldThatItLeads(TestDatabase database) throws Exception {
        RecordedWork next = RecordedWork.staying();
        try (Elections other = Elections.connect(database.dataSource(), TOLD);
                Elections elections = Elections.connect(database.dataSource(), TOLD)) {
            Leader leader = other.run("orders", "b:2", work);
            work.next();
            Leader follower = elections.run("orders", "a:1", next);
            LeadershipTracker tracker = follower.tracker(GUARANTEE);
            assertFalse(tracker.claimLeader().await(Eventually.PATIENCE));
            Ticket<Boolean> start = tracker.waitLeader();
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            leader.close();

            assertTrue(start.await(SOON));
            assertTrue(tracker.claimLeader().await(Eventually.PATIENCE));
            assertTrue(next.next().isHeld());
        }
    }

    /** juju's TestFailGainLeadership: released, but denied again since a third one was faster. */
    @Test
    void leaderResigns_thoseWhoAreTooLate_waitOn(TestDatabase database) throws Exception {
        try (Elections first = connect(database);
                Elections second = connect(database);
                Elections third = connect(database)) {
            Leader leader = first.run("orders", "a:1", work);
            work.next();
            List<LeadershipTracker> trackers = new ArrayList<>();
            List<Ticket<Boolean>> starts = new ArrayList<>();
            for (Elections elections : List.of(second, third)) {
                LeadershipTracker tracker =
                        elections.run("orders", "b:2", RecordedWork.staying()).tracker(GUARANTEE);
                trackers.add(tracker);
                starts.add(tracker.waitLeader());
            }

            leader.close();

            Eventually.holds(
                    "one of them leads", () -> Tickets.isAnswered(starts.get(0)) || Tickets.isAnswered(starts.get(1)));
            int winner = Tickets.isAnswered(starts.get(0)) ? 0 : 1;
            ElectionRow row = new ElectionRow(database, "orders");
            long beat = row.beat();
            Eventually.holds("the winner is renewed", () -> row.beat() > beat + 1);
            assertFalse(Tickets.isAnswered(starts.get(1 - winner)));
            assertFalse(trackers.get(1 - winner).claimLeader().await(Eventually.PATIENCE));
            assertTrue(trackers.get(winner).claimLeader().await(Eventually.PATIENCE));
        }
    }

    /** juju's TestWaitLeaderAlreadyLeader. */
    @Test
    void leading_waitForLeading_isOverAtOnce(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();

            Ticket<Boolean> start = leader.tracker(GUARANTEE).waitLeader();

            assertTrue(start.await(Duration.ZERO));
            assertTrue(start.await());
        }
    }

    /** juju's TestWaitMinionNeverBecomeMinion, and what became of the ticket when the tracker stopped. */
    @Test
    void leadingOn_waitForItsEnd_isOpenUntilTheTrackerIsClosed_andThenTheLeadershipGoesOn(TestDatabase database)
            throws Exception {
        ElectionRow row = new ElectionRow(database, "orders");
        try (Elections elections = Elections.connect(
                database.dataSource(),
                Settings.calm().heartbeatInterval(Duration.ofMillis(100)).build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            LeadershipTracker tracker = leader.tracker(GUARANTEE);
            Ticket<FollowerReason> end = tracker.waitFollower();
            long beat = row.beat();

            Eventually.holds("three heartbeats", () -> row.beat() > beat + 2);
            assertFalse(Tickets.isAnswered(end));
            tracker.close();
            tracker.close();

            assertEquals(FollowerReason.CLOSED, end.await(Eventually.PATIENCE));
            assertEquals(FollowerReason.CLOSED, tracker.waitFollower().await(Eventually.PATIENCE));
            assertFalse(tracker.waitLeader().await(Eventually.PATIENCE));
            assertFalse(tracker.claimLeader().await(Eventually.PATIENCE));
            assertThrows(IllegalStateException.class, () -> tracker.withStableLeadership(leads -> leads));
            assertTrue(leadership.isHeld());
            assertTrue(leader.tracker(GUARANTEE).claimLeader().await(Eventually.PATIENCE));
        }
    }

    /**
     * juju's TestOnLeaderError and TestWaitMinionClaimerFails. There an error ends the tracker, and somebody starts another;
     * here it outlasts the session.
     */
    @Test
    void sessionEnds_waitIsOver_andTheSameTrackerSeesTheNextLeadership(TestDatabase database) throws Exception {
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.quick().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            LeadershipTracker tracker = leader.tracker(Duration.ofMillis(500));
            Ticket<FollowerReason> end = tracker.waitFollower();

            new ElectionRow(database, "orders").terminateLeadersSession();

            assertEquals(FollowerReason.LOST, end.await(Eventually.PATIENCE));
            assertTrue(tracker.waitLeader().await(Eventually.PATIENCE));
            work.next();
            assertTrue(tracker.claimLeader().await(Eventually.PATIENCE));
        }
    }

    /** juju's TestWaitMinionClaimerFails, of one that waits to lead: its waiting fails, and it waits on all the same. */
    @Test
    void sessionEndsWhileItFollows_waitForLeading_isOpen_andComesTrue(TestDatabase database) throws Exception {
        RecordedWork next = RecordedWork.staying();
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            Leader leader = other.run("orders", "b:2", work);
            work.next();
            Leader follower = elections.run("orders", "a:1", next);
            Ticket<Boolean> start = follower.tracker(GUARANTEE).waitLeader();
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            endOtherSessions(database, new ElectionRow(database, "orders").backendPid());

            Eventually.holds("it was noticed", () -> log.count("cannot take part in any election") > 0);
            assertFalse(Tickets.isAnswered(start));
            leader.close();
            assertTrue(start.await(Eventually.PATIENCE));
            assertTrue(next.next().isHeld());
        }
    }

    private static void endOtherSessions(TestDatabase database, int spared) {
        database.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                        + " and usename = ? and pid <> ?",
                database.username(),
                spared);
    }

    // Stable work

    /** juju's TestWithStableLeadershipLeadershipChanged, of a leader. */
    @Test
    void stableWork_ofALeader_isInterruptedWhenItResigns(TestDatabase database) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            LeadershipTracker tracker = leader.tracker(GUARANTEE);
            CompletableFuture<Boolean> resigning = CompletableFuture.supplyAsync(() -> {
                awaitUnchecked(begun);
                return leader.resign();
            });

            LeadershipChangedException changed = assertThrows(
                    LeadershipChangedException.class,
                    () -> tracker.withStableLeadership(leads -> {
                        assertTrue(leads);
                        begun.countDown();
                        never.await();
                        return "unreachable";
                    }));

            assertInstanceOf(InterruptedException.class, changed.getCause());
            assertFalse(Thread.interrupted());
            assertTrue(resigning.get(60, TimeUnit.SECONDS));
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            Eventually.comes(latch);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // What a tracker depends on

    /** juju's manifold without what it depends on: the candidacy is gone. */
    @Test
    void candidacyIsClosed_trackerOfIt_isClosed(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            leader.close();

            LeadershipTracker tracker = leader.tracker(GUARANTEE);

            assertEquals(GUARANTEE, tracker.guarantee());
            assertFalse(tracker.claimLeader().await(Duration.ZERO));
            assertFalse(tracker.waitLeader().await(Duration.ZERO));
            assertEquals(FollowerReason.CLOSED, tracker.waitFollower().await(Duration.ZERO));
        }
    }

    /** juju: a tracker that nobody stops keeps the leadership of a dead unit. */
    @Test
    void trackersNobodyCloses_keepNoLeadership_andEndWithTheirCandidacy(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            Ticket<FollowerReason> end = leader.tracker(GUARANTEE).waitFollower();
            leader.tracker(GUARANTEE);

            leader.close();

            assertEquals(FollowerReason.LOST, end.await(Eventually.PATIENCE));
            assertTrue(new ElectionRow(database, "orders").isFreeAtOnce());
        }
    }
}
