package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.FenceForm;
import dev.pgleader.testing.Part;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The guard on a user's table: nobody writes there but in a transaction that is fenced for the election, whatever the
 * transaction claims. The writer is a role with no right but on that table, which lies in a schema with an unhandy name.
 */
@PostgresTest
class GuardTest {

    private static final String TABLE = "\"it's $body$ %I\".ledger";
    private static final String INSERT = "insert into " + TABLE + " values (1, 1)";

    private static final String NOT_FENCED = "PGL02";
    private static final String TERM_IS_OVER = "PGL01";

    @BeforeEach
    void guardTable(TestDatabase database) {
        dropWriter(database);
        database.execute("create role guarded_writer login password 'x'");
        database.execute("create schema \"it's $body$ %I\"");
        database.execute("create table " + TABLE + " (id int, amount int)");
        database.execute("insert into " + TABLE + " values (0, 0)");
        database.execute("grant usage on schema \"it's $body$ %I\" to guarded_writer");
        Part.WRITER.grants("guarded_writer").forEach(database::execute);
        database.execute("grant all on " + TABLE + " to guarded_writer");
        guard(database, "orders", "orders");
    }

    @AfterEach
    void dropWriter(TestDatabase database) {
        database.execute("do $$ begin if to_regrole('guarded_writer') is not null then"
                + " drop owned by guarded_writer; drop role guarded_writer; end if; end $$");
    }

    // Every kind of write

