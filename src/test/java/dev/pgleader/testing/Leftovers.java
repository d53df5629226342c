package dev.pgleader.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a test has left open: sessions on its database, advisory locks in it, and threads of the library. Thread-safe.
 */
public final class Leftovers {

    /** A backend and a thread take a moment to end after they were told to. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String SESSIONS =
            """
            select format('session %s of %s (application "%s"), %s since %s: %s',
                pid, usename, application_name, state, state_change, left(query, 200))
            from pg_stat_activity
            where datname = ? and backend_type = 'client backend' and pid <> pg_backend_pid()
            order by pid
            """;

    private static final String ADVISORY_LOCKS =
            """
            select format('advisory lock (%s, %s), form %s, of session %s, granted: %s',
                classid, objid, objsubid, pid, granted)
            from pg_locks
            where locktype = 'advisory' and database = (select oid from pg_database where datname = ?)
            order by classid, objid, pid
            """;

    private final PostgresServer server;
    private final String database;
    private final Duration patience;

    private Leftovers(PostgresServer server, String database, Duration patience) {
        this.server = server;
        this.database = database;
        this.patience = patience;
    }

    /**
     * What is open on one database and in this JVM.
     *
     * @param database the database
     * @return the check
     */
    public static Leftovers of(TestDatabase database) {
        return of(database, PATIENCE);
    }

    static Leftovers of(TestDatabase database, Duration patience) {
        return new Leftovers(database.server(), database.name(), patience);
    }

    /**
     * Waits until nothing is left.
     *
     * @throws AssertionError if something still is after a few seconds, naming all of it
     */
    public void expectNone() {
        Waiting.until(patience, () -> find().isEmpty(), () -> complaint(find()));
    }

    /**
     * Waits until no thread of the library lives in this JVM.
     *
     * @throws AssertionError if one still does after a few seconds
     */
    public static void expectNoThreads() {
        Waiting.until(PATIENCE, () -> threads().isEmpty(), () -> complaint(threads()));
    }

    /**
     * What is open at this moment.
     *
     * @return one sentence for each thing
     */
    public List<String> find() {
        List<String> found = new ArrayList<>();
        try (Connection admin = server.connectAsAdmin(server.maintenanceDatabase())) {
            found.addAll(ask(admin, SESSIONS));
            found.addAll(ask(admin, ADVISORY_LOCKS));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask the server what is open", e);
        }
        found.addAll(threads());
        return found;
    }

    private List<String> ask(Connection admin, String sql) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement(sql)) {
            statement.setString(1, database);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> lines = new ArrayList<>();
                while (rows.next()) {
                    lines.add(rows.getString(1).strip());
                }
                return lines;
            }
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().startsWith("pgleader"))
                .map(entry -> "thread " + entry.getKey().getName() + " at "
                        + Stream.of(entry.getValue()).limit(3).toList())
                .sorted()
                .toList();
    }

    private static String complaint(List<String> found) {
        return "the test left open:\n  " + String.join("\n  ", found) + "\n";
    }
}
