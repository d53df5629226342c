package dev.pgleader.internal.postgres;

import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** An administrator who holds the table of sessions, and changes it while a session waits for it. One thread. */
final class TableHeld implements AutoCloseable {

    private final TestDatabase database;
    private final Connection connection;

    private TableHeld(TestDatabase database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    static TableHeld in(TestDatabase database) throws SQLException {
        Connection connection = database.server().connectAsAdmin(database.name());
        connection.setAutoCommit(false);
        TableHeld held = new TableHeld(database, connection);
        held.run("lock table pgleader.session in access exclusive mode");
        return held;
    }

    /** Starts something that has to wait for the table, and returns when it waits. */
    <T> CompletableFuture<T> whileWaiting(SessionUnderTest session, Callable<T> statement) throws Exception {
        int pid = session.pid();
        CompletableFuture<T> answer = started(statement);
        SessionUnderTest.awaitWait(database, pid, Set.of("relation"));
        return answer;
    }

    /** Starts something on another thread. */
    static <T> CompletableFuture<T> started(Callable<T> statement) {
        return CompletableFuture.supplyAsync(() -> answer(statement));
    }

    private static <T> T answer(Callable<T> statement) {
        try {
            return statement.call();
        } catch (Exception failed) {
            throw new CompletionException(failed);
        }
    }

    /** Has every lease end at this moment, as if its session had written so. */
    void endLeases() throws SQLException {
        run("update pgleader.session set xact = pg_current_xact_id(), expires_at = clock_timestamp()");
    }

    /** Has the lease of one session end at this moment, as if it had written so. */
    void endLeaseOf(int session) throws SQLException {
        run("update pgleader.session set xact = pg_current_xact_id(), expires_at = clock_timestamp() where id = "
                + session);
    }

    /** Lets the table go; returns the database's time just before. */
    Instant release() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select clock_timestamp()")) {
            rows.next();
            Instant now = rows.getObject(1, OffsetDateTime.class).toInstant();
            connection.commit();
            return now;
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static <T> T of(CompletableFuture<T> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
