package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader hands over to somebody whom it names, and others hold back. */
@PostgresTest
class HandOverTest {

    /** Looks so seldom that only a courtesy that is not kept lets others in before the heir. */
    private static final ElectionConfig CONFIG =
            Settings.calm().retryInterval(Duration.ofSeconds(2)).build();

    private final RecordedWork first = RecordedWork.staying();
    private final RecordedWork second = RecordedWork.staying();
    private final RecordedWork third = RecordedWork.staying();
    private Elections one;
    private Elections two;
    private Elections three;
    private Leader leader;
    private Leader bystander;
    private Leader heir;

    @BeforeEach
    void oneLeadsAndTwoFollow(TestDatabase database) throws Exception {
        one = Elections.connect(database.dataSource(), CONFIG);
        two = Elections.connect(database.dataSource(), CONFIG);
        three = Elections.connect(database.dataSource(), CONFIG);
        leader = one.run("orders", "a:1", first);
        first.next();
        bystander = two.run("orders", "b:2", second);
        heir = three.run("orders", "c:3", third);
        Candidates.arePresent(database, "orders", "a:1", "b:2", "c:3");
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        three.close();
    }

    @Test
    void addressNamed_thatOneLeads_andNobodyElseInBetween(TestDatabase database) throws Exception {
        long term = new ElectionRow(database, "orders").term();

        assertTrue(leader.handOverTo("c:3"));

        assertTrue(third.next().term() > term);
        assertEquals(
                2, database.queryOne(Long.class, "select count(*) from pgleader.history where election = 'orders'"));
        assertEquals(0, second.calls());
        assertEquals("c:3", leader.address());
    }

    @Test
    void identityNamed_thatOneLeads(TestDatabase database) throws Exception {
        assertTrue(leader.handOverTo(heir.candidate()));

        third.next();
        assertEquals(heir.candidate(), new ElectionRow(database, "orders").candidate());
        assertEquals(0, second.calls());
    }

    @Test
    void handedOver_workIsToldSo(TestDatabase database) throws Exception {
        Leadership old = leadershipOf(database);

        leader.handOverTo("c:3");

        assertEquals(LossReason.HANDED_OVER, Eventually.lossOf(old));
        third.next();
        assertEquals(
                List.of("handed over"),
                database.queryAll(String.class, "select ending from pgleader.history where ending is not null"));
    }

    /** Begins a new leadership of the first candidate, to be able to ask it. */
    private Leadership leadershipOf(TestDatabase database) throws Exception {
        leader.handOverTo("c:3");
        third.next();
        heir.handOverTo("a:1");
        Leadership mine = first.next();
        database.execute("delete from pgleader.term_history where ended_at is not null");
        return mine;
    }

    @Test
    void nobodyOfThatName_anyoneLeads_withoutAnyCourtesy(TestDatabase database) throws Exception {
        leader.handOverTo("nobody:9");

        Eventually.holds("somebody else leads", () -> second.calls() + third.calls() == 1);
        assertEquals(
                0, database.queryOne(Long.class, "select count(*) from pgleader.election where successor is not null"));
    }

    @Test
    void heirPresentButDead_othersLeadAfterAMoment(TestDatabase database) throws Exception {
        Candidates.add(database, "orders", UUID.randomUUID(), "dead:4", 0);

        leader.handOverTo("dead:4");

        assertTrue(new ElectionRow(database, "orders").isFreeAtOnce(), "nobody takes what is meant for another");
        Eventually.holds("somebody leads", () -> first.calls() + second.calls() + third.calls() == 2);
    }

    @Test
    void candidateThatNeverLeads_isNoHeir(TestDatabase database) throws Exception {
        try (Elections four = Elections.connect(database.dataSource(), CONFIG)) {
            four.run("orders", CandidateConfig.at("d:4").withoutLeading(), RecordedWork.staying());
            Candidates.arePresent(database, "orders", "a:1", "b:2", "c:3", "d:4");

            leader.handOverTo("d:4");

            Eventually.holds("somebody else leads", () -> second.calls() + third.calls() == 1);
        }
    }

    @Test
    void follower_askedToHandOver_changesNothing() {
        assertTrue(bystander.handOverTo("c:3"));

        assertEquals(ProcessState.LEADING, leader.state());
        assertEquals(0, third.calls());
    }

    @Test
    void leaderNamedItself_leadsOn(TestDatabase database) {
        long term = new ElectionRow(database, "orders").term();

        assertFalse(leader.handOverTo("a:1"));
        assertFalse(leader.handOverTo(leader.candidate()));

        assertEquals(ProcessState.LEADING, leader.state());
        assertEquals(term, new ElectionRow(database, "orders").term());
    }

    @Test
    void nothingNamed_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> leader.handOverTo(" "));
        assertThrows(IllegalArgumentException.class, () -> leader.handOverTo("x".repeat(1001)));
        assertEquals(ProcessState.LEADING, leader.state());
    }

    @Test
    void appointedLeader_thatDies_isNotWaitedFor(TestDatabase database) throws Exception {
        leader.handOverTo("c:3");
        third.next();

        new ElectionRow(database, "orders").terminateLeadersSession();

        Eventually.holds("somebody leads again", () -> first.calls() + second.calls() + third.calls() == 3);
    }
}
