package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import dev.pgleader.testing.WithoutSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@PostgresTest
class SchemaTest {

    /** What a schema's history says when all of it was migrated. */
    static final List<String> MIGRATED = IntStream.rangeClosed(1, Schema.VERSION)
            .mapToObj(version -> version + " SQL")
            .toList();

    private static final String WAITING_FOR_A_LOCK =
            """
            select count(*)::int from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'
            """;

    @Test
    void emptyDatabase_migrated_electionTableIsThere(@WithoutSchema TestDatabase database) {
        Schema.migrate(database.dataSource());

        assertEquals(0, database.queryOne(Integer.class, "select count(*)::int from pgleader.election"));
        assertEquals(Schema.VERSION, database.queryOne(Integer.class, "select pgleader.schema_version()"));
        assertEquals(MIGRATED, history(database, "pgleader"));
    }

    @Test
    void migratedDatabase_migratedAgain_isLeftAlone(TestDatabase database) {
        database.execute("insert into pgleader.election (name) values ('orders')");

        Schema.migrate(database.dataSource());

        assertEquals("orders", database.queryOne(String.class, "select name from pgleader.election"));
        assertEquals(MIGRATED, history(database, "pgleader"));
    }

    @Test
    void tenProcessesAtOnce_migrateEmptyDatabase_allSucceedAndOneMigrates(@WithoutSchema TestDatabase database)
            throws Exception {
        DataSource dataSource = database.dataSource();

        atOnce(10, () -> Schema.migrate(dataSource));

        assertEquals(Schema.VERSION, database.queryOne(Integer.class, "select pgleader.schema_version()"));
        assertEquals(MIGRATED, history(database, "pgleader"));
    }

    @Test
    void tenProcessesAtOnce_migrateScriptRunByHand_allSucceedAndOneTakesItOver(@WithoutSchema TestDatabase database)
            throws Exception {
        database.execute(Schema.script());
        DataSource dataSource = database.dataSource();
        database.execute("grant all on schema pgleader to " + database.username());

        atOnce(10, () -> Schema.migrate(dataSource));

        assertEquals(List.of(Schema.VERSION + " BASELINE"), history(database, "pgleader"));
    }

    @Test
    void schemaJustBeingCreatedByAnother_migrate_goesOnWithThat(@WithoutSchema TestDatabase database) throws Exception {
        DataSource dataSource = database.dataSource();
        try (Connection another = dataSource.getConnection();
                Statement statement = another.createStatement()) {
            another.setAutoCommit(false);
            statement.execute("create schema pgleader");
            CompletableFuture<Void> migration = CompletableFuture.runAsync(() -> Schema.migrate(dataSource));
            Waiting.until(
                    Duration.ofSeconds(10),
                    () -> database.queryOne(Integer.class, WAITING_FOR_A_LOCK) == 1,
                    () -> "the migration does not come to the schema");

            another.commit();

            migration.get(60, TimeUnit.SECONDS);
        }
        assertEquals(MIGRATED, history(database, "pgleader"));
    }

    @Test
    void poolOfTwo_migrates_andGetsItsConnectionsBackAsTheyWere(@WithoutSchema TestDatabase database)
            throws SQLException {
        DataSource pool = database.hikari(config -> config.setMaximumPoolSize(2));

        Schema.migrate(pool);

        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            assertEquals(List.of("\"$user\", public", "\"$user\", public"), List.of(path(first), path(second)));
        }
    }

    @Test
    void poolWithoutAutocommit_migrates_andCommits(@WithoutSchema TestDatabase database) {
        DataSource pool = database.hikari(config -> config.setAutoCommit(false));

        Schema.migrate(pool);

        assertEquals(Schema.VERSION, database.queryOne(Integer.class, "select pgleader.schema_version()"));
    }

    @Test
    void scriptRunByHand_migrated_isTakenOverAsItsVersion(@WithoutSchema TestDatabase database) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(Schema.script());
            statement.execute("insert into pgleader.election (name) values ('orders')");
        }

        Schema.migrate(database.dataSource());
        Schema.migrate(database.dataSource());

        assertEquals(List.of(Schema.VERSION + " BASELINE"), history(database, "pgleader"));
        assertEquals("orders", database.queryOne(String.class, "select name from pgleader.election"));
    }

    @Test
    void scriptRunByHand_searchPathOfTheSession_staysAsItWas(@WithoutSchema TestDatabase database) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = 'one', \"Two\"");

            statement.execute(Schema.script());

            assertEquals("one, \"Two\"", path(connection));
        }
    }

    @Test
    void schemaMadeByAnAdministrator_roleMayNotCreateSchemas_migrates(@WithoutSchema TestDatabase database) {
        database.execute("create schema elections authorization " + database.username());
        database.execute("alter database " + database.name() + " owner to current_user");

        Schema.migrate(database.dataSource(), "elections");

        assertEquals(MIGRATED, history(database, "elections"));
    }

    @Test
    void roleMayNotCreateSchemas_migrate_failsAndSaysWhy(@WithoutSchema TestDatabase database) {
        database.execute("alter database " + database.name() + " owner to current_user");
        DataSource dataSource = database.dataSource();

        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> Schema.migrate(dataSource));

        assertTrue(String.valueOf(failure.getMessage()).contains("permission denied"), failure.getMessage());
    }

    @Test
    void schemaOfSomethingElse_migrate_failsAndTouchesNothing(@WithoutSchema TestDatabase database) {
        database.execute("create schema taken authorization " + database.username());
        database.execute("create table taken.thing (id int)");
        DataSource dataSource = database.dataSource();

        assertThrows(IllegalStateException.class, () -> Schema.migrate(dataSource, "taken"));

        assertEquals(
                List.of("thing"),
                database.queryAll(
                        String.class,
                        "select relname from pg_class where relnamespace = 'taken'::regnamespace order by 1"));
    }

    private static List<String> history(TestDatabase database, String quotedSchema) {
        return database.queryAll(
                String.class,
                "select version || ' ' || type from " + quotedSchema
                        + ".flyway_schema_history where success order by installed_rank");
    }

    private static String path(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("show search_path")) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Runs the same thing on so many threads, none of which starts before all are there; fails if one of them does. */
    private static void atOnce(int threads, Runnable action) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier together = new CyclicBarrier(threads);
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(executor.submit(() -> {
                    together.await(30, TimeUnit.SECONDS);
                    action.run();
                    return true;
                }));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdown();
            assertTrue(executor.awaitTermination(60, TimeUnit.SECONDS));
        }
    }
}
