package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.SqlSession;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.WithoutSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** What the migration leaves behind: whom it gives what, which triggers hold, and what it knows of the server. */
@PostgresTest
class SchemaContentTest {

    private static final String OPEN_TO_ALL =
            """
            select proname::text from pg_proc
             where pronamespace = 'pgleader'::regnamespace and has_function_privilege('public', oid, 'execute')
             order by 1
            """;

    private static final String SERVER = "select concat_ws(' ', coalesce(system_identifier::text, 'unknown'),"
            + " coalesce(timeline::text, 'unknown'), front, since) from pgleader.server";

    private static String space(TestDatabase database, String schema) {
        return database.queryOne(String.class, "select \"" + schema + "\".lock_space()::text");
    }

    // Rights

    @Test
    void functionsThatAct_areForNobodyUntilGranted(TestDatabase database) {
        assertEquals(List.of("lock_space", "schema_version"), database.queryAll(String.class, OPEN_TO_ALL));
    }

    @Test
    void hardenedDefaultPrivileges_changeNothing(@WithoutSchema TestDatabase database) {
        database.execute("alter default privileges for role " + database.username()
                + " revoke execute on functions from public");

        Schema.migrate(database.dataSource());

        assertEquals(List.of("lock_space", "schema_version"), database.queryAll(String.class, OPEN_TO_ALL));
    }

    @Test
    void publicHasNoRightToAnyTable(TestDatabase database) {
        assertEquals(
                0,
                database.queryOne(
                        Long.class,
                        "select count(*) from pg_class, aclexplode(relacl) as a"
                                + " where relnamespace = 'pgleader'::regnamespace and a.grantee = 0"));
    }

    @Test
    void functionsThatRunAsTheirOwner_haveAPinnedSearchPath(TestDatabase database) {
        assertEquals(
                List.of("{\"search_path=pg_catalog, pg_temp\"}"),
                database.queryAll(
                        String.class,
                        "select distinct coalesce(proconfig::text, proname) from pg_proc"
                                + " where pronamespace = 'pgleader'::regnamespace and prosecdef"));
    }

    // Triggers

    @Test
    void everyTrigger_isEnabledAlways(TestDatabase database) {
        assertEquals(
                List.of(
                        "disturbed.note_loss A",
                        "election.note_change A",
                        "election.note_removal A",
                        "election.note_truncation A",
                        "election.remember_change A",
                        "election.remember_removal A",
                        "election.removal_respects_fences A",
                        "election.term_respects_fences A",
                        "resignation.note_request A"),
                database.queryAll(
                        String.class,
                        "select c.relname || '.' || t.tgname || ' ' || t.tgenabled::text"
                                + " from pg_trigger as t join pg_class as c on c.oid = t.tgrelid"
                                + " where c.relnamespace = 'pgleader'::regnamespace and not t.tgisinternal order by 1"));
    }

    /** A term is refused where it repeats, rather than left out in silence. */
    @Test
    void termsAreRemembered_withoutAConflictClause() {
        String script = Schema.script();
        String remember = script.substring(script.indexOf("remember constant text"), script.indexOf("remember_term()"));

        assertTrue(remember.contains("insert into %1$I.term_history"), remember);
        assertTrue(!remember.contains("on conflict"), remember);
    }

    /** What a heartbeat changes stays on its page. */
    @Test
    void sessionsHaveNoIndex_butTheirKey(TestDatabase database) {
        assertEquals(
                List.of("session_pkey"),
                database.queryAll(String.class, "select indexname::text from pg_indexes where tablename = 'session'"));
    }

    // The server

    @Test
    void migration_writesItsServerDown_asOld(TestDatabase database) {
        assertEquals(
                database.queryOne(
                        String.class,
                        "select (pg_control_system()).system_identifier || ' ' || t || ' ' || t || ' -infinity'"
                                + " from (select ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))"
                                + "::bit(32)::integer) as s(t)"),
                database.queryOne(String.class, SERVER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_walfile_name(pg_lsn)",
                "pg_current_wal_insert_lsn()",
                "pg_control_system()",
                "pg_control_system(), pg_walfile_name(pg_lsn), pg_current_wal_insert_lsn()"
            })
    void serverThatRefusesToTell_isMigratedAllTheSame(String functions, @WithoutSchema TestDatabase database) {
        database.execute("revoke execute on function " + functions + " from public");

        Schema.migrate(database.dataSource());

        String server = database.queryOne(String.class, SERVER);
        assertEquals(functions.contains("system"), server.startsWith("unknown "), server);
        assertEquals(functions.contains("wal"), server.contains(" unknown 1 "), server);
        assertTrue(server.endsWith(" -infinity"), server);
    }

    @Test
    void serverHasOneRow(TestDatabase database) {
        for (String one : List.of("true", "false", "null")) {
            assertThrows(
                    IllegalStateException.class,
                    () -> database.execute(
                            "insert into pgleader.server (one, front, since) values (" + one + ", 1, now())"),
                    one);
        }
    }

    // Locks and announcements

    @Test
    void lockSpace_isThatOfTheSchemasName_howeverOftenItIsCreated(@WithoutSchema TestDatabase database) {
        Schema.migrate(database.dataSource());
        String before = space(database, "pgleader");
        database.execute("drop schema pgleader cascade");
        database.execute(Schema.script());
        Schema.migrate(database.dataSource(), "Äöü");

        assertEquals("1727867627", before);
        assertEquals(before, space(database, "pgleader"));
        assertEquals("-953733868", space(database, "Äöü"));
        assertNotEquals(before, space(database, "Äöü"));
    }

    @Test
    void request_isAnnouncedOnTheSchemasChannel(TestDatabase database) throws SQLException {
        SqlSession.register(database, "orders");
        assertTrue(SqlSession.in(database, "a:1").take("orders"));
        try (Connection connection = database.server().connectAsAdmin(database.name());
                Statement statement = connection.createStatement()) {
            String channel = String.format("pgleader_%08x", Integer.parseInt(space(database, "pgleader")));
            statement.execute("listen " + channel);
            database.execute("select pgleader.request_resignation('orders')");

            PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(10_000);

            assertEquals(1, heard.length);
            assertEquals("changed orders", heard[0].getParameter());
        }
    }
}
