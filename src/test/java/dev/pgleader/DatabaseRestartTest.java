package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole server goes and comes back. */
class DatabaseRestartTest {

    private static final EmbeddedServer SERVER = EmbeddedServer.builder().start();

    private final CapturedLog log = CapturedLog.start();

    @AfterAll
    static void endServer() {
        SERVER.close();
    }

    @AfterEach
    void giveTheLogBack() {
        log.close();
    }

    @Test
    void restarted_bothFollowThenOneLeadsWithHigherTerm() throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (TestDatabase database = SERVER.createDatabase();
                Elections first = Elections.connect(
                        database.dataSource(), Settings.quick().build());
                Elections second = Elections.connect(
                        database.dataSource(), Settings.quick().build())) {
            first.run("orders", "a:1", work);
            Leadership old = work.next();
            second.run("orders", "b:2", work);
            database.execute(LeaseAudit.INSTALL);

            SERVER.restart();

            Leadership next = work.next();
            assertFalse(old.isHeld());
            assertTrue(next.term() > old.term());
            assertEquals(0, LeaseAudit.takenEarly(database));
        }
    }

    @Test
    void crashed_leaderLoses_andOneLeadsAgainWithHigherTerm() throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (TestDatabase database = SERVER.createDatabase();
                Elections elections = Elections.connect(
                        database.dataSource(), Settings.quick().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership old = work.next();

            SERVER.crash();
            SERVER.start();

            assertTrue(work.next().term() > old.term());
            assertFalse(old.isHeld());
            Eventually.isIn(ProcessState.LEADING, leader);
        }
    }

    @Test
    void stoppedForAWhile_nobodyLeads_untilItIsBack() throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (TestDatabase database = SERVER.createDatabase();
                Elections elections = Elections.connect(
                        database.dataSource(), Settings.quick().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership old = work.next();

            SERVER.stop();

            Eventually.lossOf(old);
            assertEquals(ProcessState.FOLLOWING, leader.state());
            assertThrows(LeaderUnknownException.class, leader::address);
            Eventually.holds("the trouble is told", () -> leader.problem()
                    .filter(problem -> problem.kind() == Problem.Kind.UNREACHABLE)
                    .isPresent());
            Eventually.holds(
                    "the last leader is forgotten", () -> leader.current().isEmpty());

            SERVER.start();

            assertTrue(work.next().term() > old.term());
            Eventually.holds("the trouble is over", () -> leader.problem().isEmpty());
            assertEquals("a:1", leader.address());
        }
    }
}
