package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work and listeners that resign or close from inside do not wait for themselves. */
@PostgresTest
class CallsFromWorkTest {

    @Test
    void closingFromTheWork_doesNotWait_andEndsTheCandidacy(TestDatabase database) throws Exception {
        CompletableFuture<Leader> self = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        RecordedWork work = RecordedWork.of(leadership -> {
            self.join().close();
            closed.countDown();
        });
        try (Elections elections = connect(database)) {
            self.complete(elections.run("orders", "a:1", work));

            Leadership leadership = work.next();

            assertTrue(closed.await(20, TimeUnit.SECONDS), "the work has waited for itself");
            assertEquals(LossReason.CLOSED, Eventually.lossOf(leadership));
            Eventually.holds("the row is vacant", () -> orders(database).isVacant());
            Eventually.holds("the lock is free", () -> !orders(database).isLocked());
            assertEquals(1, work.calls());
        }
    }

    @Test
    void resigningFromTheWork_doesNotWait_andKeepsStanding(TestDatabase database) throws Exception {
        CompletableFuture<Leader> self = new CompletableFuture<>();
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        RecordedWork work = RecordedWork.of(leadership -> {
            if (!released.isDone()) {
                released.complete(self.join().resign());
            }
        });
        try (Elections elections = connect(database)) {
            self.complete(elections.run("orders", "a:1", work));

            Leadership resigned = work.next();

            assertFalse(released.get(20, TimeUnit.SECONDS), "released while the work was still there");
            assertEquals(LossReason.RESIGNED, Eventually.lossOf(resigned));
            assertTrue(work.next().term() > resigned.term());
        }
    }

    @Test
    void resigningFromAListener_doesNotWait(TestDatabase database) throws Exception {
        CompletableFuture<Leader> self = new CompletableFuture<>();
        CountDownLatch done = new CountDownLatch(1);
        RecordedWork work = RecordedWork.of(leadership -> leadership.onLoss(reason -> {
            self.join().resign();
            self.join().close();
            done.countDown();
        }));
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            self.complete(leader);
            work.next();
            Eventually.isIn(ProcessState.LEADING, leader);

            leader.resign();

            assertTrue(done.await(20, TimeUnit.SECONDS), "the listener has waited for itself");
            Eventually.holds("the row is vacant", () -> orders(database).isVacant());
            assertThrows(LeaderUnknownException.class, leader::address);
        }
    }

    @Test
    void closingEverythingFromTheWork_doesNotWait_andEndsEverything(TestDatabase database) throws Exception {
        CompletableFuture<Elections> all = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        RecordedWork work = RecordedWork.of(leadership -> {
            all.join().close();
            closed.countDown();
        });
        RecordedWork other = RecordedWork.staying();
        Elections elections = connect(database);
        elections.run("billing", "a:1", other);
        Leadership bystander = other.next();
        elections.run("orders", "a:1", work);

        all.complete(elections);

        assertTrue(closed.await(20, TimeUnit.SECONDS), "the work has waited for itself");
        assertEquals(LossReason.CLOSED, Eventually.lossOf(work.next()));
        assertEquals(LossReason.CLOSED, Eventually.lossOf(bystander));
        elections.close();
        assertTrue(orders(database).isFreeAtOnce());
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    private static ElectionRow orders(TestDatabase database) {
        return new ElectionRow(database, "orders");
    }
}
