package dev.pgleader.testing;

import dev.pgleader.Schema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A running PostgreSQL on which tests make their databases. Thread-safe.
 *
 * <p>Two roles are told apart: the <em>user</em>, an ordinary role that owns the test databases and is what the library
 * is given, and the <em>administrator</em>, with which the fixtures create, look and clean up.
 */
public abstract class PostgresServer implements AutoCloseable {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static volatile Consumer<DataSource> migration = Schema::migrate;

    /** Whether the next database is migrated itself, since it may be the only one that is migrated in this way. */
    private static volatile boolean withoutTemplate;

    private @Nullable String template;

    /** For the kinds of server in this package. */
    PostgresServer() {}

    /**
     * The one server of this JVM, started at the first call and stopped when the JVM ends. The system property
     * {@code postgres} chooses it: {@code embedded} (binaries from Maven), {@code testcontainers} (the image in
     * {@code postgres.image}, by default {@code postgres:18}) or a JDBC URL of a server that is there. Unset:
     * Testcontainers where a Docker daemon answers, otherwise embedded. {@code postgres.fsync=on} makes a server that
     * we start durable.
     *
     * @return the shared server, which no test may stop
     */
    public static PostgresServer shared() {
        return SharedServer.get();
    }

    /**
     * The JDBC URL of one database here, without credentials.
     *
     * @param database the database's name
     * @return the URL
     */
    public abstract String jdbcUrl(String database);

    /**
     * The ordinary role that owns test databases.
     *
     * @return its name
     */
    public abstract String username();

    /**
     * The ordinary role's password.
     *
     * @return the password
     */
    public abstract String password();

    /**
     * What the server has logged up to now.
     *
     * @return the log's text
     * @throws UnsupportedOperationException for a server that was not started here
     */
    public abstract String log();

    /**
     * Whether the server is up, as far as these fixtures have started and stopped it.
     *
     * @return true unless it was stopped
     */
    public abstract boolean isRunning();

    /** Ends the server if it was started here. */
    @Override
    public abstract void close();

    /**
     * A connection for looking and cleaning up, past everything that an ordinary role may not do.
     *
     * @param database the database's name
     * @return an open connection in autocommit, which the caller closes
     * @throws SQLException if the server refuses
     */
    public abstract Connection connectAsAdmin(String database) throws SQLException;

    /**
     * The database that is always there, used to create and drop the others.
     *
     * @return its name
     */
    protected String maintenanceDatabase() {
        return "postgres";
    }

    /**
     * A fresh database with the pgleader schema in it.
     *
     * @return the database, which the caller closes
     */
    public TestDatabase createDatabase() {
        return new TestDatabase(this, withoutTemplate ? migrated() : create(template()));
    }

    /**
     * A fresh database with nothing in it.
     *
     * @return the database, which the caller closes
     */
    public TestDatabase createEmptyDatabase() {
        return new TestDatabase(this, create("template1"));
    }

    /**
     * The server's major version, such as 18.
     *
     * @return the version
     */
    public int majorVersion() {
        try (Connection connection = connectAsAdmin(maintenanceDatabase());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select current_setting('server_version_num')::int / 10000")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask for the server's version", e);
        }
    }

    /**
     * Runs one statement as the administrator in the maintenance database.
     *
     * @param sql the statement
     */
    public void execute(String sql) {
        try (Connection connection = connectAsAdmin(maintenanceDatabase());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("failed: " + sql, e);
        }
    }

    /** Drops a database, together with its sessions. */
    void drop(String database) {
        execute("drop database if exists " + database + " with (force)");
    }

    /** Drops the template, so that the next database needs a new one, or none is left behind. */
    final synchronized void dropTemplate() {
        if (template != null) {
            drop(template);
            template = null;
        }
    }

    /** Opens a connection with exactly these credentials. */
    static Connection connect(String url, String user, String password) throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    private synchronized String template() {
        if (template == null) {
            template = migrated();
        }
        return template;
    }

    private String migrated() {
        withoutTemplate = false;
        String name = create("template1");
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(jdbcUrl(name));
        dataSource.setUser(username());
        dataSource.setPassword(password());
        migration.accept(dataSource);
        return name;
    }

    /**
     * Runs something for which databases get their schema in another way than from {@link Schema#migrate}. Nothing else
     * may make databases meanwhile.
     *
     * @param other what brings an empty database's schema
     * @param action what to run
     * @param <T> what it returns
     * @return its result
     * @throws Exception what it throws
     */
    public static <T> T migratedBy(Consumer<DataSource> other, Callable<T> action) throws Exception {
        Consumer<DataSource> usual = migration;
        migration = other;
        withoutTemplate = true;
        shared().dropTemplate();
        try {
            return action.call();
        } finally {
            migration = usual;
            withoutTemplate = false;
            shared().dropTemplate();
        }
    }

    /** Names carry the process id, so that two JVMs can share one external server. */
    private String create(String from) {
        String name = "pgleader_test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        execute("create database " + name + " template " + from + " owner " + username());
        return name;
    }
}
