package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Preferred candidates go first, and may ask for the post; some never lead. */
@PostgresTest
class PriorityTest {

    private static final CandidateConfig LOW = CandidateConfig.at("low:1").withPriority(1);
    private static final CandidateConfig MIDDLE = CandidateConfig.at("middle:5").withPriority(5);
    private static final CandidateConfig HIGH = CandidateConfig.at("high:9").withPriority(9);

    /** A courtesy of 2.5 s: long enough for a slow machine to let the better one in. */
    private static final ElectionConfig CONFIG =
            Settings.calm().retryInterval(Duration.ofSeconds(2)).build();

    private final RecordedWork low = RecordedWork.staying();
    private final RecordedWork middle = RecordedWork.staying();
    private final RecordedWork high = RecordedWork.staying();
    private final List<Elections> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Elections::close);
    }

    private Leader stand(TestDatabase database, CandidateConfig candidate, RecordedWork work) {
        Elections elections = Elections.connect(database.dataSource(), CONFIG);
        opened.add(elections);
        return elections.run("orders", candidate, work);
    }

    @Test
    void vacancy_thePreferredOneGoesFirst(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        Leader leader = stand(database, CandidateConfig.at("first:0"), work);
        work.next();
        stand(database, LOW, low);
        stand(database, MIDDLE, middle);
        stand(database, HIGH, high);
        Candidates.arePresent(database, "orders", "first:0", "low:1", "middle:5", "high:9");

        leader.close();

        high.next();
        assertEquals(0, low.calls() + middle.calls());
    }

    @Test
    void preferredOneThatIsDead_isWaitedForOnlyAMoment(TestDatabase database) throws Exception {
        Candidates.add(database, "orders", UUID.randomUUID(), "dead:9", 9);
        stand(database, LOW, low);

        assertTrue(low.next().isHeld());
    }

    @Test
    void preferredLeader_resigned_isNotWaitedFor(TestDatabase database) throws Exception {
        Leader leader = stand(database, HIGH, high);
        high.next();
        stand(database, LOW, low);
        Candidates.arePresent(database, "orders", "low:1", "high:9");

        leader.resign();

        assertTrue(low.next().isHeld());
    }

    @Test
    void better_butNotPreempting_doesNotDisturbTheLeader(TestDatabase database) throws Exception {
        Leader leader = stand(database, LOW, low);
        low.next();

        Leader better = stand(database, HIGH, high);
        Candidates.arePresent(database, "orders", "low:1", "high:9");
        Eventually.holds("has seen the leader", () -> better.current().isPresent());

        assertEquals(ProcessState.LEADING, leader.state());
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.resignation"));
    }

    @Test
    void better_preempting_takesOverGracefully(TestDatabase database) throws Exception {
        stand(database, LOW, low);
        Leadership former = low.next();
        Candidates.arePresent(database, "orders", "low:1");

        stand(database, HIGH.withPreemption(), high);

        assertTrue(high.next().term() > former.term());
        assertEquals(LossReason.PREEMPTED, Eventually.lossOf(former));
        assertEquals(
                List.of("preempted"),
                database.queryAll(String.class, "select ending from pgleader.history where ending is not null"));
    }

    @Test
    void equal_preempting_doesNotDisturbTheLeader(TestDatabase database) throws Exception {
        Leader leader = stand(database, HIGH, high);
        high.next();

        Leader other = stand(database, LOW.withPriority(9).withPreemption(), low);
        Eventually.holds("has seen the leader", () -> other.current().isPresent());
        Candidates.arePresent(database, "orders", "low:1", "high:9");

        assertEquals(ProcessState.LEADING, leader.state());
        assertEquals(0, low.calls());
    }

    @Test
    void preemptedAgain_byAStillBetterOne(TestDatabase database) throws Exception {
        stand(database, LOW, low);
        low.next();
        stand(database, MIDDLE.withPreemption(), middle);
        middle.next();

        stand(database, HIGH.withPreemption(), high);

        high.next();
        assertEquals(1, middle.calls());
    }

    @Test
    void handedOverToALowerOne_byHand_isNotUndone(TestDatabase database) throws Exception {
        Leader preferred = stand(database, HIGH.withPreemption(), high);
        high.next();
        Leader lower = stand(database, LOW, low);
        Candidates.arePresent(database, "orders", "low:1", "high:9");

        preferred.handOverTo("low:1");

        low.next();
        Eventually.holds("the preferred one has seen who leads", () -> preferred
                .current()
                .filter(info -> info.address().equals("low:1"))
                .isPresent());
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.resignation"));
        assertEquals(ProcessState.LEADING, lower.state());
    }

    @Test
    void candidateThatNeverLeads_isNotElected_butSeesWhoIs(TestDatabase database) throws Exception {
        Leader watcher = stand(database, LOW.withoutLeading(), low);
        Candidates.arePresent(database, "orders", "low:1");
        assertTrue(new ElectionRow(database, "orders").isFreeAtOnce());

        stand(database, MIDDLE, middle);
        middle.next();

        assertEquals("middle:5", watcher.address());
        assertEquals(0, low.calls());
    }

    @Test
    void preemptingAndNeverLeading_contradictEachOther() {
        assertThrows(IllegalArgumentException.class, () -> HIGH.withPreemption().withoutLeading());
    }

    @Test
    void priorityAndVersion_areToldOfTheLeader(TestDatabase database) throws Exception {
        Leader leader = stand(database, HIGH.withVersion("1.4.2"), high);
        high.next();

        LeaderInfo info = leader.current().orElseThrow();

        assertEquals("1.4.2", info.version());
        assertEquals(9, info.priority());
    }
}
