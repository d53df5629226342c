package dev.pgleader.internal.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Runs the bundled migrations with Flyway, safely for any number of processes at once. The only class that knows
 * Flyway, which an embedder may do without: nothing else may load it before it has been asked for.
 *
 * <pre>
 * nothing ─── migrate ──→ history ─── migrate ──→ history and version
 * version (script run by hand) ───── baseline ──→ history and version
 * </pre>
 */
public final class FlywayMigration {

    private static final String LOCATION = "classpath:db/migration/pgleader";

    /** An application's own Flyway looks for .sql below db/migration, which is where these files have to be. */
    private static final String SUFFIX = ".pgsql";

    /** How often another process may change the schema under our eyes before we give up. */
    private static final int ATTEMPTS = 5;

    /** Flyway asks for its lock this often, one second apart, without ever waiting inside PostgreSQL. */
    private static final int LOCK_ATTEMPTS = 60;

    /** What {@code create schema if not exists} says to all but one of those who run it at the same moment. */
    private static final Set<String> CREATED_BY_ANOTHER = Set.of("23505", "42P06");

    /** One statement, hence one view of the catalog: a version without a history proves a script run by hand. */
    private static final String LOOK =
            """
            select
                exists (select from pg_catalog.pg_class c
                    where c.relnamespace = n.oid and c.relname = 'flyway_schema_history') as history,
                exists (select from pg_catalog.pg_proc p
                    where p.pronamespace = n.oid and p.proname = 'schema_version' and p.pronargs = 0) as version
            from pg_catalog.pg_namespace n
            where n.nspname = ?
            """;

    /**
     * Whether the session's search_path begins with the schema's bare name although that, unquoted, means another
     * schema. Flyway compares the texts, takes the one for the other, and would fill the wrong schema.
     */
    private static final String MISLEADS =
            """
            select pg_catalog.quote_ident(name) <> name and (path = name or pg_catalog.starts_with(path, name || ','))
            from (select ?::text as name, pg_catalog.current_setting('search_path') as path) as session
            """;

    private final DataSource dataSource;
    private final SchemaName schema;
    private final int wanted;

    private FlywayMigration(DataSource dataSource, SchemaName schema, int wanted) {
        this.dataSource = dataSource;
        this.schema = schema;
        this.wanted = wanted;
    }

    /** What is in the database. A version of 0 means none. */
    private record Found(boolean schema, boolean history, int version) {

        boolean isByHand() {
            return version > 0 && !history;
        }
    }

    /**
     * Brings a schema up to date.
     *
     * @param dataSource the database
     * @param schema the schema, created if it is not there
     * @param wanted the version it must have in the end, or a newer one
     * @throws IllegalStateException if it has not
     */
    public static void run(DataSource dataSource, SchemaName schema, int wanted) {
        FlywayMigration migration = new FlywayMigration(dataSource, schema, wanted);
        try {
            migration.run();
        } catch (SQLException | FlywayException e) {
            throw new IllegalStateException("cannot migrate schema " + schema.quoted() + ": " + e.getMessage(), e);
        }
    }

    private void run() throws SQLException {
        Found before = look();
        for (int attempt = 1; !isDone(before); attempt++) {
            try {
                migrate(before);
            } catch (FlywayException e) {
                // Flyway decides by several looks in a row; what another process does between them can confuse it.
                if (attempt == ATTEMPTS || look().equals(before)) {
                    throw e;
                }
            }
            Found after = look();
            if (after.equals(before)) {
                throw new IllegalStateException("Flyway has run, but schema " + schema.quoted() + " is not at version "
                        + wanted + ": is the role's search_path unusual, or the library's jar incomplete?");
            }
            before = after;
        }
    }

    private boolean isDone(Found found) {
        return found.history() && found.version() >= wanted;
    }

    private void migrate(Found found) throws SQLException {
        refuseMisleadingSearchPath();
        if (!found.schema()) {
            createSchema();
        }
        Flyway.configure(FlywayMigration.class.getClassLoader())
                .dataSource(dataSource)
                .locations(LOCATION)
                .failOnMissingLocations(true)
                .sqlMigrationSuffixes(SUFFIX)
                .defaultSchema(schema.value())
                .schemas(schema.value())
                // Flyway's own creation loses races and then sleeps for seconds.
                .createSchemas(false)
                // Never without proof: a baseline beside another process's first migration would cancel that.
                .baselineOnMigrate(found.isByHand())
                .baselineVersion(Integer.toString(found.version()))
                .baselineDescription("script run by hand")
                .lockRetryCount(LOCK_ATTEMPTS)
                // One transaction, so that no process meets a schema that is half way.
                .group(true)
                .placeholderReplacement(false)
                .load()
                .migrate();
    }

    private Found look() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setString(1, schema.value());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return new Found(false, false, 0);
                }
                boolean history = rows.getBoolean("history");
                return new Found(true, history, rows.getBoolean("version") ? version(connection) : 0);
            }
        }
    }

    private int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select " + schema.quoted() + ".schema_version()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void refuseMisleadingSearchPath() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(MISLEADS)) {
            statement.setString(1, schema.value());
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next() && rows.getBoolean(1)) {
                    throw new IllegalStateException("cannot migrate schema " + schema.quoted()
                            + ": the search_path of the data source begins with that name but without its quotes, which"
                            + " means another schema; quote it there, or leave it out");
                }
            }
        }
    }

    /** Not asked for when the schema is there: even "if not exists" needs the right to create. */
    private void createSchema() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create schema if not exists " + schema.quoted());
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        } catch (SQLException e) {
            if (!CREATED_BY_ANOTHER.contains(e.getSQLState())) {
                throw e;
            }
        }
    }
}
