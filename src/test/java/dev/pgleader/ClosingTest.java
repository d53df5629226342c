package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The end of a candidacy: for good, as often as one likes, and at once where nothing is to be drained. */
@PostgresTest
class ClosingTest {

    @Test
    void closed_closesAgain_andNothingComesBackToLife(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            RecordedWork other = RecordedWork.staying();
            elections.run("billing", "a:1", other);
            Leadership leadership = work.next();
            Leadership untouched = other.next();

            leader.close();
            leader.close();
            leader.resign();

            assertEquals(ProcessState.FOLLOWING, leader.state());
            assertFalse(leadership.isHeld());
            assertTrue(orders(database).isFreeAtOnce());
            assertFalse(orders(database).isLocked());
            assertTrue(untouched.isHeld());
            assertEquals(1, work.calls());
        }
    }

    @Test
    void electionsClosed_closeAgain_andNothingComesBackToLife(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        Elections elections = connect(database);
        Leader leader = elections.run("orders", "a:1", work);
        Leadership leadership = work.next();

        elections.close();
        elections.close();
        leader.close();
        leader.resign();

        assertFalse(leadership.isHeld());
        assertEquals(ProcessState.FOLLOWING, leader.state());
        assertTrue(orders(database).isFreeAtOnce());
        assertEquals(1, work.calls());
    }

    @Test
    void closedWhileConnecting_ends_withoutHavingLed(TestDatabase database) {
        for (int i = 0; i < 20; i++) {
            RecordedWork work = RecordedWork.staying();
            try (Elections elections = connect(database)) {
                elections.run("orders", "a:1", work).close();
            }
            Leader sole = Leader.run(database.dataSource(), "a:1", work);
            sole.close();
            assertEquals(ProcessState.FOLLOWING, sole.state());
        }
        assertEquals(
                0,
                database.queryOne(
                        Integer.class, "select count(*)::int from pgleader.election where candidate is not null"));
    }

    @Test
    void idleFollowerCloses_isDoneAtOnce_becauseNothingIsToBeDrained(TestDatabase database) throws Exception {
        ElectionConfig patient =
                Settings.calm().drainTimeout(Duration.ofMinutes(10)).build();
        RecordedWork work = RecordedWork.staying();
        try (Elections first = Elections.connect(database.dataSource(), patient)) {
            first.run("orders", "a:1", work);
            work.next();
            for (int i = 0; i < 10; i++) {
                Elections second = Elections.connect(database.dataSource(), patient);
                Leader follower = second.run("orders", "b:2", RecordedWork.staying());
                Eventually.holds("the follower has seen the leader", () -> follower.current()
                        .isPresent());

                assertTimeoutPreemptively(Duration.ofSeconds(30), second::close);
            }
        }
    }

    @Test
    void closed_address_isUnknown(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader closed = elections.run("orders", "a:1", work);
            work.next();

            closed.close();

            LeaderUnknownException answer = assertThrows(LeaderUnknownException.class, closed::address);
            assertTrue(String.valueOf(answer.getMessage()).contains("orders"), answer.getMessage());
            assertEquals("orders", answer.election());
        }
    }

    @Test
    void electionsClosed_address_isUnknown(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        Leader leader;
        try (Elections elections = connect(database)) {
            leader = elections.run("orders", "a:1", work);
            work.next();
        }

        assertThrows(LeaderUnknownException.class, leader::address);
        assertEquals(Optional.empty(), leader.current());
        assertEquals(ProcessState.FOLLOWING, leader.state());
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    private static ElectionRow orders(TestDatabase database) {
        return new ElectionRow(database, "orders");
    }
}
