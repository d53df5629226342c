package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.PrimaryAndStandby;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import dev.pgleader.testing.WithoutSchema;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
    void noRightToWrite_isSaidToCandidates_andNotToObservers(TestDatabase database) throws Exception {
        database.execute("alter table pgleader.election owner to postgres");
        database.execute("alter table pgleader.session owner to postgres");
        database.execute("grant select on pgleader.election, pgleader.session to " + database.username());

        try (Session session = new PostgresDatabase(database.dataSource(), CONFIG).openSession(Guard.NONE)) {
            assertEquals(Map.of(), session.watch(List.of("orders")).rows());

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "election disable trigger note_change",
                "election enable trigger removal_respects_fences",
                "election enable replica trigger remember_change",
                "resignation disable trigger note_request",
                "election disable trigger all"
            })
    void triggerThatDoesNotFireAlways_isRefused_sinceOtherHandsCouldPassIt(String change, TestDatabase database) {
        database.execute("alter table pgleader." + change);

        int flaws = 0;
        while (!serves(database)) {
            Problem problem = assertRefused(Problem.Kind.SCHEMA_UNSOUND, database.dataSource());
            assertTrue(problem.message().contains("does not fire always"), problem::message);
            database.execute(repairOf(problem));
            flaws++;
        }

        assertEquals(change.endsWith("all") ? 7 : 1, flaws);
    }

    @Test
    void rowsThatRowSecurityMayHide_areRefused_sinceNobodyWouldSeemToLead(TestDatabase database) {
        for (String table : List.of("election", "session")) {
            database.execute("alter table pgleader." + table + " enable row level security");
            database.execute("alter table pgleader." + table + " force row level security");

            Problem problem = assertRefused(Problem.Kind.SCHEMA_UNSOUND, database.dataSource());

            assertTrue(problem.message().contains("table " + table), problem::message);
            database.execute("alter table pgleader." + table + " disable row level security");
        }
        assertServes(database);
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "server", "disturbed", "term_history"})
    void tableThatIsNoPermanentOne_isRefused(String table, TestDatabase database) {
        database.execute("alter table pgleader." + table + " set unlogged");

        Problem problem = assertRefused(Problem.Kind.SCHEMA_UNSOUND, database.dataSource());

        database.execute(repairOf(problem));
        assertServes(database);
    }

    @Test
    void serverThatDoesNotTellItsTimeline_servesAsAnyOther(TestDatabase database) throws Exception {
        database.execute("revoke execute on function pg_current_wal_insert_lsn(), pg_control_system() from public");
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), CONFIG)) {
            Server server = mine.session.server();
            assertEquals(new Server(0, 0, server.startedAtMicros()), server);
            int id = mine.enter();
            Held held = mine.elect(id, new UUID(0, 1), "orders");
            assertEquals(1, held.term() / 1_000_000_000_000L, held::toString);

            mine.session.vacate(List.of(SessionUnderTest.resigned(held)));
            int otherId;
            try (SessionUnderTest other = SessionUnderTest.open(database.dataSource(), CONFIG)) {
                otherId = other.enter();
                assertEquals(
                        Set.of("orders"),
                        other.bid(otherId, new UUID(0, 2), "orders").won().keySet());
            }
            database.execute(
                    "update pgleader.session set xact = pg_current_xact_id(), expires_at = clock_timestamp() where id"
                            + " = ?",
                    otherId);

            Waiting.until(
                    Duration.ofSeconds(10),
                    () -> !mine.bid(id, new UUID(0, 1), "orders").won().isEmpty(),
                    () -> "a lock that came free proves nothing here");
        } finally {
            database.execute("grant execute on function pg_current_wal_insert_lsn(), pg_control_system() to public");
        }
    }

    private static boolean serves(TestDatabase database) {
        try (Session session = new PostgresDatabase(database.dataSource(), CONFIG).openSession(Guard.NONE)) {
            return session.server().startedAtMicros() > 0;
        } catch (SessionException refused) {
            return false;
        }
    }

    /** Returns the statement that the remedy ends in. */
    private static String repairOf(Problem problem) {
        return problem.remedy().substring(problem.remedy().indexOf("alter table"));
    }

    private static void assertServes(TestDatabase database) {
        try (Session session = new PostgresDatabase(database.dataSource(), CONFIG).openSession(Guard.NONE)) {
            assertEquals(Map.of(), session.look(List.of("orders")).rows());
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
            assertEquals(Map.of(), session.look(List.of("orders")).rows());
            assertEquals(1, pool.getHikariPoolMXBean().getTotalConnections());
            assertTrue(only.isValid(1));
        }
    }

    /** A listener reads no table, so it does not mind what is the matter with one. */
    private static Problem assertRefused(Problem.Kind kind, DataSource dataSource) {
        PostgresDatabase database = new PostgresDatabase(dataSource, CONFIG);

        SessionException session = assertThrows(
                SessionException.class, () -> database.openSession(Guard.NONE).close());

        assertEquals(kind, session.problem().kind(), session.getMessage());
        if (kind != Problem.Kind.SCHEMA_UNSOUND) {
            SessionException listener = assertThrows(SessionException.class, () -> database.openListener(Guard.NONE)
                    .close());
            assertEquals(kind, listener.problem().kind(), listener.getMessage());
        }
        return session.problem();
    }
}
