package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.postgresql.ds.PGSimpleDataSource;

/** Single stints: who does the work, when, and what is left when it is over. */
@PostgresTest
class CampaignTest {

    private static final CandidateConfig ME = CandidateConfig.at("a:1");

    // One stint

    @Test
    void elected_workRunsOnTheCallingThread_andOthersSeeItLead(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Thread worker = elections.campaign("orders", "a:1", leadership -> {
                Eventually.holds(
                        "the row says leading", () -> row(database).phase().equals("leading"));
                return Thread.currentThread();
            });

            assertSame(Thread.currentThread(), worker);
        }
    }

    @Test
    void workThrows_sameObjectIsThrown_andThePostIsGivenUp(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            for (Exception failure : List.of(new IOException("planted"), new IllegalStateException("planted"))) {
                Exception thrown = assertThrows(
                        failure.getClass(),
                        () -> elections.campaign("orders", ME, leadership -> {
                            throw failure;
                        }));

                assertSame(failure, thrown);
                assertTrue(row(database).isFreeAtOnce());
                assertFalse(row(database).isLocked());
            }
        }
    }

    @Test
    void over_nobodyIsLeftStanding_andTheElectionMayBeEnteredAgain(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            elections.campaign("orders", ME, leadership -> true);
            Candidates.arePresent(database, "orders");

            Leader leader = elections.run("orders", "a:1", work);

            work.next();
            leader.close();
        }
    }

    @Test
    void work_hasReturned_beforeAnotherLeads(TestDatabase database) throws Exception {
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Stint<Boolean, RuntimeException> work = leadership -> {
            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            return atWork.decrementAndGet() == 0;
        };
        try (Elections first = connect(database);
                Elections second = connect(database)) {
            List<WaitingCall<Integer>> calls = new ArrayList<>();
            for (Elections elections : List.of(first, second)) {
                calls.add(WaitingCall.of(() -> {
                    int alone = 0;
                    for (int round = 0; round < 15; round++) {
                        alone += elections.campaign("orders", ME, work) ? 1 : 0;
                    }
                    return alone;
                }));
            }

            for (WaitingCall<Integer> call : calls) {
                assertEquals(15, call.result());
            }
        }
        assertEquals(1, most.get());
    }

    @Test
    void listenersOfTheWork_haveReturned_whenItIsOver(TestDatabase database) throws Exception {
        AtomicBoolean cleanedUp = new AtomicBoolean();
        try (Elections elections = connect(database)) {
            elections.campaign("orders", ME, leadership -> {
                leadership.onLoss(reason -> {
                    assertFalse(row(database).isVacant());
                    cleanedUp.set(true);
                });
                return true;
            });

            assertTrue(cleanedUp.get());
            assertTrue(row(database).isFreeAtOnce());
        }
    }

    // Interrupted

    @Test
    void interruptedWhileItWorks_workDecides_andThePostIsGivenUp(TestDatabase database) throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        try (Elections elections = connect(database)) {
            WaitingCall<String> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
                working.countDown();
                assertThrows(InterruptedException.class, () -> Elections.waitForever(leadership));
                assertTrue(leadership.isHeld());
                return "cleaned up";
            }));
            Eventually.comes(working);

            call.interrupt();

            assertEquals("cleaned up", call.result());
            assertFalse(call.endedInterrupted());
            assertTrue(row(database).isFreeAtOnce());
        }
    }

    @Test
    void interruptedWhileItWorks_andPassedOn_isNoLoss(TestDatabase database) throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        try (Elections elections = connect(database)) {
            WaitingCall<LossReason> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
                working.countDown();
                return Elections.waitForever(leadership);
            }));
            Eventually.comes(working);

            call.interrupt();

            call.failure(InterruptedException.class);
            assertTrue(row(database).isFreeAtOnce());
        }
    }

    // In time, or not

    @Test
    void electedInTime_work_mayTakeLonger(TestDatabase database) throws Exception {
        Duration atMost = Duration.ofSeconds(2);
        try (Elections elections = connect(database)) {
            elections.campaign("warm-up", ME, leadership -> true);

            boolean held = elections.campaign("orders", ME, atMost, leadership -> {
                long begin = System.nanoTime();
                Eventually.holds("more than that has passed", () -> System.nanoTime() - begin > atMost.toNanos());
                return leadership.isHeld();
            });

            assertTrue(held);
        }
    }

    @Test
    void electedJustWhenTimeIsUp_workRunsOrNeverRuns_andThePostIsFreeAfterwards(TestDatabase database)
            throws Exception {
        RecordedWork work = RecordedWork.staying();
        AtomicInteger calls = new AtomicInteger();
        int ran = 0;
        int late = 0;
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            elections.campaign("orders", ME, leadership -> true);
            for (int round = 0; round < 40; round++) {
                Leader leader = other.run("orders", "b:2", work);
                work.next();
                Duration atMost = Duration.ofMillis(20 + round % 10);
                WaitingCall<Integer> call =
                        WaitingCall.of(() -> elections.campaign("orders", ME, atMost, held -> calls.incrementAndGet()));
                Eventually.holds("it is nearly time", nearly(atMost));

                leader.close();

                if (isInTime(call)) {
                    ran++;
                } else {
                    late++;
                }
                assertEquals(ran, calls.get());
                assertTrue(row(database).isFreeAtOnce());
                assertFalse(row(database).isLocked());
            }
        }
        assertEquals(40, ran + late);
        assertEquals(ran, calls.get());
    }

    private static Waiting.Condition nearly(Duration length) {
        long end = System.nanoTime() + length.toNanos() - Duration.ofMillis(8).toNanos();
        return () -> System.nanoTime() > end;
    }

    private static boolean isInTime(WaitingCall<Integer> call) throws Exception {
        try {
            return call.result() > 0;
        } catch (ExecutionException failed) {
            assertInstanceOf(TimeoutException.class, failed.getCause());
            return false;
        }
    }

    @Test
    void notElectedInTime_problemIsTold(TestDatabase database) {
        PGSimpleDataSource nowhere = database.dataSource();
        nowhere.setDatabaseName("there_is_no_such_database");
        try (CapturedLog log = CapturedLog.start();
                Elections elections = Elections.connect(nowhere, Settings.calm().build())) {
            TimeoutException late = assertThrows(
                    TimeoutException.class, () -> elections.campaign("orders", ME, Duration.ofSeconds(1), held -> 1));

            assertTrue(String.valueOf(late.getMessage()).contains("there_is_no_such_database"), log::text);
        }
    }

    // Lost half way

    @Test
    void sessionLost_workIsInterruptedAtOnce_andTheLossIsThrown(TestDatabase database) throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        try (CapturedLog log = CapturedLog.start();
                Elections elections =
                        Elections.connect(database.dataSource(), Settings.slow().build())) {
            WaitingCall<String> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
                working.countDown();
                new CountDownLatch(1).await();
                return "never";
            }));
            Eventually.comes(working);
            long term = row(database).term();

            row(database).terminateLeadersSession();

            LeadershipLostException lost = call.failure(LeadershipLostException.class);
            assertEquals("orders", lost.election());
            assertEquals(term, lost.term());
            assertTrue(lost.getMessage().contains("SESSION_LOST"), log::text);
            assertInstanceOf(InterruptedException.class, lost.getCause());
            assertFalse(call.endedInterrupted());
        }
    }

    @Test
    void askedToResign_workThatReturnsAllTheSame_hasLost(TestDatabase database) throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database);
                Elections other = connect(database)) {
            WaitingCall<String> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
                working.countDown();
                Eventually.holds("interrupted", () -> Thread.interrupted());
                assertFalse(leadership.isHeld());
                assertFalse(row(database).isVacant());
                return "result";
            }));
            Eventually.comes(working);
            other.run("orders", "b:2", work);

            database.queryAll(Long.class, "select pgleader.request_resignation('orders')");

            LeadershipLostException lost = call.failure(LeadershipLostException.class);
            assertTrue(lost.getMessage().contains("RESIGNED"), lost.getMessage());
            assertTrue(work.next().term() > lost.term());
        }
    }

    @Test
    void lostDuringTheRelease_result_stands(TestDatabase database) throws Exception {
        try (CapturedLog log = CapturedLog.start();
                Elections elections = connect(database)) {
            WaitingCall<String> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
                leadership.onLoss(reason -> row(database).terminateLeadersSession());
                return "result";
            }));

            assertEquals("result", call.result(), log::text);
            assertFalse(call.endedInterrupted());
        }
    }

    @Test
    void waitingForever_ends_onlyByTheLoss(TestDatabase database) throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        Elections elections = connect(database);
        try {
            WaitingCall<LossReason> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
                working.countDown();
                return Elections.waitForever(leadership);
            }));
            Eventually.comes(working);

            elections.close();

            LeadershipLostException lost = call.failure(LeadershipLostException.class);
            assertTrue(lost.getMessage().contains("CLOSED"), lost.getMessage());
        } finally {
            elections.close();
        }
    }

    // Closed

    @Test
    void electionsClosedWhileItWorks_close_waitsForTheWork(TestDatabase database) throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch mayStop = new CountDownLatch(1);
        CountDownLatch working = new CountDownLatch(1);
        Elections elections = connect(database);
        try {
            WaitingCall<String> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
                working.countDown();
                assertThrows(InterruptedException.class, () -> new CountDownLatch(1).await());
                interrupted.countDown();
                mayStop.await();
                return "result";
            }));
            Eventually.comes(working);
            WaitingCall<Boolean> closing = WaitingCall.of(() -> {
                elections.close();
                return row(database).isVacant();
            });
            Eventually.comes(interrupted);
            long beat = row(database).beat();
            Eventually.holds("heartbeats go on", () -> row(database).beat() > beat + 1);
            assertFalse(closing.isOver());

            mayStop.countDown();

            assertTrue(closing.result());
            assertTrue(call.failure(LeadershipLostException.class).getMessage().contains("CLOSED"));
        } finally {
            elections.close();
        }
    }

    @Test
    void electionsClosedFromInside_doesNotWaitForItself(TestDatabase database) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Elections elections = connect(database);
        WaitingCall<LossReason> call = WaitingCall.of(() -> elections.campaign("orders", ME, leadership -> {
            elections.close();
            closed.countDown();
            return Elections.waitForever(leadership);
        }));

        assertTrue(closed.await(20, TimeUnit.SECONDS), "the work has waited for itself");
        assertTrue(call.failure(LeadershipLostException.class).getMessage().contains("CLOSED"));
        elections.close();
        assertTrue(row(database).isFreeAtOnce());
    }

    @Test
    void electionsClosed_campaign_isRefused(TestDatabase database) {
        Elections elections = connect(database);
        elections.close();

        assertThrows(IllegalStateException.class, () -> elections.campaign("orders", ME, leadership -> true));
    }

    // In the midst of something else

    @Test
    void standingAlready_isRefused_andDisturbsNothing(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            assertThrows(IllegalStateException.class, () -> elections.campaign("orders", ME, held -> true));
            assertTrue(leadership.isHeld());

            elections.campaign("billing", ME, held -> {
                assertThrows(IllegalStateException.class, () -> elections.campaign("billing", ME, again -> true));
                assertThrows(IllegalStateException.class, () -> elections.run("billing", "a:1", work));
                assertTrue(held.isHeld());
                return true;
            });
        }
    }

    @Test
    void insideTheWorkOfAnotherElection_itWorks(TestDatabase database) throws Exception {
        CompletableFuture<String> done = new CompletableFuture<>();
        CompletableFuture<Elections> self = new CompletableFuture<>();
        RecordedWork outer = RecordedWork.of(leadership -> done.complete(
                self.join().campaign("billing", ME, held -> held.election() + " inside " + leadership.election())));
        try (Elections elections = connect(database)) {
            self.complete(elections);
            elections.run("orders", "a:1", outer);

            assertEquals("billing inside orders", done.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void insideTheWorkOfAnotherElection_whoeverClosesThatOne_doesNotWaitForItself(TestDatabase database)
            throws Exception {
        CompletableFuture<Leader> self = new CompletableFuture<>();
        CompletableFuture<Elections> all = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        RecordedWork outer = RecordedWork.of(leadership -> all.join().campaign("billing", ME, held -> {
            self.join().close();
            all.join().close();
            closed.countDown();
            return true;
        }));
        Elections elections = connect(database);
        self.complete(elections.run("orders", "a:1", outer));

        all.complete(elections);

        assertTrue(closed.await(20, TimeUnit.SECONDS), "the work has waited for itself");
        elections.close();
        assertTrue(row(database).isFreeAtOnce());
        assertTrue(new ElectionRow(database, "billing").isFreeAtOnce());
    }

    // Arguments

    @Test
    @NullUnmarked
    void argumentsThatCannotBe_areRefusedAtOnce(TestDatabase database) throws Exception {
        Stint<Boolean, RuntimeException> work = leadership -> true;
        try (Elections elections = connect(database)) {
            refused("election name", () -> elections.campaign(" ", ME, work));
            refused("election name", () -> elections.runRepeatedly("n".repeat(256), ME, work));
            refused("address", () -> elections.campaign("orders", " ", work));
            refused("never leads", () -> elections.campaign("orders", ME.withoutLeading(), work));
            refused("never leads", () -> elections.runRepeatedly("orders", ME.withoutLeading(), work));
            refused("PT0S", () -> elections.campaign("orders", ME, Duration.ZERO, work));
            refused("PT-1S", () -> elections.campaign("orders", ME, Duration.ofSeconds(-1), work));
            assertThrows(NullPointerException.class, () -> elections.campaign("orders", ME, null));
            assertThrows(NullPointerException.class, () -> elections.campaign("orders", ME, (Duration) null, work));

            assertTrue(elections.campaign("orders", ME, Duration.ofSeconds(Long.MAX_VALUE), work));
        }
    }

    private static void refused(String because, Executable call) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call);
        assertTrue(String.valueOf(refusal.getMessage()).contains(because), refusal.getMessage());
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
