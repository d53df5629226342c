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
    private static final int TICKS_PER_SECOND = 100;

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
                .setting("max_connections", "600")
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
        String remaining = "select (extract(epoch from s.expires_at - clock_timestamp()) * 1000000000)::bigint"
                + " from pgleader.election as e join pgleader.session as s on s.id = e.session_id where e.name = ?";
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

    /** Returns how many heartbeats a role has sent, and how long the server was busy with them. */
    Heartbeats heartbeatsOf(String role) throws SQLException {
        String sums =
                """
                select coalesce(sum(calls), 0) || ' ' || coalesce(sum(total_exec_time), 0)
                  from pg_stat_statements
                 where userid = '%s'::regrole and query like '%%still_ours%%'
                """;
        String[] words = text(sums.formatted(role)).split(" ", -1);
        return new Heartbeats(Long.parseLong(words[0]), Double.parseDouble(words[1]));
    }

    /**
     * Heartbeats since the server started.
     *
     * @param count how many
     * @param millis how long they took in all
     */
    record Heartbeats(long count, double millis) {

        double meanSince(Heartbeats before) {
            return (millis - before.millis) / (count - before.count);
        }
    }

    /** Returns how much has been written to the log of all changes, in bytes. */
    long walBytes() throws SQLException {
        return Long.parseLong(text("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"));
    }

    /** Returns how many advisory locks the processes of a role hold. */
    int advisoryLocksOf(String role) throws SQLException {
        return Integer.parseInt(text("select count(*) from pg_locks as l join pg_stat_activity as a using (pid)"
                + " where l.locktype = 'advisory' and a.usename = '" + role + "'"));
    }

    /** Returns which server process serves the session by which an election is led. */
    long backendOf(String election) throws SQLException {
        return Long.parseLong(text("select l.pid from pg_locks as l join pgleader.election as e"
                + " on l.objid::bigint = e.session_id where l.locktype = 'advisory' and l.granted and e.name = '"
                + election + "'"));
    }

    /** Sees the database as it is now until it is closed, so that nothing that changes meanwhile can be tidied up. */
    Connection oldSnapshot() throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select count(*) from pgleader.election");
        }
        return connection;
    }

    /** Returns the processor time that the server has used so far, in seconds, as Linux tells it; not a number elsewhere. */
    double cpuSeconds() {
        double ticks = 0;
        long[] pids = postgres.pids();
        for (long pid : pids) {
            try {
                String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                if (pid == pids[0]) {
                    // What its former processes have used.
                    ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
                }
            } catch (IOException ended) {
                ticks += pid == pids[0] ? Double.NaN : 0;
            }
        }
        return ticks / TICKS_PER_SECOND;
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
