package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.FenceForm;
import dev.pgleader.LeadershipLostException;
import dev.pgleader.testing.Part;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * What the fence keeps out, at every isolation level: S1, a takeover that commits between the snapshot of the leader's
 * transaction and its fence; S2, one that is tried between the fence and the commit; and heartbeats, which pass.
 */
@PostgresTest
class FenceTest {

    /** Each form of the fence at each isolation level that it holds at. */
    enum Way {
        READ_COMMITTED(FenceForm.ROW_LOCK, Connection.TRANSACTION_READ_COMMITTED),
        REPEATABLE_READ(FenceForm.ROW_LOCK, Connection.TRANSACTION_REPEATABLE_READ),
        SERIALIZABLE(FenceForm.ROW_LOCK, Connection.TRANSACTION_SERIALIZABLE),
        SHARED_LOCK(FenceForm.SHARED_LOCK, Connection.TRANSACTION_READ_COMMITTED);

        final FenceForm form;
        final int level;

        Way(FenceForm form, int level) {
            this.form = form;
            this.level = level;
        }
    }

    // S1: the takeover was first

    @ParameterizedTest
    @EnumSource(Way.class)
    void takeoverAfterTheSnapshot_fenceRefuses(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database, way)) {
            assertEquals(0, count(connection, "select count(*) from work"));

            long term = orders.term();
            orders.succeed();

            LeadershipLostException lost =
                    assertThrows(LeadershipLostException.class, () -> orders.fence(connection, term));
            assertEquals(term, lost.term());
            assertEquals("orders", lost.election());
            assertThrows(SQLException.class, () -> write(connection, term), "the transaction is still usable");
            connection.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void vacatedBeforeTheTransaction_fenceRefuses(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database, way)) {
            orders.vacate();

            assertThrows(LeadershipLostException.class, () -> orders.fence(connection, orders.term()));
            connection.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void leaseOverBeforeTheTransaction_fenceRefuses_soThatNoSuccessorStarves(Way way, TestDatabase database)
            throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database, way)) {
            orders.expire();

            assertThrows(LeadershipLostException.class, () -> orders.fence(connection, orders.term()));
            connection.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"READ_COMMITTED", "SHARED_LOCK"})
    void vacatedAfterTheTransactionBegan_fenceRefuses(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database, way)) {
            assertEquals(0, count(connection, "select count(*) from work"));
            orders.vacate();

            assertThrows(LeadershipLostException.class, () -> orders.fence(connection, orders.term()));
            connection.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void termOfTheFuture_fenceRefuses(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database, way)) {
            assertThrows(LeadershipLostException.class, () -> orders.fence(connection, orders.term() + 1));
            connection.rollback();
        }
    }

    @Test
    void electionThatNobodyKnows_fenceRefuses(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database, Way.READ_COMMITTED)) {
            assertThrows(LeadershipLostException.class, () -> orders.fence("bi'll$ing\"", connection, orders.term()));
            connection.rollback();
        }
    }

    /** A dump that is restored, or an edit by hand, must not revive what a successor has ended. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void rowPutBackToAnOldTerm_fenceRefuses(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        orders.succeed();
        database.execute("update pgleader.election set term = ?", orders.term());
        try (Connection connection = begin(database, way)) {
            assertThrows(LeadershipLostException.class, () -> orders.fence(connection, orders.term()));
            connection.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void sessionWithoutARow_fenceRefuses(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        database.execute("truncate pgleader.session");
        try (Connection connection = begin(database, way)) {
            assertThrows(LeadershipLostException.class, () -> orders.fence(connection, orders.term()));
            connection.rollback();
        }
    }

    // S2: the fence was first

    @ParameterizedTest
    @EnumSource(Way.class)
    void takeoverUnderTheFence_waits_andTheFencedWriteCommitsFirst(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database, way)) {
            long term = orders.term();
            orders.fence(connection, term);
            write(connection, term);
            orders.expire();

            assertFalse(orders.trySucceed(), "a term was taken under an open fence");

            connection.commit();
            assertTrue(orders.trySucceed(), "the fence outlived its transaction");
            assertEquals(1, database.queryOne(Long.class, "select count(*) from work where term = ?", term));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void heartbeatsUnderTheFence_pass_andTheTransactionCommits(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database, way)) {
            assertEquals(0, count(connection, "select count(*) from work"));
            assertTrue(orders.beat());

            orders.fence(connection, orders.term());
            assertTrue(orders.beat(), "the leader's own fence has kept out its heartbeat");
            write(connection, orders.term());
            orders.fence(connection, orders.term());

            connection.commit();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void oldSnapshot_ofALeaseExtendedSince_isNotRefused(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection connection = begin(database, way)) {
            orders.shortenLease();
            assertEquals(0, count(connection, "select count(*) from work"));
            orders.awaitEndOfTheSnapshotsLease();
            assertTrue(orders.beat());

            orders.fence(connection, orders.term());

            connection.commit();
        }
    }

    @Test
    void rowLockedMeanwhile_fenceWaits_andPasses(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection other = database.server().connectAsAdmin(database.name());
                Connection connection = begin(database, Way.READ_COMMITTED)) {
            other.setAutoCommit(false);
            set(other, "select from pgleader.election for update");
            CompletableFuture<Void> fenced = CompletableFuture.runAsync(() -> fence(orders, connection));
            awaitWaiting(database, connection, fenced);

            other.rollback();

            fenced.get(30, TimeUnit.SECONDS);
            connection.commit();
        }
    }

    private static void awaitWaiting(TestDatabase database, Connection connection, CompletableFuture<Void> fenced)
            throws SQLException {
        int pid = connection.unwrap(PGConnection.class).getBackendPID();
        Waiting.until(
                Duration.ofSeconds(10),
                () -> fenced.isDone() || isWaiting(database, pid),
                () -> "the fence neither waits nor answers");
        assertFalse(fenced.isDone(), "the fence did not wait");
    }

    private static boolean isWaiting(TestDatabase database, int pid) {
        return database.queryOne(
                Boolean.class,
                "select wait_event_type is not distinct from 'Lock' from pg_stat_activity where pid = ?",
                pid);
    }

    /** By whom and how ever the term is changed: another version of this library, or a statement by hand. */
    @ParameterizedTest
    @EnumSource(value = Way.class, names = "SHARED_LOCK", mode = EnumSource.Mode.EXCLUDE)
    void termChangedByAnyStatement_underTheFence_waits(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection other = database.server().connectAsAdmin(database.name());
                Connection connection = begin(database, way)) {
            orders.fence(connection, orders.term());

            SQLException refused = assertThrows(
                    SQLException.class,
                    () -> set(other, "set lock_timeout = '50ms'; update pgleader.election set term = term + 1"));

            assertEquals("55P03", refused.getSQLState(), refused.getMessage());
            connection.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update pgleader.election set term = term + 1",
                "update pgleader.election set name = 'others'",
                "update pgleader.election set fence_key = default",
                "delete from pgleader.election"
            })
    void termChangedByAnyStatement_underTheSharedForm_isPassedOver(String change, TestDatabase database)
            throws Exception {
        FencedElection orders = FencedElection.held(database, FenceForm.SHARED_LOCK);
        try (Connection other = database.server().connectAsAdmin(database.name());
                Connection connection = begin(database, Way.SHARED_LOCK)) {
            orders.fence(connection, orders.term());

            assertEquals(0, changed(other, change));

            connection.commit();
            assertEquals(1, changed(other, change), "the fence outlived its transaction");
        }
    }

    /** In this role a session passes ordinary triggers by. */
    @Test
    void replicationRole_underTheSharedForm_isNoWayRoundIt(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, FenceForm.SHARED_LOCK);
        try (Connection replica = database.server().connectAsAdmin(database.name());
                Connection connection = begin(database, Way.SHARED_LOCK)) {
            set(replica, "set session_replication_role = replica");
            orders.fence(connection, orders.term());

            assertEquals(0, changed(replica, "update pgleader.election set term = term + 1"));
            assertEquals(0, changed(replica, "delete from pgleader.election"));
            connection.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void tableTruncated_underTheFence_waits(Way way, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, way.form);
        try (Connection administrator = database.server().connectAsAdmin(database.name());
                Connection connection = begin(database, way)) {
            orders.fence(connection, orders.term());

            SQLException refused = assertThrows(
                    SQLException.class,
                    () -> set(administrator, "set lock_timeout = '50ms'; truncate pgleader.election"));

            assertEquals("55P03", refused.getSQLState(), refused.getMessage());
            connection.rollback();
        }
    }

    /** A snapshot that is older than the lock would show the old term for ever. */
    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void stricterIsolation_sharedForm_isRefused_sinceItWouldNotHold(int level, TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, FenceForm.SHARED_LOCK);
        try (Connection connection = begin(database, Way.SHARED_LOCK)) {
            connection.setTransactionIsolation(level);

            SQLException refusal = assertThrows(SQLException.class, () -> orders.fence(connection, orders.term()));

            assertEquals("0A000", refusal.getSQLState(), refusal.getMessage());
            assertTrue(String.valueOf(refusal.getMessage()).contains("READ COMMITTED"), refusal::getMessage);
            connection.rollback();
        }
    }

    /** S1 again, with the takeover between the two statements of the shared form: it has to wait, and then to see it. */
    @Test
    void takeoverUnderWay_sharedForm_waits_andIsRefused(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, FenceForm.SHARED_LOCK);
        try (Connection successor = database.server().connectAsAdmin(database.name());
                Connection connection = begin(database, Way.SHARED_LOCK)) {
            successor.setAutoCommit(false);
            set(successor, "update pgleader.election set term = term + 1");
            CompletableFuture<Void> fenced = CompletableFuture.runAsync(() -> fence(orders, connection));
            awaitWaiting(database, connection, fenced);

            successor.commit();

            ExecutionException refused = assertThrows(ExecutionException.class, () -> fenced.get(30, TimeUnit.SECONDS));
            assertInstanceOf(LeadershipLostException.class, refused.getCause());
            connection.rollback();
        }
    }

    private static int changed(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static void fence(FencedElection election, Connection connection) {
        try {
            election.fence(connection, election.term());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // Surroundings

    @Test
    void autocommit_isRefused_sinceItWouldFenceNothing(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = database.dataSource().getConnection()) {
            IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> orders.fence(connection, orders.term()));

            assertTrue(String.valueOf(refusal.getMessage()).contains("setAutoCommit(false)"), refusal::toString);
        }
    }

    @Test
    void transactionThatStandsStill_isEndedByTheServer(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database, Way.READ_COMMITTED);
                Statement statement = connection.createStatement()) {
            statement.execute("select pgleader.fence('orders', " + orders.term() + ", '100 ms')");
            orders.expire();

            Waiting.until(Duration.ofSeconds(20), orders::trySucceed, () -> "a stalled fence has not given way");
        }
    }

    @Test
    void boundsOfTheFence_endWithTheTransaction_andStricterOnesStay(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database, Way.READ_COMMITTED)) {
            orders.fence(connection, orders.term());
            assertEquals("30s", idleTimeout(connection));

            connection.commit();
            assertEquals("0", idleTimeout(connection));

            set(connection, "set local idle_in_transaction_session_timeout = '7s'");
            orders.fence(connection, orders.term());
            assertEquals("7s", idleTimeout(connection));

            set(connection, "set local idle_in_transaction_session_timeout = '7min'");
            orders.fence(connection, orders.term());
            assertEquals("30s", idleTimeout(connection));
            connection.rollback();
        }
    }

    @ParameterizedTest
    @CsvSource({"100 years, 10min", "11 min, 10min", "9 min, 9min", ", 30s"})
    void boundThatTheCallerAsksFor_isCapped(@Nullable String atMost, String bound, TestDatabase database)
            throws Exception {
        FencedElection orders = FencedElection.held(database);
        String asked = atMost == null ? "null" : "'" + atMost + "'";
        try (Connection connection = begin(database, Way.READ_COMMITTED)) {
            set(connection, "select pgleader.fence('orders', " + orders.term() + ", " + asked + ")");
            assertEquals(bound, idleTimeout(connection));
            connection.rollback();

            set(connection, "select pgleader.fence_shared('orders', " + orders.term() + ", " + asked + ")");
            assertEquals(bound, idleTimeout(connection));
            connection.rollback();
        }
    }

    @Test
    void configuredTimeout_isTheBound(TestDatabase database) throws Exception {
        ElectionConfig config =
                ElectionConfig.builder().fenceTimeout(Duration.ofMillis(2_500)).build();
        FencedElection orders = FencedElection.held(database, config);
        try (Connection connection = begin(database, Way.READ_COMMITTED)) {
            orders.fence(connection, orders.term());

            assertEquals("2500ms", idleTimeout(connection));
            connection.rollback();
        }
    }

    @Test
    void boundsOfTheSharedForm_areThoseOfTheOther(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database, FenceForm.SHARED_LOCK);
        try (Connection connection = begin(database, Way.SHARED_LOCK)) {
            orders.fence(connection, orders.term());

            assertEquals("30s", idleTimeout(connection));
            connection.rollback();
        }
    }

    @Test
    void wholeTransaction_isBounded_whereTheServerCan(TestDatabase database) throws Exception {
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = begin(database, Way.READ_COMMITTED)) {
            orders.fence(connection, orders.term());

            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select current_setting('transaction_timeout', true),"
                            + " current_setting('server_version_num')::int >= 170000")) {
                rows.next();
                assertEquals(rows.getBoolean(2) ? "30s" : null, rows.getString(1));
            }
            connection.rollback();
        }
    }

    @Test
    void writer_withoutRightsOnTheTable_mayUseTheFence(TestDatabase database) throws Exception {
        database.execute("drop role if exists fenced_writer");
        database.execute("create role fenced_writer login password 'x'");
        Part.WRITER.grants("fenced_writer").forEach(database::execute);
        FencedElection orders = FencedElection.held(database);
        try (Connection connection = database.dataSource().getConnection("fenced_writer", "x")) {
            connection.setAutoCommit(false);

            orders.fence(connection, orders.term());
            connection.commit();

            assertThrows(SQLException.class, () -> count(connection, "select count(*) from pgleader.election"));
            connection.rollback();
        } finally {
            database.execute("drop owned by fenced_writer");
            database.execute("drop role fenced_writer");
        }
    }

    private static Connection begin(TestDatabase database, Way way) throws SQLException {
        database.execute("create table if not exists work (term bigint)");
        database.execute("grant all on work to " + database.username());
        Connection connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(way.level);
        return connection;
    }

    private static void write(Connection connection, long term) throws SQLException {
        set(connection, "insert into work values (" + term + ")");
    }

    private static void set(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String idleTimeout(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show idle_in_transaction_session_timeout")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
