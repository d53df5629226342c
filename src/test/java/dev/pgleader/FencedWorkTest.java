package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** {@link Leadership#inTransaction}: what becomes of the work, and of the connection that it was lent. */
@PostgresTest
class FencedWorkTest {

    /** Where the connection comes from. */
    enum Source {
        DRIVER {
            @Override
            DataSource in(TestDatabase database) {
                return database.dataSource();
            }
        },
        /** One connection, so that one which is not given back is missed. */
        POOL {
            @Override
            DataSource in(TestDatabase database) {
                return database.hikari(config -> config.setMaximumPoolSize(1));
            }
        },
        POOL_WITHOUT_AUTOCOMMIT {
            @Override
            DataSource in(TestDatabase database) {
                return database.hikari(config -> {
                    config.setMaximumPoolSize(1);
                    config.setAutoCommit(false);
                });
            }
        };

        abstract DataSource in(TestDatabase database);
    }

    @BeforeEach
    void createTable(TestDatabase database) {
        database.execute("create table work (item text unique deferrable initially deferred)");
        database.execute("grant all on work to " + database.username());
    }

    // The work is done

    @ParameterizedTest
    @EnumSource(Source.class)
    void workReturns_isCommitted_andItsResultReturned(Source source, TestDatabase database) throws Exception {
        DataSource dataSource = source.in(database);
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);

            String result = leadership.inTransactionResult(dataSource, connection -> {
                write(connection, "one");
                return "done";
            });
            leadership.inTransaction(dataSource, connection -> write(connection, "two"));

            assertEquals("done", result);
            assertEquals(2, written(database));
        }
    }

    @ParameterizedTest
    @EnumSource(FenceForm.class)
    void whileTheWorkRuns_theTermCannotBeTaken(FenceForm form, TestDatabase database) throws Exception {
        ElectionConfig config = Settings.calm().fenceForm(form).build();
        try (Elections elections = Elections.connect(database.dataSource(), config)) {
            Leadership leadership = lead(elections);

            leadership.inTransaction(database.dataSource(), connection -> {
                write(connection, "one");
                assertFalse(canTake(database));
            });

            assertTrue(canTake(database));
        }
    }

    @Test
    void callInsideAnother_isATransactionOfItsOwn(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);

            assertThrows(
                    IOException.class,
                    () -> leadership.inTransaction(database.dataSource(), outer -> {
                        write(outer, "outer");
                        leadership.inTransaction(database.dataSource(), inner -> write(inner, "inner"));
                        throw new IOException("planted");
                    }));

            assertEquals("inner", database.queryOne(String.class, "select item from work"));
        }
    }

    @Test
    void savepointsOfTheWork_areItsOwn(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            lead(elections).inTransaction(database.dataSource(), connection -> {
                write(connection, "kept");
                var savepoint = connection.setSavepoint();
                write(connection, "undone");
                connection.rollback(savepoint);
            });

            assertEquals("kept", database.queryOne(String.class, "select item from work"));
        }
    }

    // The work fails

    @ParameterizedTest
    @EnumSource(Source.class)
    void workThrows_isRolledBack_andTheConnectionGoesBackAsItCame(Source source, TestDatabase database)
            throws Exception {
        DataSource dataSource = source.in(database);
        boolean autoCommit = autoCommit(dataSource);
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);
            IOException planted = new IOException("planted");

            IOException thrown = assertThrows(
                    IOException.class,
                    () -> leadership.inTransaction(dataSource, connection -> {
                        write(connection, "one");
                        throw planted;
                    }));

            assertSame(planted, thrown);
            assertEquals(0, written(database));
            assertEquals(autoCommit, autoCommit(dataSource));
            leadership.inTransaction(dataSource, connection -> write(connection, "two"));
            assertEquals(autoCommit, autoCommit(dataSource));
        }
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void commitFails_itsErrorIsThrown_andNothingIsWritten(Source source, TestDatabase database) throws Exception {
        DataSource dataSource = source.in(database);
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);

            SQLException failed = assertThrows(
                    SQLException.class,
                    () -> leadership.inTransaction(dataSource, connection -> {
                        write(connection, "twice");
                        write(connection, "twice");
                    }));

            assertEquals("23505", failed.getSQLState());
            assertEquals(0, written(database));
            leadership.inTransaction(dataSource, connection -> write(connection, "once"));
        }
    }

    /** The driver would commit such a transaction without a word, and the server roll it back. */
    @ParameterizedTest
    @EnumSource(Source.class)
    void errorThatTheWorkSwallows_isThrownAtTheEnd(Source source, TestDatabase database) throws Exception {
        DataSource dataSource = source.in(database);
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);

            SQLException failed = assertThrows(
                    SQLException.class,
                    () -> leadership.inTransaction(dataSource, connection -> {
                        write(connection, "one");
                        assertThrows(SQLException.class, () -> set(connection, "select 1/0"));
                    }));

            assertEquals("25P02", failed.getSQLState());
            assertTrue(String.valueOf(failed.getCause()).contains("division by zero"), failed::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void connectionLostInTheWork_isNotLentAgain(Source source, TestDatabase database) throws Exception {
        DataSource dataSource = source.in(database);
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);

            assertThrows(
                    SQLException.class,
                    () -> leadership.inTransaction(
                            dataSource,
                            connection -> set(connection, "select pg_terminate_backend(pg_backend_pid())")));

            leadership.inTransaction(dataSource, connection -> write(connection, "one"));
            assertEquals(1, written(database));
        }
    }

    @Test
    void connectionThatCannotRollBack_isAborted(TestDatabase database) throws Exception {
        FaultyConnections faulty = new FaultyConnections(database.dataSource(), "rollback");
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);

            IOException thrown = assertThrows(
                    IOException.class,
                    () -> leadership.inTransaction(faulty, connection -> {
                        throw new IOException("planted");
                    }));

            assertEquals(1, thrown.getSuppressed().length);
            assertTrue(faulty.lent().isClosed());
            assertTrue(faulty.calls().contains("abort"), () -> faulty.calls().toString());
        }
    }

    @Test
    void connectionThatCannotBeRestored_isAborted_butTheWorkIsDone(TestDatabase database) throws Exception {
        FaultyConnections faulty = new FaultyConnections(database.dataSource(), "setAutoCommit(true)", "close");
        try (Elections elections = connect(database)) {
            lead(elections).inTransaction(faulty, connection -> write(connection, "one"));

            assertEquals(1, written(database));
            assertTrue(faulty.calls().contains("abort"), () -> faulty.calls().toString());
        }
    }

    // The leadership is lost

    @ParameterizedTest
    @EnumSource(Source.class)
    void succeeded_theWorkIsNotEvenBegun(Source source, TestDatabase database) throws Exception {
        DataSource dataSource = source.in(database);
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);
            database.execute("update pgleader.election set term = term + 1");

            LeadershipLostException lost = assertThrows(
                    LeadershipLostException.class,
                    () -> leadership.inTransaction(dataSource, connection -> write(connection, "one")));

            assertEquals(leadership.term(), lost.term());
            assertEquals(0, written(database));
            assertEquals(source != Source.POOL_WITHOUT_AUTOCOMMIT, autoCommit(dataSource));
        }
    }

    @Test
    void resigned_noConnectionIsBorrowed(TestDatabase database) throws Exception {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            leader.resign();

            assertThrows(LeadershipLostException.class, () -> leadership.inTransaction(nowhere, connection -> {}));
        }
    }

    @Test
    void refusedByTheGuard_isALostLeadership(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);
            guard(database, "orders");

            LeadershipLostException lost = assertThrows(
                    LeadershipLostException.class,
                    () -> leadership.inTransaction(database.dataSource(), connection -> {
                        write(connection, "one");
                        vacate(database);
                        write(connection, "two");
                    }));

            assertEquals(leadership.term(), lost.term());
            assertEquals(0, written(database));
        }
    }

    @Test
    void refusalThatTheWorkSwallows_isALostLeadershipAllTheSame(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);
            guard(database, "orders");

            assertThrows(
                    LeadershipLostException.class,
                    () -> leadership.inTransaction(database.dataSource(), connection -> {
                        vacate(database);
                        assertThrows(SQLException.class, () -> write(connection, "one"));
                    }));

            assertEquals(0, written(database));
        }
    }

    @Test
    void termOfAnotherElectionThatIsOver_isNoLossOfThisOne(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);

            SQLException refused = assertThrows(
                    SQLException.class,
                    () -> leadership.inTransaction(
                            database.dataSource(),
                            connection -> set(connection, "select pgleader.fence('7@billing')")));

            assertEquals("PGL01", refused.getSQLState());
        }
    }

    // The connection

    @Test
    void transactionAlreadyOpen_isRefused_sinceTheFenceWouldComeTooLate(TestDatabase database) throws Exception {
        try (Elections elections = connect(database);
                Connection shared = database.dataSource().getConnection()) {
            shared.setAutoCommit(false);
            write(shared, "before");
            Leadership leadership = lead(elections);

            assertThrows(
                    IllegalStateException.class,
                    () -> leadership.inTransaction(new FaultyConnections(shared, "close"), connection -> {}));

            shared.rollback();
        }
    }

    private record Kept(Connection connection, Statement statement, ResultSet rows) {}

    @Test
    void afterTheWork_nothingThatItHadDoesAnything(TestDatabase database) throws Exception {
        FaultyConnections neverClosed = new FaultyConnections(database.dataSource(), "close");
        try (Elections elections = connect(database)) {
            Kept kept = lead(elections)
                    .inTransactionResult(
                            neverClosed,
                            connection -> new Kept(
                                    connection,
                                    connection.createStatement(),
                                    connection.createStatement().executeQuery("select 1")));

            try (Connection real = neverClosed.lent()) {
                assertTrue(real.isValid(1));
                assertThrows(SQLException.class, () -> kept.connection.createStatement());
                assertThrows(SQLException.class, () -> kept.statement.execute("select 1"));
                assertThrows(SQLException.class, () -> kept.rows.next());
                assertTrue(kept.connection.isClosed());
                assertFalse(kept.connection.isValid(1));
                assertTrue(kept.statement.isClosed());
            }
        }
    }

    @Test
    void statementsConnection_isTheViewItself(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            lead(elections).inTransaction(database.dataSource(), connection -> {
                try (Statement statement = connection.createStatement()) {
                    assertSame(connection, statement.getConnection());
                    assertSame(connection, connection.getMetaData().getConnection());
                    assertEquals(connection, connection);
                    assertFalse(connection.isWrapperFor(Connection.class));
                    assertNull(connection.getWarnings());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void transactionEndedBySql_isNoticed_andNothingMoreIsDone(Source source, TestDatabase database) throws Exception {
        DataSource dataSource = source.in(database);
        try (Elections elections = connect(database)) {
            Leadership leadership = lead(elections);

            SQLException failed = assertThrows(
                    SQLException.class,
                    () -> leadership.inTransaction(dataSource, connection -> {
                        assertThrows(SQLException.class, () -> set(connection, "commit"));
                        assertThrows(SQLException.class, () -> write(connection, "unfenced"));
                    }));

            assertEquals("25000", failed.getSQLState());
            assertEquals(0, written(database));
        }
    }

    /** What would end the transaction, or outlive it. */
    static Stream<Named<FencedWork<SQLException>>> waysOut() {
        return Stream.of(
                Named.of("commit", Connection::commit),
                Named.of("rollback", Connection::rollback),
                Named.of("close", Connection::close),
                Named.of("abort", connection -> connection.abort(Runnable::run)),
                Named.of("autocommit", connection -> connection.setAutoCommit(true)),
                Named.of(
                        "isolation",
                        connection -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE)),
                Named.of("read only", connection -> connection.setReadOnly(true)),
                Named.of("unwrap", connection -> connection.unwrap(Connection.class)),
                Named.of(
                        "unwrap a statement",
                        connection -> connection.createStatement().unwrap(Statement.class)));
    }

    @ParameterizedTest
    @MethodSource("waysOut")
    void wayOutOfTheTransaction_isRefused_andTheTransactionGoesOn(
            FencedWork<SQLException> wayOut, TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            lead(elections).inTransaction(database.dataSource(), connection -> {
                SQLException refusal = assertThrows(SQLException.class, () -> wayOut.run(connection));
                assertTrue(String.valueOf(refusal.getMessage()).contains("fenced work may not"), refusal::getMessage);
                write(connection, "one");
            });

            assertEquals(1, written(database));
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    private static Leadership lead(Elections elections) throws InterruptedException {
        RecordedWork work = RecordedWork.staying();
        elections.run("orders", "a:1", work);
        return work.next();
    }

    private static void guard(TestDatabase database, String election) {
        database.execute(
                "create trigger guard before insert on work execute function pgleader.guard('" + election + "')");
    }

    /** Somebody else ends the term without a successor: a fence does not keep that out. */
    private static void vacate(TestDatabase database) {
        database.execute(ElectionRow.EMPTY);
    }

    /** Tries what every taker does, without waiting, and undoes it. */
    private static boolean canTake(TestDatabase database) throws SQLException {
        try (Connection somebody = database.server().connectAsAdmin(database.name());
                Statement statement = somebody.createStatement()) {
            somebody.setAutoCommit(false);
            statement.execute("set local lock_timeout = '50ms'");
            int taken = statement.executeUpdate("update pgleader.election set term = term + 1");
            somebody.rollback();
            return taken == 1;
        } catch (SQLException refused) {
            assertEquals("55P03", refused.getSQLState());
            return false;
        }
    }

    private static boolean autoCommit(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return connection.getAutoCommit();
        }
    }

    private static void write(Connection connection, String item) throws SQLException {
        set(connection, "insert into work values ('" + item + "')");
    }

    private static void set(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long written(TestDatabase database) {
        return database.queryOne(Long.class, "select count(*) from work");
    }
}
