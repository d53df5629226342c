package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** One candidacy, and two: who is elected, what each knows, how it changes hands. */
@PostgresTest
class LeaderTest {

    @Test
    void firstCandidate_isElected_recoveringDuringLeadAndLeadingAfterIt(TestDatabase database) throws Exception {
        CountDownLatch recovered = new CountDownLatch(1);
        RecordedWork work = RecordedWork.of(leadership -> recovered.await());
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);

            Leadership leadership = work.next();

            assertEquals(ProcessState.RECOVERING, leader.state());
            assertTrue(leadership.isHeld());
            assertEquals("recovering", orders(database).phase());

            recovered.countDown();

            Eventually.isIn(ProcessState.LEADING, leader);
            Eventually.holds(
                    "the row says leading", () -> orders(database).phase().equals("leading"));
            assertTrue(leadership.isHeld());
            assertEquals(1, work.calls());
        }
    }

    @Test
    void workStaysInLead_saysRecovered_isLeading(TestDatabase database) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordedWork work = RecordedWork.of(leadership -> {
            go.await();
            leadership.recovered();
            leadership.recovered();
            leadership.awaitLoss();
        });
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            assertEquals(ProcessState.RECOVERING, leader.state());

            go.countDown();

            Eventually.isIn(ProcessState.LEADING, leader);
            Eventually.holds(
                    "the row says leading", () -> orders(database).phase().equals("leading"));
        }
    }

    @Test
    void soleLeader_stands_inTheElectionNamedDefault(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.returning();
        try (Leader leader = Leader.run(database.dataSource(), "a:1", work)) {
            assertEquals("default", leader.election());
            assertEquals("default", work.next().election());
            assertEquals("a:1", leader.address());
            assertEquals("default", database.queryOne(String.class, "select name from pgleader.election"));
        }
    }

    @Test
    void leadership_tells_whatTheRowSays(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);

            Leadership leadership = work.next();

            assertEquals("orders", leadership.election());
            assertEquals(orders(database).term(), leadership.term());
            assertFalse(leadership.remaining().isNegative());
            assertTrue(leadership.remaining().compareTo(Settings.calm().build().trust()) <= 0);
            Eventually.holds("the leader knows itself", () -> leader.current().isPresent());
            LeaderInfo current = leader.current().orElseThrow();
            assertEquals(leadership.term(), current.term());
            assertEquals(orders(database).candidate(), current.candidate());
            assertTrue(current.electedAt().isBefore(current.expiresAt()));
        }
    }

    @Test
    void secondCandidate_follows_andKnowsTheFirst(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        RecordedWork none = RecordedWork.staying();
        try (Elections first = connect(database);
                Elections second = connect(database)) {
            Leader leader = first.run("orders", "a:1", work);
            Leadership leadership = work.next();

            Leader follower = second.run("orders", "b:2", none);

            Eventually.holds("the follower has seen the leader lead", () -> follower.current()
                    .filter(info -> info.phase() == ProcessState.LEADING)
                    .isPresent());
            LeaderInfo current = follower.current().orElseThrow();
            assertEquals("a:1", current.address());
            assertEquals(leadership.term(), current.term());
            assertEquals("a:1", follower.address());
            assertEquals("a:1", leader.address());
            assertEquals(ProcessState.FOLLOWING, follower.state());
            assertEquals(Optional.empty(), follower.problem());
            assertEquals(0, none.calls());
        }
    }

    @Test
    void justStarted_address_waitsForTheConnectionAndAnswers(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections first = connect(database);
                Elections second = connect(database)) {
            first.run("orders", "a:1", work);
            work.next();

            assertEquals("a:1", second.run("orders", "b:2", work).address());
        }
    }

    @Test
    void leaderResigns_other_leadsWithHigherTerm(TestDatabase database) throws Exception {
        RecordedWork workA = RecordedWork.staying();
        RecordedWork workB = RecordedWork.staying();
        try (Elections first = connect(database);
                Elections second = connect(database)) {
            Leader a = first.run("orders", "a:1", workA);
            Leadership before = workA.next();
            Leader b = second.run("orders", "b:2", workB);
            Eventually.holds("b has seen a", () -> b.current().isPresent());

            assertTrue(a.resign());

            assertFalse(before.isHeld());
            assertEquals(LossReason.RESIGNED, Eventually.lossOf(before));
            Leadership after = workB.next();
            assertTrue(after.term() > before.term());
            assertEquals("b:2", a.address());
        }
    }

    @Test
    void resigned_keepsStanding_andLeadsAgainWithHigherTerm(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership first = work.next();

            assertTrue(leader.resign());
            Leadership second = work.next();
            assertTrue(leader.resign());
            Leadership third = work.next();

            assertTrue(first.term() < second.term() && second.term() < third.term());
            assertTrue(third.isHeld());
            assertFalse(first.isHeld() || second.isHeld());
        }
    }

    @Test
    void followerResigns_nothing_changes(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections first = connect(database);
                Elections second = connect(database)) {
            first.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Leader follower = second.run("orders", "b:2", RecordedWork.staying());
            Eventually.holds(
                    "the follower has seen the leader", () -> follower.current().isPresent());

            assertTrue(follower.resign());

            assertTrue(leadership.isHeld());
            assertEquals("a:1", follower.address());
        }
    }

    @Test
    void leaderCloses_other_leadsWithHigherTerm(TestDatabase database) throws Exception {
        RecordedWork workA = RecordedWork.staying();
        RecordedWork workB = RecordedWork.staying();
        try (Elections first = connect(database);
                Elections second = connect(database)) {
            Leader a = first.run("orders", "a:1", workA);
            Leadership before = workA.next();
            second.run("orders", "b:2", workB);

            a.close();

            assertFalse(before.isHeld());
            assertEquals(LossReason.CLOSED, Eventually.lossOf(before));
            assertTrue(workB.next().term() > before.term());
        }
    }

    @Test
    void processStartsAnew_sameAddress_isAnotherCandidateWithHigherTerm(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        LeaderInfo before;
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            work.next();
            Eventually.holds("the leader knows itself", () -> leader.current().isPresent());
            before = leader.current().orElseThrow();
        }

        try (Elections elections = connect(database)) {
            elections.run("orders", "a:1", work);

            assertTrue(work.next().term() > before.term());
            assertNotEquals(before.candidate(), orders(database).candidate());
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    private static ElectionRow orders(TestDatabase database) {
        return new ElectionRow(database, "orders");
    }
}
