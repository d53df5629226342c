package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.SqlSession;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A change of an election that its holder did not make is noted for the holder, by whichever statement it is made. */
@PostgresTest
class DisturbedTest {

    private static final String EVERY_SESSION = "every session: any";

    private static final String NOTES =
            """
            select coalesce(session_id::text, 'every session') || ': ' || coalesce(election, 'any')
              from pgleader.disturbed
             order by x, session_id, election
            """;

    private static List<String> notes(TestDatabase database) {
        return database.queryAll(String.class, NOTES);
    }

    private static SqlSession leaderOf(TestDatabase database, String... elections) {
        SqlSession leader = SqlSession.in(database, "a:1");
        for (String election : elections) {
            SqlSession.register(database, election);
            assertTrue(leader.take(election));
        }
        return leader;
    }

    private static String note(SqlSession session, String election) {
        return session.id() + ": " + election;
    }

    private static List<String> justOrders(SqlSession session) {
        return List.of(note(session, "orders"));
    }

    // What the library does itself

    @Test
    void leadershipFromBeginToEnd_isNotNoted(TestDatabase database) {
        SqlSession leader = leaderOf(database, "orders");
        assertTrue(leader.recover("orders"));
        assertTrue(leader.renew());
        assertTrue(leader.vacate("orders", "resigned"));
        assertTrue(leader.take("orders"));

        assertEquals(List.of(), notes(database));
    }

    @Test
    void electionTaken_whenItsHoldersSessionIsOver_isNotNoted(TestDatabase database) {
        leaderOf(database, "orders").expire();

        assertTrue(SqlSession.in(database, "b:2").take("orders"));

        assertEquals(List.of(), notes(database));
    }

    @Test
    void electionTaken_whileItsHoldersSessionRuns_isNoted(TestDatabase database) {
        SqlSession leader = leaderOf(database, "orders");

        assertTrue(SqlSession.in(database, "b:2").takeBeforeTheEnd("orders"));

        assertEquals(justOrders(leader), notes(database));
    }

