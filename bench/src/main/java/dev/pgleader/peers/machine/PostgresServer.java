package dev.pgleader.peers.machine;

import dev.pgleader.Schema;
import dev.pgleader.peers.Backend;
import dev.pgleader.peers.result.Samples;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;

/**
 * A PostgreSQL that waits for its disk as one in production does. The shortcuts of the embedded kind are undone, and only the
 * counting of statements is added. Thread-safe.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String SPRING_SCRIPT = "/org/springframework/integration/jdbc/schema-postgresql.sql";
    private static final int COMMITS = 200;

    private final EmbeddedPostgres postgres;
    private final Path log;

    private PostgresServer(EmbeddedPostgres postgres, Path log) {
        this.postgres = postgres;
        this.log = log;
    }

    /**
     * Starts a server with the tables of a system, and with roles that may use them and nothing more.
     *
     * @param programs where to unpack PostgreSQL, unless it is there
     */
    static PostgresServer start(Backend backend, Path log, File programs, List<String> roles)
            throws IOException, SQLException {
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .setServerConfig("log_line_prefix", "%u:")
                .setOverrideWorkingDirectory(programs)
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        PostgresServer server = new PostgresServer(postgres, log);
        server.execute("create extension pg_stat_statements");
        server.execute(backend == Backend.PGLEADER ? Schema.script() : springScript());
        String schema = backend == Backend.PGLEADER ? Schema.DEFAULT_NAME : "public";
        for (String role : roles) {
            server.addRole(role, schema);
        }
        return server;
    }

    private static String springScript() throws IOException {
        try (InputStream in = DefaultLockRepository.class.getResourceAsStream(SPRING_SCRIPT)) {
            if (in == null) {
                throw new IllegalStateException("Spring Integration has no script for PostgreSQL");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void addRole(String role, String schema) throws SQLException {
        execute("create role " + role + " login");
        execute("grant usage on schema " + schema + " to " + role);
        execute("grant all on all tables in schema " + schema + " to " + role);
        execute("grant all on all sequences in schema " + schema + " to " + role);
        execute("grant execute on all functions in schema " + schema + " to " + role);
    }

    /** {@return where it listens} */
    int port() {
        return postgres.getPort();
    }

    /** {@return version and settings} */
    String describe() throws SQLException {
        return "PostgreSQL " + text("show server_version") + ", `fsync` " + text("show fsync")
                + ", `synchronous_commit` " + text("show synchronous_commit");
    }

    /** Returns what the disk allows: how long one small transaction takes, in milliseconds. */
    Samples commits() throws SQLException {
        Samples samples = new Samples();
        execute("create table if not exists commits (number integer)");
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < COMMITS; i++) {
                long began = System.nanoTime();
                statement.executeUpdate("insert into commits values (1)");
                samples.add((System.nanoTime() - began) / 1e6);
            }
        }
        return samples;
    }

    /**
     * Counts what a role has run without an error since the server started, transactions' own statements among them.
     *
     * @param role the role
     * @return the number of statements
     * @throws SQLException if the server does not answer
     */
    public long statements(String role) throws SQLException {
        return Long.parseLong(
                text("select coalesce(sum(calls), 0) from pg_stat_statements where userid = '" + role + "'::regrole"));
    }

    /**
     * Counts the errors that the server has logged for a role.
     *
     * @param role the role
     * @return their number
     * @throws IOException if the log cannot be read
     */
    public long errors(String role) throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(role + ":ERROR:")).count();
        }
    }

    /**
     * Tells how much WAL the server has written.
     *
     * @return bytes
     * @throws SQLException if the server does not answer
     */
    public long walBytes() throws SQLException {
        return Long.parseLong(text("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"));
    }

    /**
     * Writes a checkpoint, so that none comes soon.
     *
     * @throws SQLException if the server does not answer
     */
    public void checkpoint() throws SQLException {
        execute("checkpoint");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Connection connect() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
