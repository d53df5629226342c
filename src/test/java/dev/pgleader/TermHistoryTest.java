package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.SqlSession;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The triggers that write the history: each term stands in it once, from its taking to its end. */
@PostgresTest
class TermHistoryTest {

    private static final String EMPTIED = "update pgleader.election set session_id = null, candidate = null,"
            + " address = null, phase = null, elected_at = null";

    @BeforeEach
    void register(TestDatabase database) {
        SqlSession.register(database, "orders");
    }

    private static List<String> endings(TestDatabase database) {
        return database.queryAll(
                String.class, "select coalesce(ending, 'open') from pgleader.term_history order by election, term");
    }

    private static boolean holds(TestDatabase database, String condition) {
        return database.queryOne(
                Boolean.class, "select coalesce(bool_and(" + condition + "), false) from pgleader.term_history");
    }

    @Test
    void termTaken_standsInTheHistory_withItsLease(TestDatabase database) {
        SqlSession leader = SqlSession.in(database, "a:1");
        assertTrue(leader.take("orders"));

        assertEquals(List.of("open"), endings(database));
        assertTrue(holds(database, "lease = '5 min' and address = 'a:1' and recovered_at is null"));
        assertEquals(
                1,
                database.queryOne(
                        Long.class,
                        "select count(*) from pgleader.term_history as h join pgleader.election as e"
                                + " on (e.name, e.term, e.candidate, e.elected_at)"
                                + " = (h.election, h.term, h.candidate, h.elected_at)"));

        assertTrue(leader.recover("orders"));

        assertTrue(holds(database, "recovered_at >= elected_at"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resigned", "handed over", "preempted", "closed", "failed"})
    void vacated_endsAsTheLeaderSays(String ending, TestDatabase database) {
        SqlSession leader = SqlSession.in(database, "a:1");
        assertTrue(leader.take("orders"));
        assertTrue(leader.vacate("orders", ending));

        assertEquals(List.of(ending), endings(database));
        assertTrue(holds(database, "settled"));
    }

    @Test
    void takenAfterTheLease_isExpired_sinceTheEndOfTheSession(TestDatabase database) {
        SqlSession leader = SqlSession.in(database, "a:1");
        assertTrue(leader.take("orders"));
        leader.expire();
        assertTrue(SqlSession.in(database, "b:2").take("orders"));

        assertEquals(List.of("expired", "open"), endings(database));
        assertEquals(
                1,
                database.queryOne(
                        Long.class,
                        "select count(*) from pgleader.term_history as h join pgleader.session as s"
                                + " on s.expires_at = h.ended_at where s.id = ?",
                        leader.id()));
    }

    @Test
    void takenWhileTheLeaseRan_isDeposed_atThatMoment(TestDatabase database) {
        assertTrue(SqlSession.in(database, "a:1").take("orders"));
        assertTrue(SqlSession.in(database, "b:2").takeBeforeTheEnd("orders"));

        assertEquals(List.of("deposed", "open"), endings(database));
        assertEquals(
                "00:00:00",
                database.queryOne(
                        String.class,
                        "select vacant_before::text from pgleader.history where vacant_before is not null"));
    }

    @Test
    void takenAfterItsSessionsRowIsGone_isExpired(TestDatabase database) {
        assertTrue(SqlSession.in(database, "a:1").take("orders"));
        database.execute("delete from pgleader.session");
        assertTrue(SqlSession.in(database, "b:2").take("orders"));

        assertEquals(List.of("expired", "open"), endings(database));
    }

    @Test
    void takenAgainByItsOwnCandidate_onAnotherSession_hadLostItsSession(TestDatabase database) {
        SqlSession leader = SqlSession.in(database, "a:1");
        assertTrue(leader.take("orders"));
        SqlSession next = SqlSession.in(database, "a:1");

        database.execute(
                "update pgleader.election set term = term + 1, session_id = ?, xact = pg_current_xact_id()", next.id());

        assertEquals(List.of("session lost", "open"), endings(database));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from pgleader.election",
                EMPTIED,
                EMPTIED + ", ending = 'resigned'",
                EMPTIED + ", released = term",
                "update pgleader.election set session_id = session_id + 1",
                "update pgleader.election set candidate = gen_random_uuid()",
                "update pgleader.election set term = term + 7",
                "update pgleader.election set name = 'billing'",
            })
    void changedByHand_isRemoved_evenByAReplica(String change, TestDatabase database) throws SQLException {
        assertTrue(SqlSession.in(database, "a:1").take("orders"));
        try (Connection connection = database.server().connectAsAdmin(database.name());
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute(change);
        }

        assertEquals(List.of("removed"), endings(database));
        assertTrue(holds(database, "ended_at between elected_at and clock_timestamp() and not settled"));
    }

    @Test
    void truncatedByHand_isRemoved_whenItIsTakenNext(TestDatabase database) {
        assertTrue(SqlSession.in(database, "a:1").take("orders"));
        database.execute("truncate pgleader.election");
        assertEquals(List.of("open"), endings(database));

        SqlSession.register(database, "orders");
        SqlSession.register(database, "billing");
        assertTrue(SqlSession.in(database, "b:2").take("billing"));
        assertEquals(List.of("open", "open"), endings(database));
        assertTrue(SqlSession.in(database, "c:3").take("orders"));

        assertEquals(List.of("open", "removed", "open"), endings(database));
    }

    /** A term that stands in the history already was issued before: its taking must fail, not pass in silence. */
    @Test
    void termIssuedTwice_isRefused(TestDatabase database) {
        SqlSession leader = SqlSession.in(database, "a:1");
        assertTrue(leader.take("orders"));
        database.execute("update pgleader.election set term = term - 1");

        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> database.execute("update pgleader.election set term = term + 1, xact = pg_current_xact_id()"));

        SQLException cause = assertInstanceOf(SQLException.class, refused.getCause());
        assertEquals("23505", cause.getSQLState());
    }

    /** What other hands write elects nobody, and a huge term of theirs must not stand in the way of all later ones. */
    @ParameterizedTest
    @ValueSource(strings = {"term - 1", "term + 1", "9000000000000000000"})
    void termWrittenByHand_isNotRemembered(String term, TestDatabase database) {
        assertTrue(SqlSession.in(database, "a:1").take("orders"));

        database.execute("update pgleader.election set term = " + term);

        assertEquals(List.of("removed"), endings(database));
    }

    @Test
    void changeThatIsRolledBack_isNotRemembered(TestDatabase database) throws SQLException {
        SqlSession leader = SqlSession.in(database, "a:1");
        try (Connection connection = database.server().connectAsAdmin(database.name());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("update pgleader.election set term = 7, session_id = " + leader.id()
                    + ", candidate = gen_random_uuid(), address = 'a:1', phase = 'leading', elected_at = now(),"
                    + " xact = pg_current_xact_id()");
            try (ResultSet rows = statement.executeQuery("select term from pgleader.term_history")) {
                assertTrue(rows.next(), "the same transaction remembers it");
            }
            connection.rollback();
        }

        assertEquals(List.of(), endings(database));
    }

    @Test
    void history_keepsAsManyTermsAsTheElectionAsksFor(TestDatabase database) {
        SqlSession leader = SqlSession.in(database, "a:1");
        SqlSession.register(database, "billing");
        assertTrue(leader.take("billing"));
        database.execute("update pgleader.election set terms_kept = 3 where name = 'orders'");
        for (int i = 0; i < 5; i++) {
            assertTrue(leader.takeBeforeTheEnd("orders"));
        }

        assertEquals(
                List.of("billing 1", "orders 3"),
                database.queryAll(
                        String.class,
                        "select election || ' ' || count(*) from pgleader.term_history group by election order by 1"));
        assertEquals(
                1,
                database.queryOne(
                        Long.class,
                        "select count(*) from pgleader.term_history as h join pgleader.election as e"
                                + " on (h.election, h.term) = (e.name, e.term) where e.name = 'orders'"));
    }

    @Test
    void requestsToFormerLeaders_goWithTheirTerms(TestDatabase database) {
        SqlSession leader = SqlSession.in(database, "a:1");
        assertTrue(leader.take("orders"));
        String ask = "insert into pgleader.resignation (election, term) select name, term from pgleader.election";
        database.execute(ask);
        assertTrue(leader.takeBeforeTheEnd("orders"));
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.resignation"));

        database.execute(ask);
        database.execute("delete from pgleader.election");

        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.resignation"));
    }

    @Test
    void viewOfLeaders_showsOnlyThoseWhoseSessionRuns(TestDatabase database) {
        SqlSession leader = SqlSession.in(database, "a:1");
        assertTrue(leader.take("orders"));
        assertEquals("a:1", database.queryOne(String.class, "select address from pgleader.leader"));

        leader.expire();

        assertEquals(List.of(), database.queryAll(String.class, "select address from pgleader.leader"));
    }
}
