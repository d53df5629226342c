package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The trigger that other tests rely on sees what it is there for. */
@PostgresTest
class LeaseAuditTest {

    private static final String TAKE = "update pgleader.election set candidate = gen_random_uuid()";

    @Test
    void takenWhileTheLeaseRuns_isNoted_andAfterItIsNot(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            elections.run("orders", "a:1", work);
            work.next();
        }
        database.execute(LeaseAudit.INSTALL);
        ElectionRow row = new ElectionRow(database, "orders");
        row.giveTo("x");
        row.letTheLeaseEndIn("-1 second");
        database.execute(TAKE);
        assertEquals(0, LeaseAudit.takenEarly(database));

        row.letTheLeaseEndIn("1 hour");
        database.execute(TAKE);

        assertEquals(1, LeaseAudit.takenEarly(database));
    }

    @Test
    void takenBeforeItStoodStill_isNoted_andAfterItIsNot(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.slow().build())) {
            elections.run("orders", "a:1", work);
            elections.run("billing", "a:1", work);
            work.next();
            work.next();
            database.execute(ElectionRow.EMPTY);
        }
        database.execute("update pgleader.term_history set ended_at = ended_at - interval '1 hour'"
                + " where election = 'orders'");
        database.execute(LeaseAudit.INSTALL);

        new ElectionRow(database, "orders").giveTo("x");
        new ElectionRow(database, "billing").giveTo("x");

        assertEquals(List.of("billing"), database.queryAll(String.class, "select name from public.taken_early"));
    }
}
