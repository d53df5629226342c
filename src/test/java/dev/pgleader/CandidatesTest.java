package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who stands can be seen in the database. */
@PostgresTest
class CandidatesTest {

    private static final ElectionConfig CONFIG = Settings.calm().build();

    private final RecordedWork work = RecordedWork.staying();

    @Test
    void candidates_areVisible_withAllThatTheySayOfThemselves(TestDatabase database) throws Exception {
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            Leader leader = elections.run(
                    "orders", CandidateConfig.at("a:1").withPriority(3).withVersion("1.4"), work);
            elections.run("billing", CandidateConfig.at("a:2").withoutLeading(), RecordedWork.staying());
            work.next();
            Candidates.arePresent(database, "orders", "a:1");
            Candidates.arePresent(database, "billing", "a:2");

            assertEquals(
                    List.of("billing a:2 0 true  false", "orders a:1 3 false 1.4 true"),
                    database.queryAll(
                            String.class,
                            "select format('%s %s %s %s %s %s', election, address, priority,"
                                    + " case when never_leads then 'true' else 'false' end, version,"
                                    + " case when leads then 'true' else 'false' end)"
                                    + " from pgleader.candidates order by election"));
            assertEquals(
                    leader.candidate().toString(),
                    database.queryOne(
                            String.class, "select candidate::text from pgleader.candidates where election = 'orders'"));
            assertTrue(database.queryOne(
                    Boolean.class, "select bool_and(since <= last_seen or present) from pgleader.candidates"));
        }
    }

    @Test
    void candidateClosed_isGone_andTheOthersStay(TestDatabase database) throws Exception {
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            Leader orders = elections.run("orders", "a:1", work);
            elections.run("billing", "a:1", RecordedWork.staying());
            Candidates.arePresent(database, "orders", "a:1");

            orders.close();

            Candidates.arePresent(database, "orders");
            Candidates.arePresent(database, "billing", "a:1");
        }
    }

    @Test
    void processClosed_nothingIsLeftOfIt(TestDatabase database) throws Exception {
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            elections.run("orders", "a:1", work);
            Candidates.arePresent(database, "orders", "a:1");
        }

        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.session"));
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.candidate"));
    }

    @Test
    void processThatSaysNothingAnyMore_isShownAsAbsent(TestDatabase database) throws Exception {
        addSession(database, "45 s");
        database.execute("insert into pgleader.candidate (election, candidate, session_id, address, priority,"
                + " never_leads, version)"
                + " select 'orders', gen_random_uuid(), id, 'dead:1', 0, false, '' from pgleader.session");

        assertEquals(List.of(false), database.queryAll(Boolean.class, "select present from pgleader.candidates"));
    }

    @Test
    void listEmptiedByHand_isFilledAgain(TestDatabase database) throws Exception {
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            elections.run("orders", "a:1", work);
            Candidates.arePresent(database, "orders", "a:1");

            database.execute("delete from pgleader.candidate");

            Candidates.arePresent(database, "orders", "a:1");
        }
    }

    @Test
    void processOfWhichNothingWasHeardForLong_isForgotten(TestDatabase database) throws Exception {
        addSession(database, "61 min");
        addSession(database, "59 min");
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            elections.run("orders", "a:1", work);

            Eventually.holds(
                    "only the older one is forgotten",
                    () -> database.queryOne(Long.class, "select count(*) from pgleader.session") == 2);
        }
    }

    /** Adds the session of a process that should have said so long ago that it is there. */
    private static void addSession(TestDatabase database, String ago) {
        database.execute(
                "insert into pgleader.session (process, lease, refractory, renewed_at, expires_at, locked)"
                        + " values (gen_random_uuid(), '15 s', '0', now() - interval '1 day', now() - ?::interval, false)",
                ago);
    }
}
