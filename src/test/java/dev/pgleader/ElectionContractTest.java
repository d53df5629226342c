package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * What Google's Trillian demands of anything that elects its masters (its package {@code election2}), said in the words of
 * this library. To await mastership is to campaign; the context of a mastership is its {@link Leadership}, and cancelling a
 * caller's context is interrupting its thread.
 */
@PostgresTest
class ElectionContractTest {

    private static final CandidateConfig ME = CandidateConfig.at("a:1");

    // Await

    @Test
    void await_nobodyElseStands_isMaster(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            String result = elections.campaign("orders", ME, Duration.ofMinutes(1), leadership -> {
                assertTrue(leadership.isHeld());
                assertEquals(leadership.term(), row(database).term());
                return "done";
            });

            assertEquals("done", result);
            assertTrue(row(database).isFreeAtOnce());
            assertFalse(row(database).isLocked());
        }
    }

    @Test
    void await_cancelled_isNoMasterAndDoesNotStandAnyMore(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            Leader leader = other.run("orders", "b:2", work);
            work.next();
            WaitingCall<String> waiting =
                    WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> "elected"));
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            waiting.interrupt();

            waiting.failure(InterruptedException.class);
            Candidates.arePresent(database, "orders", "b:2");
            leader.close();
            assertTrue(row(database).isFreeAtOnce());
        }
    }

    @Test
    void await_deadline_isNoMasterAndDoesNotStandAnyMore(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            other.run("orders", "b:2", work);
            Leadership leadership = work.next();

            TimeoutException late = assertThrows(
                    TimeoutException.class,
                    () -> elections.campaign("orders", ME, Duration.ofMillis(300), elected -> "elected"));

            assertTrue(String.valueOf(late.getMessage()).contains("'orders'"), late.getMessage());
            assertTrue(String.valueOf(late.getMessage()).contains("PT0.3S"), late.getMessage());
            Candidates.arePresent(database, "orders", "b:2");
            assertTrue(leadership.isHeld());
        }
    }

    @Test
    void await_error_isToldToWhoeverWaits(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        Elections elections = connect(database);
        try (Elections other = connect(database)) {
            other.run("orders", "b:2", work);
            work.next();
            WaitingCall<String> waiting =
                    WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> "elected"));
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            elections.close();

            IllegalStateException error = waiting.failure(IllegalStateException.class);
            assertTrue(String.valueOf(error.getMessage()).contains("closed"), error.getMessage());
        } finally {
            elections.close();
        }
    }

    // The context of a mastership

    @Test
    void context_whileMaster_isNotDone(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            boolean done = elections.campaign("orders", ME, leadership -> {
                long beat = row(database).beat();
                Eventually.holds("heartbeats go on", () -> row(database).beat() > beat + 1);
                return !leadership.isHeld() || Thread.currentThread().isInterrupted();
            });

            assertFalse(done);
        }
    }

    @Test
    void context_whenNoLongerMaster_isDoneAlready(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership leadership = elections.campaign("orders", ME, held -> held);

            assertFalse(leadership.isHeld());
            assertEquals(LossReason.CLOSED, leadership.awaitLoss());
            assertEquals(Duration.ZERO, leadership.remaining());
        }
    }

    @Test
    void context_masterDeposed_isDone(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            LeadershipLostException lost = assertThrows(
                    LeadershipLostException.class,
                    () -> elections.campaign("orders", ME, leadership -> {
                        database.execute("update pgleader.election set candidate = gen_random_uuid()");
                        return Elections.waitForever(leadership);
                    }));

            assertTrue(lost.getMessage().contains("DEPOSED"), lost.getMessage());
        }
    }

    // Resign

    @Test
    void resign_whenMaster_letsAnotherBeMaster(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            long term = elections.campaign("orders", ME, leadership -> {
                other.run("orders", "b:2", work);
                Candidates.arePresent(database, "orders", "a:1", "b:2");
                return leadership.term();
            });

            assertTrue(work.next().term() > term);
        }
    }

    @Test
    void resign_whenNotMaster_changesNothing(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            other.run("orders", "b:2", work);
            Leadership leadership = work.next();
            Leader follower = elections.run("orders", "a:1", RecordedWork.staying());
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            assertTrue(follower.resign());

            assertTrue(leadership.isHeld());
        }
    }

    // Close

    @Test
    void close_callerInterruptedAlready_releasesAllTheSame(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            WaitingCall<String> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
                Thread.currentThread().interrupt();
                return "done";
            }));

            assertEquals("done", call.result());
            assertTrue(row(database).isFreeAtOnce());
            assertFalse(row(database).isLocked());
            assertTrue(call.endedInterrupted());
        }
    }

    @Test
    void close_beforeMastership_ofACallerInterruptedAlready_leavesNothing(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            WaitingCall<String> call = WaitingCall.of(() -> {
                Thread.currentThread().interrupt();
                return elections.campaign("orders", ME, leadership -> "done");
            });

            call.failure(InterruptedException.class);
            assertEquals("again", elections.campaign("orders", ME, leadership -> "again"));
        }
    }

    // All of it

    @Test
    void tenRounds_awaitWorkResign_eachIsANewMastership(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            long before = 0;
            for (int round = 0; round < 10; round++) {
                Leadership leadership = elections.campaign("orders", ME, held -> {
                    assertTrue(held.isHeld());
                    assertSame("work", held.inTransactionResult(database.dataSource(), connection -> "work"));
                    return held;
                });

                assertTrue(leadership.term() > before);
                assertFalse(leadership.isHeld());
                assertTrue(row(database).isFreeAtOnce());
                before = leadership.term();
            }
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(
                database.dataSource(),
                Settings.calm().heartbeatInterval(Duration.ofMillis(100)).build());
    }

    private static ElectionRow row(TestDatabase database) {
        return new ElectionRow(database, "orders");
    }
}
