package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A thousand elections cost what one costs: two connections and a few threads. */
@PostgresTest
class ManyElectionsTest {

    private static final String OURS =
            "select count(*)::int from pg_stat_activity where datname = current_database() and usename = ?";

    private static final String LED =
            "select count(*)::int from pg_catalog.pg_locks l join pgleader.session s on l.objid::bigint = s.id"
                    + " join pgleader.election e on e.session_id = s.id"
                    + " where l.locktype = 'advisory' and l.objsubid = 2 and e.phase = 'leading'"
                    + " and l.database = (select oid from pg_database where datname = current_database())"
                    + " and s.backend_pid = l.pid and s.expires_at > clock_timestamp()";

    private static final String ADVISORY_LOCKS =
            "select count(*)::int from pg_catalog.pg_locks where locktype = 'advisory'"
                    + " and database = (select oid from pg_database where datname = current_database())";

    @Test
    void thousandElections_areAllLed_withTwoConnectionsAndTheThreadsOfOne(TestDatabase database) throws Exception {
        RecordedWork one = RecordedWork.returning();
        AtomicInteger led = new AtomicInteger();
        List<Leader> leaders = new ArrayList<>();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            elections.run("the first", "a:1", one);
            one.next();
            Eventually.holds("the callback has ended", () -> threads("pgleader-callback") == 0);
            Eventually.holds("two connections", () -> database.queryOne(Integer.class, OURS, database.username()) == 2);
            long threads = threads("pgleader");

            for (int i = 0; i < 1000; i++) {
                leaders.add(elections.run("election " + i, "a:1", leadership -> led.incrementAndGet()));
            }

            Eventually.holds("all are led", () -> led.get() == 1000);
            Eventually.holds("the rows say so", () -> database.queryOne(Integer.class, LED) == 1001);
            assertTrue(leaders.stream().allMatch(leader -> leader.state() == ProcessState.LEADING));
            Eventually.holds("the callbacks have ended", () -> threads("pgleader-callback") == 0);
            assertEquals(threads, threads("pgleader"));
            assertEquals(2, database.queryOne(Integer.class, OURS, database.username()));
            assertEquals(1, database.queryOne(Integer.class, ADVISORY_LOCKS));
            int beats = database.queryOne(Integer.class, "select sum(beat)::int from pgleader.session");
            Eventually.holds(
                    "all are renewed",
                    () -> database.queryOne(Integer.class, "select sum(beat)::int from pgleader.session") >= beats + 2);
        }
        assertEquals(1000, led.get());
        assertEquals(
                0,
                database.queryOne(
                        Integer.class, "select count(*)::int from pgleader.election where candidate is not null"));
    }

    @Test
    void twoProcesses_shareElections_andOneTakesAllWhenTheOtherCloses(TestDatabase database) throws Exception {
        Map<String, AtomicInteger> atWork = new ConcurrentHashMap<>();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger led = new AtomicInteger();
        LeadFunction work = leadership -> {
            AtomicInteger here = atWork.computeIfAbsent(leadership.election(), name -> new AtomicInteger());
            if (here.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            leadership.onLoss(reason -> here.decrementAndGet());
            led.incrementAndGet();
        };
        Elections first =
                Elections.connect(database.dataSource(), Settings.calm().build());
        try (Elections second =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            List<Leader> ofFirst = new ArrayList<>();
            List<Leader> ofSecond = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Elections sooner = i % 2 == 0 ? first : second;
                Elections later = i % 2 == 0 ? second : first;
                (i % 2 == 0 ? ofFirst : ofSecond).add(sooner.run("election " + i, "sooner", work));
                (i % 2 == 0 ? ofSecond : ofFirst).add(later.run("election " + i, "later", work));
            }
            Eventually.holds("all are led", () -> led.get() == 200);
            Eventually.holds("by one each", () -> leading(ofFirst) + leading(ofSecond) == 200);
            assertEquals(4, database.queryOne(Integer.class, OURS, database.username()));
            long before = database.queryOne(Long.class, "select sum(term)::bigint from pgleader.election");

            first.close();

            Eventually.holds("the other leads all", () -> leading(ofSecond) == 200);
            assertEquals(0, leading(ofFirst));
            assertTrue(database.queryOne(Long.class, "select sum(term)::bigint from pgleader.election") >= before);
        } finally {
            first.close();
        }
        assertEquals(0, overlaps.get());
    }

    private static long leading(List<Leader> leaders) {
        return leaders.stream()
                .filter(leader -> leader.state() == ProcessState.LEADING)
                .count();
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }
}
