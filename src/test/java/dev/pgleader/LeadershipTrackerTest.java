package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Promises about the near future of a candidacy. */
@PostgresTest
class LeadershipTrackerTest {

    private static final Duration GUARANTEE = Duration.ofMillis(500);

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    @Test
    void nobodyLeadsYet_claimIsRefused_andTheWaitForLeadingIsOpen(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leader follower = elections.run("orders", CandidateConfig.at("a:1").withoutLeading(), leadership -> {});
            LeadershipTracker tracker = follower.tracker(GUARANTEE);

            Ticket<Boolean> start = tracker.waitLeader();

            assertEquals("orders", tracker.electionName());
            assertFalse(tracker.claimLeader().await(Eventually.PATIENCE));
            assertEquals(FollowerReason.NOT_LEADING, tracker.waitFollower().await(Eventually.PATIENCE));
            assertThrows(TimeoutException.class, () -> start.await(Duration.ofMillis(1)));
            tracker.close();
            assertFalse(start.await(Eventually.PATIENCE));
            assertFalse(start.await(Eventually.PATIENCE));
        }
    }

    @Test
    void elected_ticketsAreAnswered_andLostOnesToo(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            LeadershipTracker tracker = leader.tracker(GUARANTEE);
            Ticket<Boolean> start = tracker.waitLeader();
            work.next();

            assertTrue(start.await(Eventually.PATIENCE));
            assertTrue(tracker.claimLeader().await(Eventually.PATIENCE));
            assertSame(tracker.claimLeader(), tracker.claimLeader(), "a certain claim is no object of its own");
            Ticket<FollowerReason> end = tracker.waitFollower();
            CompletableFuture<String> thread = end.ready()
                    .thenApply(reason -> Thread.currentThread().getName())
                    .toCompletableFuture();
            leader.resign();

            assertEquals(FollowerReason.LOST, end.await(Eventually.PATIENCE));
            assertEquals("pgleader-observer", thread.get(60, TimeUnit.SECONDS));
            assertFalse(tracker.claimLeader().await(Eventually.PATIENCE));
        }
    }

    @Test
    void heartbeatsFail_endIsTold_beforeTheLoss(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.quick().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            LeadershipTracker tracker = leader.tracker(GUARANTEE);

            try (Connection locking = database.dataSource().getConnection();
                    Statement statement = locking.createStatement()) {
                locking.setAutoCommit(false);
                statement.execute("select from pgleader.session for update");

                assertEquals(FollowerReason.UNCERTAIN, tracker.waitFollower().await(Eventually.PATIENCE));
                // The answer to a heartbeat that was sent before may still have come through.
                Eventually.holds(
                        "no claim is granted", () -> !tracker.claimLeader().await(Eventually.PATIENCE));
                assertEquals(LossReason.EXPIRED, Eventually.lossOf(leadership));
                assertEquals(FollowerReason.NOT_LEADING, tracker.waitFollower().await(Eventually.PATIENCE));
            }
        }
    }

    @Test
    void stableWork_isInterrupted_whenThisProcessBeginsToLead(TestDatabase database) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            RecordedWork others = RecordedWork.staying();
            Leader first = other.run("orders", "b:2", others);
            others.next();
            Leader leader = elections.run("orders", "a:1", RecordedWork.staying());
            LeadershipTracker tracker = leader.tracker(GUARANTEE);
            CompletableFuture<Void> resigning = new CompletableFuture<>();

            LeadershipChangedException changed = assertThrows(
                    LeadershipChangedException.class,
                    () -> tracker.withStableLeadership(leads -> {
                        assertFalse(leads);
                        Thread closing = new Thread(() -> {
                            first.close();
                            resigning.complete(null);
                        });
                        closing.start();
                        never.await();
                        return "unreachable";
                    }));

            assertInstanceOf(InterruptedException.class, changed.getCause());
            assertFalse(Thread.currentThread().isInterrupted());
            resigning.get(60, TimeUnit.SECONDS);
            assertEquals("done", tracker.withStableLeadership(leads -> leads ? "done" : "not leading"));
            assertEquals(
                    "boom",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> tracker.withStableLeadership(leads -> {
                                        throw new IllegalStateException("boom");
                                    }))
                            .getMessage());
        }
    }

    @Test
    void guaranteeThatNoHeartbeatCanKeep_isRefused(TestDatabase database) {
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", leadership -> {});

            assertThrows(IllegalArgumentException.class, () -> leader.tracker(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> leader.tracker(Duration.ofSeconds(9)));
        }
    }
}
