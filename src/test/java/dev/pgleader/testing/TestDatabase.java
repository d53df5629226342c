package dev.pgleader.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database for one test. What the library gets from it ({@link #dataSource()}, {@link #hikari()}) connects as the
 * ordinary role that owns the database; what the test asks or changes itself ({@link #execute}, {@link #queryOne}) runs
 * as the administrator, each call on a connection of its own.
 *
 * <p>Closing it fails if anything was left open: see {@link Leftovers}. Thread-safe.
 */
public final class TestDatabase implements AutoCloseable {

    private final PostgresServer server;
    private final String name;
    private final List<HikariDataSource> pools = new ArrayList<>();

    TestDatabase(PostgresServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /**
     * The server that holds this database.
     *
     * @return the server
     */
    public PostgresServer server() {
        return server;
    }

    /**
     * The database's name, which needs no quotes.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The URL of this database, without credentials.
     *
     * @return the URL
     */
    public String jdbcUrl() {
        return server.jdbcUrl(name);
    }

    /**
     * The ordinary role that owns this database.
     *
     * @return its name
     */
    public String username() {
        return server.username();
    }

    /**
     * The ordinary role's password.
     *
     * @return the password
     */
    public String password() {
        return server.password();
    }

    /**
     * A new data source without a pool: every connection is a new one.
     *
     * @return a data source that the caller may change
     */
    public PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(jdbcUrl());
        dataSource.setUser(username());
        dataSource.setPassword(password());
        return dataSource;
    }

    /**
     * A new pool of at most ten connections, closed with this database.
     *
     * @return the pool
     */
    public HikariDataSource hikari() {
        return hikari(config -> {});
    }

    /**
     * A new pool, closed with this database.
     *
     * @param settings changes what {@link #hikari()} has otherwise
     * @return the pool
     */
    public HikariDataSource hikari(Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl());
        config.setUsername(username());
        config.setPassword(password());
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        settings.accept(config);
        HikariDataSource pool = new HikariDataSource(config);
        synchronized (pools) {
            pools.add(pool);
        }
        return pool;
    }

    /**
     * Runs one statement, or several in one string without parameters, as the administrator.
     *
     * @param sql the statement
     * @param parameters the values of its question marks
     */
    public void execute(String sql, @Nullable Object... parameters) {
        try (Connection connection = server.connectAsAdmin(name);
                PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("failed: " + sql, e);
        }
    }

    /**
     * The first column of the only row, as the administrator sees it.
     *
     * @param type the value's Java type, as {@link ResultSet#getObject(int, Class)} knows it
     * @param sql the query
     * @param parameters the values of its question marks
     * @param <T> the value's Java type
     * @return the value
     * @throws AssertionError if there is not exactly one row, or its value is null
     */
    public <T> T queryOne(Class<T> type, String sql, @Nullable Object... parameters) {
        List<T> values = queryAll(type, sql, parameters);
        if (values.size() != 1) {
            throw new AssertionError("expected one row but got " + values + ": " + sql);
        }
        return values.get(0);
    }

    /**
     * The first column of every row, as the administrator sees it.
     *
     * @param type the values' Java type, as {@link ResultSet#getObject(int, Class)} knows it
     * @param sql the query
     * @param parameters the values of its question marks
     * @param <T> the values' Java type
     * @return the values in the query's order
     * @throws AssertionError if a value is null
     */
    public <T> List<T> queryAll(Class<T> type, String sql, @Nullable Object... parameters) {
        try (Connection connection = server.connectAsAdmin(name);
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<T> values = new ArrayList<>();
            while (rows.next()) {
                T value = rows.getObject(1, type);
                if (value == null) {
                    throw new AssertionError("expected a value but got null: " + sql);
                }
                values.add(value);
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("failed: " + sql, e);
        }
    }

    /**
     * Closes the pools, checks that nothing is left open, and drops the database. On a server that was stopped there is
     * nothing to check.
     *
     * @throws AssertionError naming every session, lock and thread left open; the database is dropped all the same
     */
    @Override
    public void close() {
        close(Leftovers.PATIENCE);
    }

    void close(Duration patience) {
        synchronized (pools) {
            pools.forEach(HikariDataSource::close);
            pools.clear();
        }
        if (!server.isRunning()) {
            return;
        }
        try {
            Leftovers.of(this, patience).expectNone();
        } finally {
            server.drop(name);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
