package dev.pgleader.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@PostgresTest
class PostgresExtensionTest {

    private @Nullable TestDatabase before;

    @BeforeEach
    void setUp(TestDatabase database) {
        before = database;
    }

    @Test
    void setUpAndTest_share_oneDatabase(TestDatabase database) {
        assertSame(before, database);
    }

    @RepeatedTest(2)
    void everyTest_gets_freshDatabaseWithSchema(TestDatabase database) {
        assertEquals(0, database.queryOne(Integer.class, "select count(*)::int from pgleader.election"));
        assertEquals(Schema.VERSION, database.queryOne(Integer.class, "select pgleader.schema_version()"));

        database.execute("insert into pgleader.election (name) values (?)", "left behind");
    }

    @Test
    void withoutSchema_is_anotherDatabaseAndEmpty(TestDatabase database, @WithoutSchema TestDatabase empty) {
        assertNotEquals(database.name(), empty.name());
        assertEquals(
                0, empty.queryOne(Integer.class, "select count(*)::int from pg_namespace where nspname = 'pgleader'"));
    }

    @Test
    void dataSourceAndPool_connect_asOrdinaryOwner(TestDatabase database) throws SQLException {
        try (Connection plain = database.dataSource().getConnection();
                Connection pooled = database.hikari().getConnection()) {
            assertEquals(database.username(), plain.getMetaData().getUserName());
            assertEquals(database.username(), pooled.getMetaData().getUserName());
        }
        assertEquals(
                database.username(),
                database.queryOne(
                        String.class,
                        "select datdba::regrole::text from pg_database where datname = current_database()"));
    }

    @Test
    void server_has_theVersionItSays(PostgresServer server, TestDatabase database) {
        String version = database.queryOne(String.class, "show server_version");

        assertTrue(version.startsWith(Integer.toString(server.majorVersion())), version);
    }

    @Test
    void unknownChoiceOfServer_isRefused_withTheChoices() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> SharedServer.start("oracle"));

        assertTrue(String.valueOf(refusal.getMessage()).contains("testcontainers"), refusal.getMessage());
    }

    @Test
    void serverGivenByUrl_serves_sameDatabases(TestDatabase database) throws SQLException {
        String url = database.server().jdbcUrl("postgres") + "?user=postgres&password=" + EmbeddedServer.PASSWORD;

        try (PostgresServer given = SharedServer.start(url);
                TestDatabase other = given.createDatabase()) {
            assertEquals(Schema.VERSION, other.queryOne(Integer.class, "select pgleader.schema_version()"));
        }
    }
}
