package dev.pgleader.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A server that somebody else runs, given by a JDBC URL with {@code user} and {@code password} in it. The role must be
 * allowed to create databases; it serves as user and administrator alike.
 */
final class ExternalServer extends PostgresServer {

    private final Properties properties;

    ExternalServer(String url) {
        Properties parsed = Driver.parseURL(url, null);
        if (parsed == null || PGProperty.USER.getOrDefault(parsed) == null) {
            throw new IllegalArgumentException(
                    "-Dpostgres needs a URL with a user:" + " jdbc:postgresql://host:port/database?user=…&password=…");
        }
        this.properties = parsed;
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + PGProperty.PG_HOST.getOrDefault(properties) + ":"
                + PGProperty.PG_PORT.getOrDefault(properties) + "/" + database;
    }

    @Override
    public String username() {
        return Objects.requireNonNull(PGProperty.USER.getOrDefault(properties));
    }

    @Override
    public String password() {
        return Objects.requireNonNullElse(PGProperty.PASSWORD.getOrDefault(properties), "");
    }

    @Override
    protected String maintenanceDatabase() {
        return Objects.requireNonNullElse(PGProperty.PG_DBNAME.getOrDefault(properties), "postgres");
    }

    @Override
    public Connection connectAsAdmin(String database) throws SQLException {
        return connect(jdbcUrl(database), username(), password());
    }

    @Override
    public String log() {
        throw new UnsupportedOperationException("the log of a server given by URL cannot be read: run this test with"
                + " -Dpostgres=embedded or -Dpostgres=testcontainers");
    }

    @Override
    public boolean isRunning() {
        return true;
    }

    /** Leaves the server as it was. */
    @Override
    public void close() {
        dropTemplate();
    }
}
