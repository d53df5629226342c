package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Tickets;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What became of those who waited in juju, and must not here: whoever waits is not forgotten, and not kept. */
@PostgresTest
class TicketCasesTest {

    private static final Duration GUARANTEE = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final RecordedWork work = RecordedWork.staying();

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    /** juju: whoever waits is not told when the thing that should tell him dies. */
    @Test
    void loopThreadIsEnded_nobodyIsLeftWaiting(TestDatabase database) throws Exception {
        RecordedWork others = RecordedWork.staying();
        try (Elections other = connect(database)) {
            Leader blocking = other.run("billing", "b:2", others);
            others.next();
            Set<Thread> before = loopThreads();
            try (Elections elections = connect(database)) {
                Leader leader = elections.run("orders", "a:1", work);
                Leadership leadership = work.next();
                Leader follower = elections.run("billing", "a:1", RecordedWork.staying());
                Ticket<FollowerReason> end = leader.tracker(GUARANTEE).waitFollower();
                Ticket<Boolean> start = follower.tracker(GUARANTEE).waitLeader();
                ElectionObserver observer = elections.observe("orders");
                Set<Thread> mine = loopThreads();
                mine.removeAll(before);
                Thread loop = mine.iterator().next();

                loop.interrupt();

                assertEquals(FollowerReason.LOST, end.await(SOON));
                assertFalse(start.await(SOON));
                Eventually.lossOf(leadership);
                while (observer.awaitChange(SOON)) {
                    assertFalse(leadership.isHeld());
                }
                Eventually.ends(loop);
                assertThrows(IllegalStateException.class, () -> elections.run("more", "a:1", work));
                assertTrue(blocking.tracker(GUARANTEE).claimLeader().await(Eventually.PATIENCE));
            }
        }
    }

    private static Set<Thread> loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pgleader-loop"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** juju: shutting down waits for ever for those who wait. */
    @Test
    void electionsClose_whileManyWait_allAreLetGo(TestDatabase database) throws Exception {
        try (Elections other = connect(database)) {
            other.run("orders", "b:2", work);
            work.next();
            Elections elections = connect(database);
            LeadershipTracker tracker =
                    elections.run("orders", "a:1", RecordedWork.staying()).tracker(GUARANTEE);
            ElectionObserver observer = elections.observe("orders");
            List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                waiting.add(answer);
                threads.add(new Thread(() -> {
                    try {
                        answer.complete(tracker.waitLeader().await());
                    } catch (InterruptedException e) {
                        answer.completeExceptionally(e);
                    }
                }));
            }
            threads.forEach(Thread::start);
            Eventually.holds(
                    "all wait", () -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));

            assertTimeout(SOON, elections::close);

            for (CompletableFuture<Boolean> answer : waiting) {
                assertFalse(answer.get(60, TimeUnit.SECONDS));
            }
            while (observer.awaitChange(SOON)) {
                assertFalse(observer.state().leader().isPresent());
            }
        }
    }

    /** juju: two failures at the same time wait for each other. */
    @Test
    void sessionsEnd_whileElectionsClose_closeReturns_andEveryTicketIsAnswered(TestDatabase database) throws Exception {
        for (int round = 0; round < 10; round++) {
            Elections elections = connect(database);
            List<Ticket<FollowerReason>> ends = new ArrayList<>();
            for (String election : List.of("orders", "billing")) {
                RecordedWork leads = RecordedWork.staying();
                Leader leader = elections.run(election, "a:1", leads);
                leads.next();
                ends.add(leader.tracker(GUARANTEE).waitFollower());
            }
            CompletableFuture<Void> killing = CompletableFuture.runAsync(() -> database.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where datname = current_database() and usename = ?",
                    database.username()));

            assertTimeout(SOON, elections::close);

            killing.get(60, TimeUnit.SECONDS);
            for (Ticket<FollowerReason> end : ends) {
                assertTrue(
                        List.of(FollowerReason.LOST, FollowerReason.UNCERTAIN).contains(end.await(SOON)));
            }
            database.execute(ElectionRow.RELEASE);
        }
    }

    /** juju: those who had subscribed were never forgotten. */
    @Test
    void ticketsThatAreAnswered_areNotKept(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            LeadershipTracker tracker = leader.tracker(GUARANTEE);
            List<WeakReference<Object>> tickets = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tickets.add(new WeakReference<>(tracker.waitFollower()));
                tickets.add(new WeakReference<>(tracker.claimLeader().ready()));
            }
            leader.resign();
            for (int i = 0; i < 3; i++) {
                tickets.add(new WeakReference<>(tracker.waitLeader()));
            }
            work.next();

            Eventually.holds("nobody refers to them", () -> {
                System.gc();
                return tickets.stream().allMatch(ticket -> ticket.get() == null);
            });
            assertTrue(tracker.claimLeader().await(Eventually.PATIENCE));
        }
    }

    /** juju: whoever subscribes just when the leader releases is told of nothing, and waits for the next event. */
    @Test
    void waitsBegunJustWhenItHappens_areAllAnswered_byThatVeryEvent(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            LeadershipTracker tracker = leader.tracker(GUARANTEE);
            for (int round = 0; round < 10; round++) {
                for (Ticket<Boolean> start : untilOneIsAnswered(tracker::waitLeader)) {
                    assertTrue(start.await(SOON));
                }
                work.next();
                CompletableFuture<Boolean> resigning = CompletableFuture.supplyAsync(leader::resign);

                for (Ticket<FollowerReason> end : untilOneIsAnswered(tracker::waitFollower)) {
                    FollowerReason reason = end.await(SOON);
                    assertTrue(
                            Set.of(FollowerReason.LOST, FollowerReason.NOT_LEADING)
                                    .contains(reason),
                            reason::name);
                }
                assertTrue(resigning.get(60, TimeUnit.SECONDS));
            }
        }
    }

    private static <T> List<Ticket<T>> untilOneIsAnswered(Supplier<Ticket<T>> asking) throws InterruptedException {
        List<Ticket<T>> tickets = new ArrayList<>();
        do {
            tickets.add(asking.get());
            Thread.onSpinWait();
        } while (!Tickets.isAnswered(tickets.get(0)));
        return tickets;
    }

    /** juju's ErrWaitCancelled: whoever waits may be interrupted, and the ticket is none the worse for it. */
    @Test
    void whoeverWaits_isInterrupted_ticketStaysGood(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            Ticket<FollowerReason> end = leader.tracker(GUARANTEE).waitFollower();
            CompletableFuture<Class<?>> thrown = new CompletableFuture<>();
            Thread waiting = new Thread(() -> {
                try {
                    thrown.completeExceptionally(new AssertionError(end.await()));
                } catch (InterruptedException e) {
                    thrown.complete(e.getClass());
                }
            });
            waiting.start();

            waiting.interrupt();

            assertEquals(InterruptedException.class, thrown.get(60, TimeUnit.SECONDS));
            assertFalse(Tickets.isAnswered(end));
            leader.resign();
            assertEquals(FollowerReason.LOST, end.await(Eventually.PATIENCE));
        }
    }
}
