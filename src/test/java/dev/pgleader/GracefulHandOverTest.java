package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Stop before release: the row and the lock are given up only after the work and its listeners have returned. */
@PostgresTest
class GracefulHandOverTest {

    /** Notes for each vacated row, when its transaction commits, whether this session still holds the lock. */
    private static final String NOTE_LOCKS =
            """
            create table public.vacated (locked boolean);
            create function public.note_lock() returns trigger language plpgsql security definer as $$
            begin
                insert into public.vacated select exists (
                    select from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
                        and objid::bigint = old.session_id and pid = pg_backend_pid());
                return null;
            end $$;
            create constraint trigger note_lock after update on pgleader.election
                deferrable initially deferred for each row
                when (old.candidate is not null and new.candidate is null) execute function public.note_lock();
            """;

    private final CountDownLatch stop = new CountDownLatch(1);

    @Test
    void workStopsSlowly_resign_keepsRowAndHeartbeatsUntilItReturned(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.of(leadership -> {
            leadership.recovered();
            awaitUninterruptibly(stop);
        });
        expectHeldUntilStopped(database, work, Leader::resign);
    }

    @Test
    void workStopsSlowly_close_keepsRowAndHeartbeatsUntilItReturned(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.of(leadership -> {
            leadership.recovered();
            awaitUninterruptibly(stop);
        });
        expectHeldUntilStopped(database, work, Leader::close);
    }

    @Test
    void recoveryStopsSlowly_close_keepsRowAndHeartbeatsUntilItReturned(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.of(leadership -> awaitUninterruptibly(stop));
        expectHeldUntilStopped(database, work, Leader::close);
    }

    @Test
    void listenerStopsSlowly_resign_keepsRowAndHeartbeatsUntilItReturned(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.of(leadership -> {
            leadership.onLoss(reason -> {});
            leadership.onLoss(reason -> awaitUninterruptibly(stop));
        });
        expectHeldUntilStopped(database, work, Leader::resign);
    }

    @Test
    void listenerStopsSlowly_close_keepsRowAndHeartbeatsUntilItReturned(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.of(leadership -> leadership.onLoss(reason -> awaitUninterruptibly(stop)));
        expectHeldUntilStopped(database, work, Leader::close);
    }

    private interface HandOver {
        void by(Leader leader);
    }

    private void expectHeldUntilStopped(TestDatabase database, RecordedWork work, HandOver handOver) throws Exception {
        RecordedWork next = RecordedWork.staying();
        ElectionConfig config =
                Settings.calm().heartbeatInterval(Duration.ofMillis(100)).build();
        ElectionRow row = new ElectionRow(database, "orders");
        try (Elections first = Elections.connect(database.dataSource(), config);
                Elections second = Elections.connect(database.dataSource(), config)) {
            Leader leader = first.run("orders", "a:1", work);
            Leadership old = work.next();
            Leader follower = second.run("orders", "b:2", next);
            Eventually.holds(
                    "the follower has seen the leader", () -> follower.current().isPresent());
            Thread handing = new Thread(() -> handOver.by(leader));
            handing.start();
            Eventually.holds("the work is told to stop", () -> !old.isHeld());

            long beat = row.beat();
            Eventually.holds("heartbeats go on", () -> row.beat() > beat + 3);

            assertEquals(old.term(), row.term());
            assertFalse(row.isVacant());
            assertTrue(row.isLocked());
            assertEquals(ProcessState.FOLLOWING, leader.state());
            assertEquals("a:1", follower.address());
            assertTrue(handing.isAlive());
            assertEquals(0, next.calls());

            stop.countDown();

            assertTrue(next.next().term() > old.term());
            Eventually.ends(handing);
        } finally {
            stop.countDown();
        }
    }

    @Test
    void manyHandOvers_row_isVacatedAndCommittedBeforeTheLockIsFree(TestDatabase database) throws Exception {
        database.execute(NOTE_LOCKS);
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            for (int i = 0; i < 5; i++) {
                work.next();
                assertTrue(leader.resign());
            }
        }

        List<Boolean> locked = database.queryAll(Boolean.class, "select locked from public.vacated");
        assertTrue(locked.size() >= 5, locked::toString);
        assertFalse(locked.contains(false), locked::toString);
    }

    @Test
    void manyHandOvers_workOfTwoLeaders_neverOverlaps(TestDatabase database) throws Exception {
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        RecordedWork work = RecordedWork.of(leadership -> {
            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            leadership.recovered();
            leadership.onLoss(reason -> {
                stopWithin(2);
                atWork.decrementAndGet();
            });
            try {
                leadership.awaitLoss();
            } catch (InterruptedException stopping) {
                stopWithin(1);
            }
        });
        try (Elections first = connect(database);
                Elections second = connect(database)) {
            Leader a = first.run("orders", "a:1", work);
            Leader b = second.run("orders", "b:2", work);
            long term = 0;
            for (int i = 0; i < 40; i++) {
                Leadership leadership = work.next();
                assertTrue(leadership.term() > term);
                term = leadership.term();
                Leader leader = a.state() == ProcessState.FOLLOWING ? b : a;

                assertTrue(leader.resign());
            }
        }
        assertEquals(1, most.get());
        assertEquals(0, atWork.get());
    }

    @Test
    void processAfterProcessCloses_workOfTwoLeaders_neverOverlaps(TestDatabase database) throws Exception {
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        RecordedWork work = RecordedWork.of(leadership -> {
            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            try {
                leadership.recovered();
                leadership.awaitLoss();
            } finally {
                stopWithin(2);
                atWork.decrementAndGet();
            }
        });
        Elections leading = connect(database);
        leading.run("orders", "a:0", work);
        for (int i = 1; i <= 20; i++) {
            work.next();
            Elections next = connect(database);
            next.run("orders", "a:" + i, work);

            leading.close();

            leading = next;
        }
        work.next();
        leading.close();
        assertEquals(1, most.get());
        assertEquals(0, atWork.get());
    }

    /** Takes some time to stop; the exact length does not matter. */
    private static void stopWithin(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // Stops slowly, which is the point here.
            }
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }
}
