package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Data sources of every kind. Two connections are opened, and none is kept from the user's pool. */
@PostgresTest
class DataSourcesTest {

    private static final String OURS =
            "select count(*)::int from pg_stat_activity where datname = current_database() and usename = ?";

    @Test
    void simpleDataSource_elects_withTwoConnections(TestDatabase database) throws Exception {
        expectElection(database, database.dataSource());
    }

    @Test
    void hikariByUrl_elects_withTwoConnectionsPastThePool(TestDatabase database) throws Exception {
        HikariDataSource pool = database.hikari();

        expectElection(database, pool);

        expectUntouched(pool);
    }

    @Test
    void hikariByDataSourceClass_elects_withTwoConnectionsPastThePool(TestDatabase database) throws Exception {
        HikariConfig config = poolConfig(database);
        config.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
        config.addDataSourceProperty("url", database.jdbcUrl());
        try (HikariDataSource pool = new HikariDataSource(config)) {
            expectElection(database, pool);

            expectUntouched(pool);
        }
    }

    @Test
    void hikariByDataSourceClassAndHost_elects_withTwoConnectionsPastThePool(TestDatabase database) throws Exception {
        var real = database.dataSource();
        HikariConfig config = poolConfig(database);
        config.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
        config.addDataSourceProperty("serverName", real.getServerNames()[0]);
        config.addDataSourceProperty("portNumber", real.getPortNumbers()[0]);
        config.addDataSourceProperty("databaseName", database.name());
        config.addDataSourceProperty("password", database.password());
        config.addDataSourceProperty("user", database.username());
        config.setUsername(null);
        config.setPassword(null);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            expectElection(database, pool);

            expectUntouched(pool);
        }
    }

    @Test
    void hikariAroundDataSource_elects_withTwoConnectionsPastThePool(TestDatabase database) throws Exception {
        HikariConfig config = poolConfig(database);
        config.setDataSource(database.dataSource());
        try (HikariDataSource pool = new HikariDataSource(config)) {
            expectElection(database, pool);

            expectUntouched(pool);
        }
    }

    @Test
    void hikariWithUrlProperties_elects(TestDatabase database) throws Exception {
        HikariDataSource pool = database.hikari(config -> {
            config.addDataSourceProperty("ApplicationName", "orders service");
            config.setAutoCommit(false);
            config.setReadOnly(true);
            config.setConnectionInitSql("select 1");
        });

        expectElection(database, pool);
    }

    @Test
    void hikariBehindAWrapper_elects_withTwoConnectionsPastThePool(TestDatabase database) throws Exception {
        HikariDataSource pool = database.hikari();

        expectElection(database, forwarding(DataSource.class, pool));

        expectUntouched(pool);
    }

    @Test
    void wrapperWhoseConnectionsUnwrap_elects(TestDatabase database) throws Exception {
        DataSource real = database.dataSource();
        DataSource wrapper = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Object result = forward(real, method, arguments);
                    return result instanceof Connection connection ? forwarding(Connection.class, connection) : result;
                });

        expectElection(database, wrapper);
    }

    @Test
    void foreignDatabase_isUnsuitable_andItsConnectionsAreGivenBack(TestDatabase database) throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        DataSource foreign = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        asked.incrementAndGet();
                        open.incrementAndGet();
                        return foreignConnection(open);
                    }
                    if (method.getName().equals("unwrap")) {
                        throw new SQLException("wraps nothing");
                    }
                    return method.getReturnType() == boolean.class ? (Object) false : null;
                });
        RecordedWork work = RecordedWork.staying();
        try (CapturedLog log = CapturedLog.start();
                Elections elections = Elections.connect(foreign, Settings.calm().build())) {
            Leader leader = elections.run("orders", "a:1", work);

            Eventually.holds("the problem is told", () -> leader.problem()
                    .filter(problem -> problem.kind() == Problem.Kind.UNSUITABLE)
                    .isPresent());

            Eventually.holds("it is tried again", () -> asked.get() > 2);
            assertEquals(1, log.warnings().size(), log::text);
            assertEquals(0, work.calls());
            assertEquals(ProcessState.FOLLOWING, leader.state());
        }
        Eventually.holds("every connection was closed", () -> open.get() == 0);
    }

    @Test
    void poolOfOneThatIsBorrowed_hinders_noElection(TestDatabase database) throws Exception {
        HikariDataSource pool = database.hikari(config -> config.setMaximumPoolSize(1));
        RecordedWork work = RecordedWork.staying();
        try (Connection borrowed = pool.getConnection();
                Elections elections = Elections.connect(pool, Settings.calm().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();

            assertEquals("a:1", leader.address());
            assertTrue(leader.resign());
            assertTrue(work.next().term() > leadership.term());
            assertTrue(borrowed.isValid(5));
        }
    }

    @Test
    void poolClosed_leadership_goesOn(TestDatabase database) throws Exception {
        HikariDataSource pool = database.hikari();
        RecordedWork work = RecordedWork.staying();
        ElectionRow row = new ElectionRow(database, "orders");
        try (Elections elections = Elections.connect(pool, Settings.calm().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();

            pool.close();

            long beat = row.beat();
            Eventually.holds("heartbeats go on", () -> row.beat() > beat + 1);
            assertTrue(leadership.isHeld());
            assertEquals("a:1", leader.address());
            assertEquals(leadership.term(), row.term());
        }
    }

    @Test
    void otherPool_getsItsConnectionsBack_asTheyWere(TestDatabase database) throws Exception {
        String state =
                """
                select current_setting('statement_timeout') || current_setting('lock_timeout')
                    || current_setting('idle_session_timeout', true) || current_setting('synchronous_commit')
                    || current_setting('default_transaction_isolation') || current_setting('application_name')
                    || (select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory')
                    || (select count(*) from pg_listening_channels())
                """;
        RecordedWork work = RecordedWork.staying();
        HikariDataSource inner = database.hikari(config -> config.setMaximumPoolSize(2));
        try (Connection fresh = database.dataSource().getConnection()) {
            String expected = ask(fresh, state);
            DataSource hidden = HiddenPool.over(inner);
            try (Elections elections = Elections.connect(hidden, Settings.calm().build())) {
                elections.run("orders", "a:1", work);
                work.next();
            }

            try (Connection first = inner.getConnection();
                    Connection second = inner.getConnection()) {
                assertEquals(expected, ask(first, state));
                assertEquals(expected, ask(second, state));
            }
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void expectElection(TestDatabase database, DataSource dataSource) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = Elections.connect(dataSource, Settings.calm().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();

            assertTrue(leadership.isHeld());
            assertEquals("a:1", leader.address());
            Eventually.holds("two connections", () -> database.queryOne(Integer.class, OURS, database.username()) == 2);
            assertTrue(leader.resign());
            assertTrue(work.next().term() > leadership.term());
            if (dataSource instanceof HikariDataSource pool) {
                expectUntouched(pool);
            }
        }
    }

    private static void expectUntouched(HikariDataSource pool) {
        var bean = pool.getHikariPoolMXBean();
        assertTrue(bean == null || bean.getActiveConnections() == 0, () -> bean.getActiveConnections() + " active");
    }

    private static HikariConfig poolConfig(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        return config;
    }

    private static <T> T forwarding(Class<T> type, Object real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> forward(real, method, arguments)));
    }

    private static Object forward(Object real, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Connection foreignConnection(AtomicInteger open) {
        AtomicBoolean closed = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "close", "abort" -> open.addAndGet(closed.getAndSet(true) ? 0 : -1);
                        case "unwrap" -> throw new SQLException("not PostgreSQL's");
                        default -> {}
                    }
                    return method.getReturnType() == boolean.class ? (Object) false : null;
                });
    }
}
