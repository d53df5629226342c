package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.WithoutSchema;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema may have any name that PostgreSQL can store, and no other. */
@PostgresTest
class SchemaNamesTest {

    /** Everything in a schema, so that two ways of creating it can be compared. */
    private static final String CONTENT =
            """
            select format('%s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.relnamespace = to_regnamespace(?) and c.relkind in ('r', 'i', 'v') and a.attnum > 0
                and c.relname not like 'flyway%'
            union all
            select format('trigger %s.%s %s', c.relname, t.tgname, t.tgenabled)
            from pg_trigger t join pg_class c on c.oid = t.tgrelid
            where c.relnamespace = to_regnamespace(?) and not t.tgisinternal
            union all
            select format('function %s(%s)', p.proname, pg_get_function_arguments(p.oid))
            from pg_proc p where p.pronamespace = to_regnamespace(?)
            order by 1
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upper Case",
                "public",
                "select",
                "a,b",
                "a.b",
                " \"quoted\" and 'quoted' ",
                "\"; drop schema public; --",
                "${flyway:user} $$ \\ %s %",
                "63 bytes: ÄÖÜ äöü ß € 選挙 选举 선거 12345678901",
                "'",
                "\"",
            })
    void schemaWithAnyName_migratedTwiceAndByScript_isTheSame(
            String schema, @WithoutSchema TestDatabase database, TestDatabase usual) {
        Schema.migrate(database.dataSource(), schema);
        Schema.migrate(database.dataSource(), schema);

        String quoted = '"' + schema.replace("\"", "\"\"") + '"';
        List<String> expected = content(usual, "pgleader");
        assertEquals(SchemaTest.MIGRATED, history(database, quoted));
        assertEquals(expected, content(database, quoted));
        assertEquals(
                List.of(schema, "public").stream().distinct().sorted().toList(),
                database
                        .queryAll(
                                String.class,
                                "select nspname from pg_namespace"
                                        + " where nspname !~ '^pg_' and nspname <> 'information_schema'")
                        .stream()
                        .sorted()
                        .toList());

        database.execute("drop schema " + quoted + " cascade");
        database.execute(Schema.script(schema));

        assertEquals(expected, content(database, quoted));
    }

    @Test
    void longestName_is63BytesAndMigrates(@WithoutSchema TestDatabase database) {
        String longest = "é".repeat(31) + "x";

        Schema.migrate(database.dataSource(), longest);

        assertEquals(Schema.VERSION, database.queryOne(Integer.class, "select \"" + longest + "\".schema_version()"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$user", "nul\0", "half a pair \ud800"})
    void impossibleName_isRefused(String name, TestDatabase database) {
        DataSource dataSource = database.dataSource();

        assertThrows(IllegalArgumentException.class, () -> Schema.migrate(dataSource, name));
        assertThrows(IllegalArgumentException.class, () -> Schema.script(name));
    }

    @Test
    void nameOf64Bytes_isRefusedWithItsLength() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Schema.script("é".repeat(32)));

        assertTrue(String.valueOf(refusal.getMessage()).contains("64"), refusal.getMessage());
    }

    @Test
    void searchPathThatNamesAnotherSchemaTheSameWay_migrate_failsAndTouchesNothing(
            @WithoutSchema TestDatabase database) {
        // Unquoted, it means the schema "elections"; Flyway would take it for ours and fill the wrong one.
        database.execute("create schema elections authorization " + database.username());
        var dataSource = database.dataSource();
        dataSource.setCurrentSchema("Elections");

        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> Schema.migrate(dataSource, "Elections"));

        assertTrue(String.valueOf(failure.getMessage()).contains("search_path"), failure.getMessage());
        assertEquals(
                0, database.queryOne(Integer.class, "select count(*)::int from pg_class where relname = 'election'"));
    }

    /** Each function names its schema in its text, so each is run. */
    @ParameterizedTest
    @ValueSource(strings = {"\"; drop schema public; --", "${flyway:user} $$ \\ %s %", " $body$ 'q' $definition$ %1$I"})
    void schemaWithUnhandyName_functionsAndTriggersFindTheirWay(String schema, @WithoutSchema TestDatabase database) {
        Schema.migrate(database.dataSource(), schema);
        String quoted = '"' + schema.replace("\"", "\"\"") + '"';
        database.execute(
                """
                do $test$
                declare
                    token text;
                begin
                    set local search_path = %s;
                    insert into session (process, lease, refractory, renewed_at, expires_at, locked)
                    values (gen_random_uuid(), '1 min', '1 s', now(), 'infinity', false);
                    insert into election (name) values ('orders');
                    update election set term = 7, session_id = (select id from session), candidate = gen_random_uuid(),
                           address = 'a:1', phase = 'leading', elected_at = now(), xact = pg_current_xact_id();
                    token := (select term || '@' || election from leader);
                    create temporary table guarded ();
                    create trigger guarded before insert on guarded
                        for each statement execute function guard('orders');
                    perform fence(token), fence_shared(token);
                    insert into guarded default values;
                    assert once('orders', 7, 'key') and not once('orders', 7, 'key');
                    assert request_resignation('orders') = 7;
                    assert (select election from disturbed) = 'orders';
                    update election set term = 9, xact = null;
                    assert (select ending from history) = 'removed';
                    truncate election;
                    assert exists (select from disturbed where session_id is null);
                end
                $test$
                """
                        .replace("%s", quoted));
    }

    private static List<String> content(TestDatabase database, String quotedSchema) {
        return database.queryAll(String.class, CONTENT, quotedSchema, quotedSchema, quotedSchema);
    }

    private static List<String> history(TestDatabase database, String quotedSchema) {
        return database.queryAll(
                String.class,
                "select version || ' ' || type from " + quotedSchema
                        + ".flyway_schema_history where success order by installed_rank");
    }
}
