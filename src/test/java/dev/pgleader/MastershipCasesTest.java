package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Waiting for a mastership, and giving it up, when something is in the way: what is left of it, and for whom. */
@PostgresTest
class MastershipCasesTest {

    /** Far more than any of the time-outs here, for a machine that is slow. */
    private static final Duration SOON = Duration.ofSeconds(20);

    /** etcd: whoever has waited for long is refused, since the right by which it was let in has run out meanwhile. */
    @Test
    void await_nobodyIsLetInAnyMore_whoeverHasWaited_isMasterAllTheSame(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        Attempts attempts = new Attempts(database, database.name());
        ElectionConfig config = Settings.calm().build();
        try (CapturedLog log = CapturedLog.start();
                Elections other = Elections.connect(database.dataSource(), config);
                Elections elections = Elections.connect(attempts, config)) {
            Leader leader = other.run("orders", "b:2", work);
            work.next();
            WaitingCall<String> waiting =
                    WaitingCall.of(() -> elections.campaign("orders", "a:1", leadership -> "elected"));
            Candidates.arePresent(database, "orders", "a:1", "b:2");
            Eventually.holds("it also listens", () -> attempts.count.get() == 2);

            attempts.failure = new IllegalStateException("the password has expired");
            leader.close();

            assertEquals("elected", waiting.result(), log::text);
            assertEquals(2, attempts.count.get(), "nothing has asked for another connection");
        }
    }

    /**
     * Trillian: an error while resigning leaves the master in office. Not here: the work has been stopped before, so whoever
     * has asked is master no longer, and only the row has to wait for the end of its lease.
     */
    @Test
    void resign_databaseOutOfReach_isMasterNoLonger_thoughTheRowStillSaysSo(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        ElectionConfig config =
                Settings.calm().statementTimeout(Duration.ofMillis(500)).build();
        ElectionRow row = new ElectionRow(database, "orders");
        try (CapturedLog log = CapturedLog.start();
                Network network = Network.to(database);
                Elections elections = Elections.connect(network.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership former = work.next();
            Eventually.isIn(ProcessState.LEADING, leader);
            network.proxy().blackHole();

            assertTimeout(SOON, () -> assertTrue(leader.resign(), log::text));

            assertFalse(former.isHeld());
            assertTrue(Set.of(LossReason.RESIGNED, LossReason.SESSION_LOST).contains(former.awaitLoss()), log::text);
            assertEquals(leader.candidate(), row.candidate());
            assertEquals(former.term(), row.term());
            network.proxy().mend();
            assertTrue(work.next().term() > former.term(), log::text);
        }
    }

    /** etcd: a resignation that has failed is forgotten, and cannot be tried again. */
    @Test
    void resign_rowLockedBySomebody_canBeAskedForAgain_andIsDoneWhenItIsFree(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        ElectionConfig config =
                Settings.slow().drainTimeout(Duration.ofMillis(300)).build();
        RecordedWork waiting = RecordedWork.staying();
        try (CapturedLog log = CapturedLog.start();
                Elections elections = Elections.connect(database.dataSource(), config);
                Elections other = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership former = work.next();
            Eventually.isIn(ProcessState.LEADING, leader);
            other.run("orders", "b:2", waiting);
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            try (Connection locking = database.dataSource().getConnection();
                    Statement statement = locking.createStatement()) {
                locking.setAutoCommit(false);
                statement.execute("select from pgleader.election for update");
                assertFalse(leader.resign(), log::text);
                assertFalse(leader.resign(), log::text);
                assertFalse(former.isHeld());
                assertEquals(0, waiting.calls());
            }

            Eventually.holds("nothing is left to release", leader::resign);
            assertTrue(waiting.next().term() > former.term(), log::text);
        }
    }

    /** etcd: an unlocking that came too late deletes what somebody else holds by now. */
    @Test
    void resign_anotherIsMasterAlready_changesNothingForIt(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        ElectionRow row = new ElectionRow(database, "orders");
        try (CapturedLog log = CapturedLog.start();
                Elections elections =
                        Elections.connect(database.dataSource(), Settings.slow().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership former = work.next();
            Eventually.holds("that is written", () -> row.phase().equals("leading"));
            row.giveTo("b:2");
            long term = row.term();

            assertTrue(leader.resign(), log::text);

            assertFalse(former.isHeld());
            assertEquals(term, row.term(), log::text);
            assertFalse(row.isVacant(), log::text);
            assertEquals("b:2", leader.address());
            assertEquals(1, work.calls());
        }
    }

    /** Trillian: giving up succeeds though the caller was cancelled before. */
    @Test
    void resign_callerIsInterruptedAlready_waitsAllTheSame_andKeepsTheInterrupt(TestDatabase database)
            throws Exception {
        RecordedWork work = RecordedWork.staying();
        ElectionRow row = new ElectionRow(database, "orders");
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.slow().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership former = work.next();
            boolean released;
            boolean kept;

            Thread.currentThread().interrupt();
            try {
                released = leader.resign();
            } finally {
                kept = Thread.interrupted();
            }

            assertTrue(released);
            assertTrue(kept);
            assertFalse(former.isHeld());
            assertTrue(row.isVacant() || row.term() > former.term());
        }
    }
}
