package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.PrimaryAndStandby;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.WithoutSchema;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Why a session cannot be opened, in words that say what to do; and that nothing is left open then. */
@PostgresTest
class JdbcOpeningTest {

    private static final ElectionConfig CONFIG =
            ElectionConfig.builder().connectTimeout(Duration.ofSeconds(1)).build();

    @Test
    void schemaNotThere_isSaid(@WithoutSchema TestDatabase empty) {
        assertRefused(Problem.Kind.SCHEMA_MISSING, empty.dataSource());
    }

    @Test
    void noRightsOnTheSchema_isSaid(TestDatabase database) {
        database.execute("alter schema pgleader owner to postgres");
        database.execute("revoke all on schema pgleader from public, " + database.username());

        assertRefused(Problem.Kind.NO_RIGHTS, database.dataSource());
    }

    @Test
    void noRightToWrite_isSaidToWhoeverStands_andNotToWhoeverWatches(TestDatabase database) throws Exception {
        database.execute("alter table pgleader.election owner to postgres");
        database.execute("grant select on pgleader.election to " + database.username());

        try (Session session = new PostgresDatabase(database.dataSource(), CONFIG).openSession(Guard.NONE)) {
            assertEquals(Map.of(), session.watch(List.of("orders")));

            SessionException refused = assertThrows(SessionException.class, session::requireRightToStand);
            assertEquals(Problem.Kind.NO_RIGHTS, refused.problem().kind(), refused.getMessage());
        }
    }

    @Test
    void unloggedTable_isRefused_sinceACrashWouldEmptyIt(TestDatabase database) {
        database.execute("alter table pgleader.election set unlogged");

        Problem problem = assertRefused(Problem.Kind.SCHEMA_UNSOUND, database.dataSource());

        database.execute(repairOf(problem));
        assertServes(database);
    }

    @Test
    void tableWithoutItsFenceKey_isRefused_sinceTheFenceWouldKeepNobodyOut(TestDatabase database) {
        database.execute("alter table pgleader.election drop constraint election_name_term_key");
        database.execute("create unique index on pgleader.election (name, term) where term > 0");
        database.execute("create index on pgleader.election (name, term)");

        Problem problem = assertRefused(Problem.Kind.SCHEMA_UNSOUND, database.dataSource());

        assertTrue(problem.message().contains("(name, term)"), problem::message);
        database.execute(repairOf(problem));
        assertServes(database);
    }

    @Test
    void tableWithoutItsPrimaryKey_isRefused_sinceAnElectionCouldHaveTwoRows(TestDatabase database) {
        database.execute("alter table pgleader.election drop constraint election_pkey");

        Problem problem = assertRefused(Problem.Kind.SCHEMA_UNSOUND, database.dataSource());

        database.execute(repairOf(problem));
        assertServes(database);
    }

    /** Returns the statement that the remedy ends in. */
    private static String repairOf(Problem problem) {
        return problem.remedy().substring(problem.remedy().indexOf("alter table"));
    }

    private static void assertServes(TestDatabase database) {
        try (Session session = new PostgresDatabase(database.dataSource(), CONFIG).openSession(Guard.NONE)) {
            assertEquals(Map.of(), session.look(List.of("orders")));
        } catch (Exception refused) {
            throw new AssertionError("still refused", refused);
        }
    }

    @Test
    void databaseNotThere_isSaid(TestDatabase database) {
        PGSimpleDataSource elsewhere = database.dataSource();
        elsewhere.setDatabaseName("nosuch");

        assertRefused(Problem.Kind.DATABASE_MISSING, elsewhere);
    }

    @Test
    void roleNotThere_isSaid(TestDatabase database) {
        PGSimpleDataSource unknown = database.dataSource();
        unknown.setUser("nobody");

        assertRefused(Problem.Kind.NOT_AUTHORIZED, unknown);
    }

    @Test
    void noConnectionLeft_isSaid(TestDatabase database) {
        database.execute("alter database " + database.name() + " connection limit 0");

        assertRefused(Problem.Kind.TOO_MANY_CONNECTIONS, database.dataSource());
    }

    @Test
    void nobodyListens_isSaid(TestDatabase database) throws Exception {
        PGSimpleDataSource elsewhere = database.dataSource();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            elsewhere.setPortNumbers(new int[] {free.getLocalPort()});
        }

        assertRefused(Problem.Kind.UNREACHABLE, elsewhere);
    }

    @Test
    void serverThatAcceptsAndSaysNothing_isGivenUpSoon(TestDatabase database) throws Exception {
        PGSimpleDataSource elsewhere = database.dataSource();
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            elsewhere.setPortNumbers(new int[] {mute.getLocalPort()});
            long start = System.nanoTime();

            assertRefused(Problem.Kind.UNREACHABLE, elsewhere);

            long waited = System.nanoTime() - start;
            assertTrue(waited < Duration.ofSeconds(10).toNanos(), () -> "waited " + waited + " ns");
        }
    }

    @Test
    void standby_isRefused() {
        try (PrimaryAndStandby servers = PrimaryAndStandby.start()) {
            TestDatabase database = servers.primary().createDatabase();
            servers.awaitReplication();
            PGSimpleDataSource standby = database.dataSource();
            standby.setPortNumbers(new int[] {servers.standby().port()});

            assertRefused(Problem.Kind.IN_RECOVERY, standby);

            database.close();
        }
    }

    @Test
    void pool_keepsAllItsConnections(TestDatabase database) throws Exception {
        HikariDataSource pool = database.hikari(config -> {
            config.setMaximumPoolSize(1);
            config.setConnectionTimeout(250);
        });

        try (Connection only = pool.getConnection();
                Session session = new PostgresDatabase(pool, CONFIG).openSession(Guard.NONE)) {
            assertEquals(Map.of(), session.look(List.of("orders")));
            assertEquals(1, pool.getHikariPoolMXBean().getTotalConnections());
            assertTrue(only.isValid(1));
        }
    }

    private static Problem assertRefused(Problem.Kind kind, DataSource dataSource) {
        PostgresDatabase database = new PostgresDatabase(dataSource, CONFIG);

        SessionException session = assertThrows(
                SessionException.class, () -> database.openSession(Guard.NONE).close());
        SessionException listener = assertThrows(
                SessionException.class, () -> database.openListener(Guard.NONE).close());

        assertEquals(kind, session.problem().kind(), session.getMessage());
        assertEquals(kind, listener.problem().kind(), listener.getMessage());
        return session.problem();
    }
}
