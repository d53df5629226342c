package dev.pgleader.bench;

import dev.pgleader.Schema;
import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL of its own with the schema in it, which waits for its disk as one in production does. Statements are counted.
 * Thread-safe.
 */
final class Server implements AutoCloseable {

    /** An ordinary role, with the rights that the documentation asks for. */
    static final String ROLE = "service";

    private static final String ADMIN = "postgres";
    private static final String DATABASE = "postgres";
    private static final int COMMITS = 200;

    private final EmbeddedServer postgres;
    private final Path log;

    private Server(EmbeddedServer postgres, Path log) {
        this.postgres = postgres;
        this.log = log;
    }

    /** Starts a server whose log is in a folder when it has been closed. */
    static Server start(Path folder) throws IOException, SQLException {
        Files.createDirectories(folder);
        EmbeddedServer postgres = EmbeddedServer.builder()
                .fsync(true)
                .setting("max_connections", "100")
                .start();
        Server server = new Server(postgres, folder.resolve("server.log"));
        PGSimpleDataSource admin = new PGSimpleDataSource();
        admin.setUrl(postgres.jdbcUrl(DATABASE));
        admin.setUser(ADMIN);
        Schema.migrate(admin);
        server.execute("create extension pg_stat_statements");
        server.addRole(ROLE);
        return server;
    }

    /** Adds a role that may take part in elections and nothing else. */
    void addRole(String role) throws SQLException {
        addRole(role, Part.CANDIDATE);
    }

    /** Adds a role that may play a part and nothing else. */
    void addRole(String role, Part part) throws SQLException {
        execute("create role " + role + " login");
        for (String grant : part.grants(role)) {
            execute(grant);
        }
    }

    int port() {
        return postgres.port();
    }

    /** Describes what the figures depend on: version, settings and the price of a commit. */
    String describe() throws SQLException {
        return "PostgreSQL " + text("show server_version") + ", fsync " + text("show fsync") + ", synchronous_commit "
                + text("show synchronous_commit") + ", a commit takes " + commits();
    }

    private String commits() throws SQLException {
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
        return "p50 %.2f ms, p99 %.2f ms".formatted(samples.percentile(50), samples.percentile(99));
    }

    /** Returns the time by {@link System#nanoTime} at which the lease of an election's leader ends. */
    long leaseEndNanos(String election) throws SQLException {
        String remaining = "select (extract(epoch from expires_at - clock_timestamp()) * 1000000000)::bigint"
                + " from pgleader.election where name = ?";
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(remaining)) {
            statement.setString(1, election);
            long asked = System.nanoTime();
            try (ResultSet rows = statement.executeQuery()) {
                long answered = System.nanoTime();
                rows.next();
                return asked + (answered - asked) / 2 + rows.getLong(1);
            }
        }
    }

    /** Returns how many statements a role has run since the server started. */
    long statementsOf(String role) throws SQLException {
        return Long.parseLong(
                text("select coalesce(sum(calls), 0) from pg_stat_statements where userid = '" + role + "'::regrole"));
    }

    int connectionsOf(String role) throws SQLException {
        return Integer.parseInt(text("select count(*) from pg_stat_activity where usename = '" + role + "'"));
    }

    /** Returns what the server has logged so far, but for its checkpoints, which are its own affair. */
    List<String> logLines() {
        List<String> lines = new ArrayList<>(postgres.log().lines().toList());
        lines.removeIf(line -> line.contains("checkpoint "));
        return lines;
    }

    void execute(String sql) throws SQLException {
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
        return postgres.connectAsAdmin(DATABASE);
    }

    @Override
    public void close() throws IOException {
        try (postgres) {
            Files.writeString(log, postgres.log());
        }
    }
}
