package dev.pgleader;

import dev.pgleader.internal.postgres.FlywayMigration;
import dev.pgleader.internal.postgres.SchemaName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.sql.DataSource;

/**
 * The tables and functions that elections live in, and the ways to create them. Thread-safe.
 *
 * <p>{@link #migrate(DataSource)} does it with Flyway, from the application, at every start. Those who change their
 * databases by other means take the SQL from {@link #script()} and run it once; a later {@code migrate} recognises
 * that.
 *
 * <p>Everything is kept in a schema of its own, which should hold nothing else, with a Flyway history table of its own.
 * The application's own migrations are not touched: neither by running these, nor by having this library on the class
 * path.
 */
public final class Schema {

    /** The name of the schema where none is given. */
    public static final String DEFAULT_NAME = "pgleader";

    /** The version of the schema that this release of the library needs; newer ones will do as well. */
    public static final int VERSION = 1;

    private static final String SCRIPT = "/db/migration/pgleader/V1__elections.pgsql";

    /** Both, since Flyway without its PostgreSQL module starts and then says that it does not know the database. */
    private static final List<String> FLYWAY =
            List.of("org.flywaydb.core.Flyway", "org.flywaydb.database.postgresql.PostgreSQLDatabaseType");

    private Schema() {}

    /**
     * Brings the schema {@value #DEFAULT_NAME} up to date, creating it if it is not there.
     *
     * @param dataSource where; see {@link #migrate(DataSource, String)}
     * @throws IllegalStateException if it could not be done, or if Flyway is not on the class path
     */
    public static void migrate(DataSource dataSource) {
        migrate(dataSource, DEFAULT_NAME);
    }

    /**
     * Brings a schema up to date, creating it if it is not there. Any number of processes may do so at the same moment.
     * Where there is nothing to do it costs two queries; otherwise it waits for the other processes in steps of a
     * second (Flyway's), for at most about a minute, and without ever blocking inside PostgreSQL.
     *
     * <p>The data source's role needs the right to create a schema in the database, or to create tables in a schema
     * that somebody has created for it. Two connections are open at the same time for as long as it takes.
     *
     * @param dataSource the database; a pool must be able to hand out two connections at once
     * @param schema the schema's name exactly as PostgreSQL stores it, 1 to 63 bytes in UTF-8
     * @throws IllegalArgumentException if that cannot be the name of a schema
     * @throws IllegalStateException if it could not be done, or if Flyway is not on the class path
     */
    public static void migrate(DataSource dataSource, String schema) {
        SchemaName name = new SchemaName(schema);
        requireFlyway();
        FlywayMigration.run(dataSource, name, VERSION);
    }

    /**
     * The SQL that creates the schema {@value #DEFAULT_NAME} and everything in it, for those who do not use Flyway.
     *
     * @return SQL text; see {@link #script(String)}
     */
    public static String script() {
        return script(DEFAULT_NAME);
    }

    /**
     * The SQL that creates a schema and everything in it. To be run once, in one transaction. It leaves the session's
     * {@code search_path} as it found it.
     *
     * @param schema the schema's name exactly as PostgreSQL stores it, 1 to 63 bytes in UTF-8
     * @return SQL text, several statements
     * @throws IllegalArgumentException if that cannot be the name of a schema
     */
    public static String script(String schema) {
        String name = new SchemaName(schema).quoted();
        // The former search_path is kept in the session: a reset would lose what a migration tool has set there.
        return """
                create schema if not exists %1$s;
                select set_config('pgleader.search_path', current_setting('search_path'), false);
                set search_path = %1$s;

                %2$s
                select set_config('search_path', current_setting('pgleader.search_path'), false);
                """
                .formatted(name, bundled(SCRIPT));
    }

    private static String bundled(String script) {
        try (InputStream text = Schema.class.getResourceAsStream(script)) {
            if (text == null) {
                throw new IllegalStateException("the library's jar is incomplete: it has no " + script);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + script, e);
        }
    }

    private static void requireFlyway() {
        for (String type : FLYWAY) {
            try {
                Class.forName(type, false, Schema.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                        "Schema.migrate runs on Flyway, which is not on the class path: add org.flywaydb:flyway-core and"
                                + " org.flywaydb:flyway-database-postgresql, or run the SQL of Schema.script() yourself",
                        e);
            }
        }
    }
}
