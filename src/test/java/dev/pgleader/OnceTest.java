package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.pgleader.testing.Part;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.SqlSession;
import dev.pgleader.testing.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Leadership#once}: the work is done exactly once per election and key, whatever happens. */
@PostgresTest
class OnceTest {

    @BeforeEach
    void createTable(TestDatabase database) {
        database.execute("create table work (item text)");
        database.execute("grant all on work to " + database.username());
    }

    @ParameterizedTest
    @EnumSource(FenceForm.class)
    void secondCall_evenInALaterTerm_doesNothing(FenceForm form, TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        ElectionConfig config = Settings.calm().fenceForm(form).build();
        try (Elections elections = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership first = work.next();

            assertTrue(first.once("books", OnceTest::write));
            assertFalse(first.once("books", OnceTest::write));
            leader.resign();
            assertFalse(work.next().once("books", OnceTest::write));

            assertEquals(1, done(database));
            assertEquals(first.term(), database.queryOne(Long.class, "select term from pgleader.done"));
        }
    }

    @Test
    void otherKey_orOtherElection_isOtherWork(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership orders = lead(elections, "orders");
            Leadership billing = lead(elections, "billing");

            assertTrue(orders.once("books " + orders.term(), OnceTest::write));
            assertTrue(orders.once("books", OnceTest::write));
            assertTrue(billing.once("books", OnceTest::write));

            assertEquals(3, done(database));
        }
    }

    @Test
    void workThatFails_isDoneByTheNextCall(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections, "orders");

            assertThrows(
                    IOException.class,
                    () -> leadership.once("books", connection -> {
                        write(connection);
                        throw new IOException("planted");
                    }));

            assertTrue(leadership.once("books", OnceTest::write));
            assertEquals(1, done(database));
        }
    }

    @Test
    void crashBetweenTheKeyAndTheCommit_leavesTheWorkToTheNextLeader(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership first = work.next();

            assertThrows(
                    SQLException.class,
                    () -> first.once("books", connection -> {
                        write(connection);
                        set(connection, "select pg_terminate_backend(pg_backend_pid())");
                    }));
            leader.resign();

            assertTrue(work.next().once("books", OnceTest::write));
            assertEquals(1, done(database));
        }
    }

    @Test
    void deposed_doesNothing_andLeavesTheWorkToItsSuccessor(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections young = connect(database)) {
            try (Elections old = connect(database)) {
                Leadership deposed = lead(old, "orders");
                young.run("orders", "b:1", work);
                database.execute("update pgleader.election set term = term + 1, session_id = null, candidate = null,"
                        + " address = null, phase = null, elected_at = null");

                assertThrows(LeadershipLostException.class, () -> deposed.once("books", OnceTest::write));
                assertEquals(0, done(database));
                Eventually.lossOf(deposed);
            }
            assertTrue(work.next().once("books", OnceTest::write));
            assertEquals(1, done(database));
        }
    }

    @Test
    void manyCallsAtOnce_doTheWorkOnce(TestDatabase database) throws Exception {
        int callers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections, "orders");
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                answers.add(threads.submit(() -> leadership.once("books", OnceTest::write)));
            }

            int first = 0;
            for (Future<Boolean> answer : answers) {
                first += answer.get(30, TimeUnit.SECONDS) ? 1 : 0;
            }

            assertEquals(1, first);
            assertEquals(1, done(database));
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void connection_isBorrowedFromTheElectionsOwnPool_andGivenBack(TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.hikari(config -> config.setMaximumPoolSize(1));
                Elections elections = Elections.connect(pool, Settings.calm().build())) {
            Leadership leadership = lead(elections, "orders");

            assertTrue(leadership.once(
                    "one",
                    connection -> assertEquals(1, pool.getHikariPoolMXBean().getActiveConnections())));

            assertEquals(0, pool.getHikariPoolMXBean().getActiveConnections());
            assertTrue(leadership.once("two", OnceTest::write));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'; drop table work; --", "\"$body$ %I %s", "\uD83D\uDC51", "7@orders"})
    void key_isData_neverSql(String key, TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections, "it's \"orders\"; @ %L");

            assertTrue(leadership.once(key, OnceTest::write));
            assertFalse(leadership.once(key, OnceTest::write));

            assertEquals(key, database.queryOne(String.class, "select key from pgleader.done"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\0b", "\uD800"})
    void keyThatCannotBeStored_isRefused(String key, TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections, "orders");

            assertThrows(IllegalArgumentException.class, () -> leadership.once(key, OnceTest::write));
            assertThrows(IllegalArgumentException.class, () -> leadership.once("k".repeat(256), OnceTest::write));
            assertTrue(leadership.once("\uD83D\uDC51".repeat(255), OnceTest::write));
        }
    }

    /** Those who write SQL have the same, with a role that has no right but to these functions. */
    @Test
    void sqlFunction_isForRolesWithoutRightsOnTheTables(TestDatabase database) throws Exception {
        long term = leadBySql(database);
        String role = "once_" + database.name();
        database.execute("create role " + role + " login password 'x'");
        Part.WRITER.grants(role).forEach(database::execute);
        try (Connection connection = database.dataSource().getConnection(role, "x")) {
            assertTrue(once(connection, term));
            assertFalse(once(connection, term));
            SQLException refused = assertThrows(SQLException.class, () -> once(connection, term + 1));
            assertEquals("PGL01", refused.getSQLState());
            set(connection, "select pgleader.fence('" + term + "@orders')");
            set(connection, "select pgleader.fence_shared('" + term + "@orders')");
        } finally {
            database.execute("drop owned by " + role);
            database.execute("drop role " + role);
        }
    }

    /** Otherwise a row that was put back would let a term that is over do once what the next one should. */
    @Test
    void sqlFunction_ofATermThatWasPutBack_isRefused(TestDatabase database) throws Exception {
        long term = leadBySql(database);
        assertTrue(SqlSession.in(database, "b:2").takeBeforeTheEnd("orders"));
        database.execute("update pgleader.election set term = ?", term);
        try (Connection connection = database.dataSource().getConnection()) {
            SQLException refused = assertThrows(SQLException.class, () -> once(connection, term));

            assertEquals("PGL01", refused.getSQLState());
        }
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.done"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'7@orders'", "(term + 1) || '@orders'", "(term - 1) || '@orders'", "term || '@billing'"})
    void tokenOfNoCurrentTerm_isRefused(String token, TestDatabase database) throws Exception {
        assertRefused("PGL01", token, database);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "'@'", "'orders'", "'@orders'", "'x@orders'", "'-7@orders'", "' 7@orders'"})
    void textThatIsNoToken_isRefused_ratherThanTakenForAFence(String token, TestDatabase database) throws Exception {
        assertRefused("22023", token, database);
    }

    private static void assertRefused(String state, String token, TestDatabase database) throws Exception {
        leadBySql(database);
        try (Connection connection = database.dataSource().getConnection()) {
            for (String function : List.of("fence", "fence_shared")) {
                SQLException refused = assertThrows(
                        SQLException.class,
                        () -> set(
                                connection, "select pgleader." + function + "(" + token + ") from pgleader.election"));
                assertEquals(state, refused.getSQLState(), refused.getMessage());
            }
        }
    }

    private static long leadBySql(TestDatabase database) {
        SqlSession.register(database, "orders");
        assertTrue(SqlSession.in(database, "a:1").take("orders"));
        return database.queryOne(Long.class, "select term from pgleader.election");
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    private static Leadership lead(Elections elections, String election) throws InterruptedException {
        RecordedWork work = RecordedWork.staying();
        elections.run(election, "a:1", work);
        return work.next();
    }

    private static boolean once(Connection connection, long term) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("select pgleader.once('orders', " + term + ", 'books')")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private static void write(Connection connection) throws SQLException {
        set(connection, "insert into work values ('done')");
    }

    private static void set(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long done(TestDatabase database) {
        return database.queryOne(Long.class, "select count(*) from work");
    }
}