    @ParameterizedTest
    @ValueSource(
            strings = {"insert into %s values (1, 1)", "update %s set amount = 1", "delete from %s", "truncate %s"})
    void write_withoutAFence_isRejected(String write, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            assertTrue(orders.term() > 0);

            SQLException rejected = assertThrows(SQLException.class, () -> set(connection, write.replace("%s", TABLE)));

            assertEquals(NOT_FENCED, rejected.getSQLState(), rejected.getMessage());
            assertTrue(String.valueOf(rejected.getMessage()).contains("'orders'"), rejected::getMessage);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ROW_LOCK, insert into %s default values",
        "ROW_LOCK, update %s set amount = 1",
        "ROW_LOCK, delete from %s",
        "ROW_LOCK, truncate %s",
        "SHARED_LOCK, insert into %s default values",
        "SHARED_LOCK, update %s set amount = 1",
        "SHARED_LOCK, delete from %s",
        "SHARED_LOCK, truncate %s",
    })
    void write_underTheFence_passes(FenceForm form, String write, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, form);
        try (Connection connection = begin(database)) {
            orders.fence(connection, orders.term());

            set(connection, write.replace("%s", TABLE));
            connection.commit();
        }
    }

    @ParameterizedTest
    @EnumSource(FenceTest.Way.class)
    void write_underTheFence_passesAtEveryIsolationLevel(FenceTest.Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database)) {
            connection.setTransactionIsolation(way.level);
            set(connection, "select from " + TABLE);
            assertTrue(orders.beat());
            orders.fence(connection, orders.term());

            set(connection, INSERT);
            assertTrue(orders.beat());
            set(connection, INSERT);
            connection.commit();
        }
    }

    @Test
    void guardOnEachRow_doesNotChangeWhatIsWritten(TestDatabase database) throws Exception {
        database.execute("create trigger rowwise before insert or update or delete on " + TABLE
                + " for each row execute function pgleader.guard('orders')");
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            orders.fence(connection, orders.term());
            set(connection, INSERT);
            set(connection, "update " + TABLE + " set amount = 7 where id = 1");
            set(connection, "delete from " + TABLE + " where id = 0");
            connection.commit();

            assertEquals(7, database.queryOne(Integer.class, "select amount from " + TABLE));
        }
    }

    // The end of a fence

    @Test
    void nextTransaction_isNotFencedByTheLast(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            orders.fence(connection, orders.term());
            set(connection, INSERT);
            connection.commit();

            assertRejected(NOT_FENCED, connection);
        }
    }

    @Test
    void fenceThatWasRolledBackTo_isNone(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            Savepoint before = connection.setSavepoint();
            orders.fence(connection, orders.term());
            connection.rollback(before);

            assertRejected(NOT_FENCED, connection);
        }
    }

    // Several elections

    @Test
    void fenceOfAnotherElection_isNone(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            long billing = copyOfOrders(database, "billing");
            set(connection, "select pgleader.fence('billing', " + billing + ")");
            assertTrue(orders.term() > 0);

            assertRejected(NOT_FENCED, connection);
        }
    }

    @Test
    void tableOfTwoElections_needsBothFences_inOneTransaction(TestDatabase database) throws Exception {
        String unhandy = "bi'll$body$ing\" %I";
        guard(database, "billing", unhandy);
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            long billing = copyOfOrders(database, unhandy);

            orders.fence(connection, orders.term());
            assertRejected(NOT_FENCED, connection);
            connection.rollback();
            orders.fence(connection, orders.term());
            orders.fence(unhandy, connection, billing);
            set(connection, INSERT);
            connection.commit();
        }
    }

    @Test
    void electionThatNobodyKnows_letsNobodyWrite(TestDatabase database) throws Exception {
        guard(database, "unknown", "unknown");
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            orders.fence(connection, orders.term());

            assertRejected(NOT_FENCED, connection);
        }
    }

    // What the transaction claims

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "true", "[]", "{\"orders\": 1}", "-1", "1e3", "9999999999999999999", "1; select 1"})
    void noteThatIsNoTerm_isNoFence(String note, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            assertTrue(orders.term() > 0);
            forge(database, connection, note, true);

            assertRejected(NOT_FENCED, connection);
        }
    }

    @ParameterizedTest
    @EnumSource(FenceTest.Way.class)
    void forgedNoteOfAnOldTerm_isRejected_atEveryIsolationLevel(FenceTest.Way way, TestDatabase database)
            throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            connection.setTransactionIsolation(way.level);
            set(connection, "select from " + TABLE);
            orders.succeed();
            forge(database, connection, "" + orders.term(), true);

            SQLException rejected = assertThrows(SQLException.class, () -> set(connection, INSERT));

            assertTrue(Set.of(TERM_IS_OVER, "40001").contains(rejected.getSQLState()), rejected::getMessage);
            connection.rollback();
        }
    }

    @Test
    void noteLeftBehindInTheSession_doesNotOutliveItsTerm(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            forge(database, connection, "" + orders.term(), false);
            connection.commit();
            orders.succeed();

            assertRejected(TERM_IS_OVER, connection);
        }
    }

    /** A writer that forges a note of the current term is fenced by its first write. */
    @ParameterizedTest
    @EnumSource(FenceTest.Way.class)
    void forgedNoteOfTheCurrentTerm_fences(FenceTest.Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            connection.setTransactionIsolation(way.level);
            forge(database, connection, "" + orders.term(), true);

            set(connection, INSERT);
            orders.expire();

            assertFalse(orders.trySucceed(), "a term was taken under the guard's fence");
            assertEquals("30s", query(connection, "show idle_in_transaction_session_timeout"));
            connection.commit();
            assertTrue(orders.trySucceed());
        }
    }

    @Test
    void boundOfTheFence_isLeftAsItIs(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            set(connection, "select pgleader.fence('orders', " + orders.term() + ", '5 min')");

            set(connection, INSERT);

            assertEquals("5min", query(connection, "show idle_in_transaction_session_timeout"));
            connection.rollback();
        }
    }

    /** A note of the current term is a fence, and its author has set the bound himself. */
    @Test
    void boundOfTheWritersOwn_isCapped(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            set(connection, "set idle_in_transaction_session_timeout = '1 d'");
            forge(database, connection, "" + orders.term(), true);

            set(connection, INSERT);

            assertEquals("10min", query(connection, "show idle_in_transaction_session_timeout"));
            connection.rollback();
        }
    }

    // Set up wrongly

    @ParameterizedTest
    @ValueSource(strings = {"", "'orders', 'billing'"})
    void guardWithoutOneElection_letsNobodyWrite(String arguments, TestDatabase database) throws Exception {
        database.execute("create trigger wrong before insert on " + TABLE + " execute function pgleader.guard("
                + arguments + ")");
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database)) {
            orders.fence(connection, orders.term());

            assertRejected("22023", connection);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold('orders', 1, true)", "bound('1 s')", "fence_again('orders', 1)"})
    void partsOfTheFunctions_areNotForUsers(String call, TestDatabase database) throws Exception {
        try (Connection connection = begin(database)) {
            SQLException refused = assertThrows(SQLException.class, () -> set(connection, "select pgleader." + call));

            assertEquals("42501", refused.getSQLState(), refused.getMessage());
        }
    }

    private static void assertRejected(String state, Connection connection) {
        SQLException rejected = assertThrows(SQLException.class, () -> set(connection, INSERT));
        assertEquals(state, rejected.getSQLState(), rejected.getMessage());
    }

    private static Connection begin(TestDatabase database) throws SQLException {
        Connection connection = database.dataSource().getConnection("guarded_writer", "x");
        connection.setAutoCommit(false);
        return connection;
    }

    private static void guard(TestDatabase database, String trigger, String election) {
        database.execute("create trigger " + trigger + " before insert or update or delete or truncate on " + TABLE
                + " for each statement execute function pgleader.guard('" + election.replace("'", "''") + "')");
    }

    /** A second election with the same term and leader. */
    private static long copyOfOrders(TestDatabase database, String name) {
        database.execute(
                "insert into pgleader.election (name, term, session_id, candidate, address, phase, elected_at)"
                        + " select ?, term, session_id, candidate, address, phase, elected_at"
                        + " from pgleader.election",
                name);
        return database.queryOne(Long.class, "select term from pgleader.election where name = ?", name);
    }

    private static void forge(TestDatabase database, Connection connection, String note, boolean local)
            throws SQLException {
        String setting = database.queryOne(
                String.class, "select 'pgleader.fenced_' || tableoid || '_' || fence_key from pgleader.election");
        query(connection, "select set_config('" + setting + "', '" + note + "', " + local + ")");
    }

    private static void set(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }
}
