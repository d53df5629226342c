package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Session.Outcome;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A bid judges rows as they are in its snapshot and locks them later. A row that has changed in between is not the one that
 * was judged.
 */
@PostgresTest
class BidSnapshotTest {

    private static final UUID ME = new UUID(0, 1);

    /** Statements may wait for long here. */
    private static final ElectionConfig PATIENT = ElectionConfig.builder()
            .leaseDuration(Duration.ofMinutes(5))
            .statementTimeout(Duration.ofMinutes(1))
            .build();

    /**
     * What a bid reads after it has judged, and before it locks, keeps it waiting: the table of the server becomes a view that
     * waits for a lock.
     */
    private static final String WAIT_AFTER_JUDGING =
            """
            create function pgleader.wait() returns boolean volatile language plpgsql
                as 'begin perform pg_advisory_xact_lock_shared(4711); return true; end';
            alter table pgleader.server rename to written_down;
            create view pgleader.server as select w.* from pgleader.written_down as w where pgleader.wait();
            grant select on pgleader.server to public
            """;

    @Test
    void rowThatIsAsItWasJudged_isTaken(TestDatabase database) throws Exception {
        assertEquals(Set.of("orders", "other"), wonAfter(database, "select"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "term = 7",
                "released = -1",
                "term = term",
                "session_id = 7, candidate = gen_random_uuid(), address = 'x', phase = 'leading', elected_at = now()"
            })
    void rowChangedSinceItWasJudged_isNotTaken_andTheOthersAre(String change, TestDatabase database) throws Exception {
        String update = "update pgleader.election set " + change + " where name = 'orders'";

        assertEquals(Set.of("other"), wonAfter(database, update));
    }

    /** Returns what a bid for two vacant elections wins, where something is done between its snapshot and its locks. */
    private static Set<String> wonAfter(TestDatabase database, String deed) throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT);
                Connection other = database.server().connectAsAdmin(database.name());
                Statement statement = other.createStatement()) {
            int id = mine.enter();
            mine.register("orders", "other");
            int pid = mine.pid();
            statement.execute(WAIT_AFTER_JUDGING);
            statement.execute("select pg_advisory_lock(4711)");

            CompletableFuture<Outcome> answer = TableHeld.started(() -> mine.bid(id, ME, "orders", "other"));
            SessionUnderTest.awaitWait(database, pid, Set.of("advisory"));
            statement.execute(deed);
            statement.execute("select pg_advisory_unlock(4711)");

            return TableHeld.of(answer).won().keySet();
        }
    }
}
