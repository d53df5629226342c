package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.WithoutSchema;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/**
 * An application with migrations of its own, in Flyway's default folder, which contains ours: the test resources hold
 * its {@code db/migration/V1__app.sql}, on the same class path as the library's {@code db/migration/pgleader}.
 */
@PostgresTest
class HostMigrationTest {

    @Test
    void applicationFirst_libraryAfterwards_bothMigrate(@WithoutSchema TestDatabase database) {
        application(database).load().migrate();
        Schema.migrate(database.dataSource());

        expectBoth(database);
    }

    @Test
    void libraryFirst_applicationAfterwards_bothMigrate(@WithoutSchema TestDatabase database) {
        Schema.migrate(database.dataSource());
        application(database).load().migrate();

        expectBoth(database);
    }

    @Test
    void applicationThatValidatesNames_findsNothingWrong(@WithoutSchema TestDatabase database) {
        Flyway application = application(database).validateMigrationNaming(true).load();

        application.migrate();
        Schema.migrate(database.dataSource());
        application.validate();

        expectBoth(database);
    }

    @Test
    void applicationMigratesAgain_afterTheLibrary_findsItsHistoryUnchanged(@WithoutSchema TestDatabase database) {
        Flyway application = application(database).load();
        application.migrate();
        Schema.migrate(database.dataSource());

        application.migrate();

        expectBoth(database);
        assertEquals(2, database.queryOne(Integer.class, "select count(*)::int from app_migrated"));
    }

    @Test
    void applicationWithItsHistoryInTheSchemaWeAreGiven_libraryRefuses(@WithoutSchema TestDatabase database) {
        application(database).load().migrate();
        DataSource dataSource = database.dataSource();

        assertThrows(IllegalStateException.class, () -> Schema.migrate(dataSource, "public"));

        assertEquals(List.of("V1__app.sql"), scripts(database, "public"));
        assertEquals(
                0, database.queryOne(Integer.class, "select count(*)::int from pg_class where relname = 'election'"));
    }

    /** Flyway as an application configures it that configures nothing. */
    private static FluentConfiguration application(TestDatabase database) {
        return Flyway.configure().dataSource(database.dataSource());
    }

    private static void expectBoth(TestDatabase database) {
        assertEquals(List.of("V1__app.sql"), scripts(database, "public"));
        assertEquals(List.of("V1__elections.pgsql"), scripts(database, "pgleader"));
        assertEquals(0, database.queryOne(Integer.class, "select count(*)::int from public.app_order"));
        assertEquals(0, database.queryOne(Integer.class, "select count(*)::int from pgleader.election"));
    }

    private static List<String> scripts(TestDatabase database, String schema) {
        return database.queryAll(
                String.class, "select script from " + schema + ".flyway_schema_history order by installed_rank");
    }
}
