package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.SqlSession;
import dev.pgleader.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The database remembers who has led, and how it ended. The triggers themselves: {@link TermHistoryTest}. */
@PostgresTest
class HistoryTest {

    private static final ElectionConfig CONFIG = Settings.calm().build();

    private final RecordedWork work = RecordedWork.staying();

    private interface Ending {
        void of(Elections elections, Leader leader) throws Exception;
    }

    private String endingAfter(TestDatabase database, Ending ending) throws Exception {
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            Leader leader = elections.run("orders", "a:1", work);
            Eventually.isIn(ProcessState.LEADING, leader);

            ending.of(elections, leader);
            Eventually.holds(
                    "the first term has ended", () -> !endings(database).isEmpty());
        }
        return endings(database).get(0);
    }

    private static List<String> endings(TestDatabase database) {
        return database.queryAll(
                String.class, "select ending from pgleader.history where ended_at is not null order by term");
    }

    @Test
    void resigned_isRemembered(TestDatabase database) throws Exception {
        assertEquals("resigned", endingAfter(database, (elections, leader) -> leader.resign()));
    }

    @Test
    void closed_isRemembered(TestDatabase database) throws Exception {
        assertEquals("closed", endingAfter(database, (elections, leader) -> leader.close()));
    }

    @Test
    void failed_isRemembered(TestDatabase database) throws Exception {
        RecordedWork failing = RecordedWork.of(leadership -> {
            throw new IllegalStateException("on purpose");
        });
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            elections.run("orders", "a:1", failing);

            Eventually.holds(
                    "the first term has ended", () -> !endings(database).isEmpty());
        }
        assertEquals("failed", endings(database).get(0));
        assertEquals(
                0,
                database.queryOne(Long.class, "select count(*) from pgleader.history where recovered_at is not null"));
    }

    @Test
    void sessionEnded_isRemembered(TestDatabase database) throws Exception {
        assertEquals("session lost", endingAfter(database, (elections, leader) -> new ElectionRow(database, "orders")
                .terminateLeadersSession()));
    }

    @Test
    void rowEditedByHand_isRemoved(TestDatabase database) throws Exception {
        assertEquals(
                "removed",
                endingAfter(
                        database,
                        (elections, leader) -> database.execute(
                                "update pgleader.election set term = term + 1, candidate = gen_random_uuid()")));
    }

    @Test
    void leaseThatRanOut_isExpired_sinceItsEnd(TestDatabase database) throws Exception {
        SqlSession.register(database, "orders");
        SqlSession dead = SqlSession.in(database, "dead:1");
        assertTrue(dead.take("orders"));
        dead.expire();
        database.execute("update pgleader.session set lease = '1 s', expires_at = expires_at - interval '1 min'");
        database.execute("update pgleader.election set lease = '1 s', xact = pg_current_xact_id()");
        database.execute("update pgleader.term_history set elected_at = elected_at - interval '1 hour'");
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            elections.run("orders", "a:1", work);
            work.next();
        }

        assertEquals("expired", endings(database).get(0));
        assertTrue(
                database.queryOne(
                        Boolean.class,
                        "select ended_at < clock_timestamp() - interval '50 s' from pgleader.history where address = 'dead:1'"));
        assertTrue(database.queryOne(
                Boolean.class, "select vacant_before > interval '50 s' from pgleader.history where address = 'a:1'"));
    }

    @Test
    void rowDeleted_isRemoved(TestDatabase database) throws Exception {
        assertEquals(
                "removed",
                endingAfter(database, (elections, leader) -> database.execute("delete from pgleader.election")));
    }

    @Test
    void rowEmptiedByHand_isRemoved(TestDatabase database) throws Exception {
        assertEquals(
                "removed",
                endingAfter(
                        database,
                        (elections, leader) ->
                                database.execute("update pgleader.election set session_id = null, candidate = null,"
                                        + " address = null, phase = null, elected_at = null")));
    }

    @Test
    void leader_standsInTheHistory_fromItsElectionOn(TestDatabase database) throws Exception {
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            RecordedWork recovering = RecordedWork.of(Leadership::awaitLoss);
            elections.run("orders", CandidateConfig.at("a:1").withVersion("1.4").withPriority(3), recovering);
            Leadership held = recovering.next();

            assertEquals(
                    held.term() + " a:1 1.4 3 true null null",
                    database.queryOne(
                            String.class,
                            "select concat_ws(' ', term, address, version, priority, (lasted > '0')::text,"
                                    + " coalesce(ended_at::text, 'null'), coalesce(recovered_at::text, 'null'))"
                                    + " from pgleader.history"));
            held.recovered();
            Eventually.holds(
                    "recovered",
                    () -> database.queryOne(Boolean.class, "select recovered_at is not null from pgleader.history"));
        }
    }

    @Test
    void history_isBounded(TestDatabase database) throws Exception {
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            Leader leader = elections.run("orders", CandidateConfig.at("a:1").withTermsKept(3), work);
            Leader other = elections.run("billing", CandidateConfig.at("a:1"), RecordedWork.staying());
            for (int i = 0; i < 5; i++) {
                work.next();
                leader.resign();
            }
            long newest = work.next().term();
            Eventually.isIn(ProcessState.LEADING, other);

            assertEquals(
                    List.of(newest - 2, newest - 1, newest),
                    database.queryAll(
                            Long.class, "select term from pgleader.history where election = 'orders' order by term"));
            assertEquals(
                    1,
                    database.queryOne(Long.class, "select count(*) from pgleader.history where election = 'billing'"));
        }
    }
}