    // What other hands do

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update pgleader.election set session_id = session_id + 1",
                "update pgleader.election set term = term + 1",
                "update pgleader.election set term = term - 1",
                "update pgleader.election set candidate = gen_random_uuid()",
                "update pgleader.election set name = 'billing'",
                "update pgleader.election set session_id = null, candidate = null, address = null, phase = null,"
                        + " elected_at = null",
                "update pgleader.election set session_id = session_id + 1, xact = '3'",
                "delete from pgleader.election"
            })
    void heldElection_changedByHand_isNoted_evenByAReplica(String change, TestDatabase database) throws SQLException {
        SqlSession leader = leaderOf(database, "orders");

        asReplica(database, change);

        assertEquals(justOrders(leader), notes(database));
    }

    /** The mark alone does not make it the library's own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "update pgleader.election set session_id = session_id + 1, xact = pg_current_xact_id()",
                "update pgleader.election set candidate = gen_random_uuid(), xact = pg_current_xact_id()",
                "update pgleader.election set term = term - 1, xact = pg_current_xact_id()",
                "update pgleader.election set term = term + 1, xact = pg_current_xact_id()",
            })
    void markedChange_thatTakesARunningSessionsElection_isNoted(String change, TestDatabase database) {
        SqlSession leader = leaderOf(database, "orders");

        database.execute(change);

        assertEquals(justOrders(leader), notes(database));
    }

    /** A session that is over has a leader, too: it may be one whose renewal is under way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "name = name || '.'",
                "candidate = gen_random_uuid()",
                "term = term - 1",
                "session_id = session_id + 1"
            })
    void markedChange_underWhichNoTermWasTaken_isNoted(String change, TestDatabase database) {
        SqlSession leader = leaderOf(database, "orders");
        leader.expire();

        database.execute("update pgleader.election set xact = pg_current_xact_id(), " + change);

        assertEquals(justOrders(leader), notes(database));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update pgleader.election set terms_kept = 7",
                "update pgleader.election set phase = 'leading'",
            })
    void changeThatTakesNothingFromTheHolder_isNotedForNobodysSession(String change, TestDatabase database) {
        leaderOf(database, "orders");

        database.execute(change);

        assertEquals(List.of("-1: orders"), notes(database));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update pgleader.election set phase = 'leading', xact = pg_current_xact_id()",
                "vacuum full pgleader.election",
            })
    void changeThatTakesNothingFromTheHolder_andLeavesATrace_isNotNoted(String change, TestDatabase database) {
        leaderOf(database, "orders");

        database.execute(change);

        assertEquals(List.of(), notes(database));
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete from pgleader.election", "update pgleader.election set term = term + 1"})
    void vacantElection_changedByHand_isNotedForNobodysSession(String change, TestDatabase database) {
        SqlSession.register(database, "orders");

        database.execute(change);

        assertEquals(List.of("-1: orders"), notes(database));
    }

    @Test
    void electionsOfTwoSessions_areNotedByTheirNames(TestDatabase database) {
        SqlSession leader = leaderOf(database, "orders", "billing");
        SqlSession other = leaderOf(database, "stock");

        database.execute("delete from pgleader.election");

        assertEquals(List.of(note(leader, "billing"), note(leader, "orders"), note(other, "stock")), notes(database));
    }

    @Test
    void sameElection_changedTwiceInATransaction_isNotedOnce(TestDatabase database) throws SQLException {
        SqlSession leader = leaderOf(database, "orders");

        asReplica(database, "update pgleader.election set term = term + 1; delete from pgleader.election");

        assertEquals(justOrders(leader), notes(database));
    }

    /** An edit of a hundred thousand rows must not leave as many notes: beyond this the session reads all its rows. */
    @Test
    void moreThanAHundredElections_inATransaction_areNotedAsAny(TestDatabase database) {
        SqlSession leader = leaderOf(database, "orders");
        SqlSession other = leaderOf(database, "stock");
        database.execute("insert into pgleader.election (name, session_id, candidate, address, phase, elected_at)"
                + " select name || n, session_id, candidate, address, phase, elected_at"
                + " from pgleader.election, generate_series(1, 150) as n");

        database.execute("delete from pgleader.election");

        List<String> notes = notes(database);
        assertEquals(202, notes.size());
        assertTrue(notes.containsAll(List.of(note(leader, "any"), note(other, "any"))), notes::toString);
    }

    @Test
    void changeThatIsRolledBack_isNotNoted(TestDatabase database) throws SQLException {
        leaderOf(database, "orders");
        try (Connection connection = database.server().connectAsAdmin(database.name());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("delete from pgleader.election");
            connection.rollback();
        }

        assertEquals(List.of(), notes(database));
    }

    // Truncation

    @Test
    void electionsTruncated_isNotedForEverySession_evenByAReplica(TestDatabase database) throws SQLException {
        leaderOf(database, "orders");

        asReplica(database, "truncate pgleader.election");

        assertEquals(List.of(EVERY_SESSION), notes(database));
    }

    /** In any order: the tables are emptied first, and the triggers run then. */
    @ParameterizedTest
    @ValueSource(strings = {"order by 1", "order by 1 desc"})
    void allTablesTruncatedAtOnce_noteSurvives(String order, TestDatabase database) throws SQLException {
        leaderOf(database, "orders");
        String tables = database.queryOne(
                String.class,
                "select string_agg(c, ', ' " + order + ") from (select oid::regclass::text as c from pg_class"
                        + " where relnamespace = 'pgleader'::regnamespace and relkind = 'r') as t");

        asReplica(database, "truncate " + tables);

        assertEquals(List.of(EVERY_SESSION), notes(database));
    }

    @Test
    void notesTruncated_isNotedForEverySession(TestDatabase database) throws SQLException {
        leaderOf(database, "orders");
        database.execute("delete from pgleader.election");

        asReplica(database, "truncate pgleader.disturbed");

        assertEquals(List.of(EVERY_SESSION), notes(database));
    }

    // Requests

    @Test
    void requestToResign_isNotedForTheLeadersSession_evenByAReplica(TestDatabase database) throws SQLException {
        SqlSession leader = leaderOf(database, "orders");

        asReplica(
                database, "insert into pgleader.resignation (election, term) select name, term from pgleader.election");

        assertEquals(justOrders(leader), notes(database));
    }

    @ParameterizedTest
    @ValueSource(strings = {"select 'orders', term - 1 from pgleader.election", "values ('billing', 1)"})
    void requestToALeaderThatIsNone_isNotNoted(String request, TestDatabase database) {
        leaderOf(database, "orders");

        database.execute("insert into pgleader.resignation (election, term) " + request);

        assertEquals(List.of(), notes(database));
    }

    @Test
    void requestOfAVacantElection_isNotNoted(TestDatabase database) {
        assertTrue(leaderOf(database, "orders").vacate("orders", "resigned"));

        database.execute("insert into pgleader.resignation (election, term) select name, term from pgleader.election");

        assertEquals(List.of(), notes(database));
    }

    // Rights and age

    /** The triggers write as their owner: a role that may change an election needs no right to the notes. */
    @Test
    void roleWithoutARightToTheNotes_leavesThemAllTheSame(TestDatabase database) throws SQLException {
        SqlSession leader = leaderOf(database, "orders");
        String role = "editor_" + database.name();
        database.execute("create role " + role + " login password 'x'");
        try (Connection connection = database.dataSource().getConnection(role, "x");
                Statement statement = connection.createStatement()) {
            database.execute("grant usage on schema pgleader to " + role);
            database.execute("grant select, delete on pgleader.election to " + role);
            statement.execute("delete from pgleader.election");
        } finally {
            database.execute("drop owned by " + role);
            database.execute("drop role " + role);
        }

        assertEquals(justOrders(leader), notes(database));
    }

    @Test
    void notesOlderThanAnHour_goWithTheNextOne_andYoungerOnesStay(TestDatabase database) {
        SqlSession leader = leaderOf(database, "orders");
        database.execute("insert into pgleader.disturbed (session_id, at) values"
                + " (-2, clock_timestamp() - interval '61 min'), (-1, clock_timestamp() - interval '59 min')");

        database.execute("delete from pgleader.election");

        assertEquals(List.of("-1: any", note(leader, "orders")), notes(database));
    }

    @Test
    void oldNoteThatIsLocked_keepsNothingWaiting(TestDatabase database) throws SQLException {
        leaderOf(database, "orders");
        database.execute("insert into pgleader.disturbed (session_id, at) values"
                + " (-2, clock_timestamp() - interval '61 min')");
        try (Connection reader = database.server().connectAsAdmin(database.name());
                Statement locking = reader.createStatement();
                Connection editor = database.server().connectAsAdmin(database.name());
                Statement editing = editor.createStatement()) {
            reader.setAutoCommit(false);
            locking.execute("select from pgleader.disturbed for update");

            editing.execute("set lock_timeout = '50 ms'; delete from pgleader.election");

            reader.rollback();
        }
        assertEquals(2, notes(database).size());
    }

    /** As one who applies what was replicated: a session in this role passes ordinary triggers by. */
    private static void asReplica(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.server().connectAsAdmin(database.name());
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute(sql);
        }
    }
}
