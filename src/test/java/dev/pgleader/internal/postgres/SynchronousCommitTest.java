package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits on a server that waits for a synchronous standby which is not there. */
class SynchronousCommitTest {

    private static final ElectionConfig CONFIG = ElectionConfig.builder()
            .leaseDuration(Duration.ofMinutes(5))
            .statementTimeout(Duration.ofMinutes(1))
            .build();

    /** What waits for the standby does not wait for long. */
    private static final ElectionConfig HURRIED = ElectionConfig.builder()
            .leaseDuration(Duration.ofMinutes(5))
            .statementTimeout(Duration.ofSeconds(1))
            .build();

    private static EmbeddedServer server;

    private TestDatabase database;

    @BeforeAll
    static void start() {
        server = EmbeddedServer.builder().start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void create() {
        database = server.createDatabase();
    }

    @AfterEach
    void drop() {
        server.execute("alter system reset synchronous_standby_names");
        reload("");
        database.close();
    }

    @Test
    void waitForTheStandbyCancelled_commitDoesNotCount() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), CONFIG)) {
            int pid = mine.pid();
            mine.register("orders");
            loseTheStandby();
            CompletableFuture<Void> registering = CompletableFuture.runAsync(() -> register(mine.session));
            SessionUnderTest.awaitWait(database, pid, Set.of("SyncRep"));

            database.queryOne(Boolean.class, "select pg_cancel_backend(?)", pid);

            ExecutionException ended =
                    assertThrows(ExecutionException.class, () -> registering.get(30, TimeUnit.SECONDS));
            assertTrue(String.valueOf(ended.getMessage()).contains("had a warning"), ended.getMessage());
        }
    }

    @Test
    void waitForTheStandbyCancelled_withoutASession_commitDoesNotCountEither() throws Exception {
        try (Session rowOnly =
                PostgresFixture.rowOnly(() -> database.dataSource().getConnection(), CONFIG)) {
            loseTheStandby();
            CompletableFuture<Void> registering = CompletableFuture.runAsync(() -> register(rowOnly));
            Waiting.until(
                    Duration.ofSeconds(10),
                    () -> !waitingForTheStandby().isEmpty(),
                    () -> "nobody waits for the standby");

            database.queryOne(
                    Boolean.class,
                    "select pg_cancel_backend(?)",
                    waitingForTheStandby().get(0));

            ExecutionException ended =
                    assertThrows(ExecutionException.class, () -> registering.get(30, TimeUnit.SECONDS));
            assertTrue(String.valueOf(ended.getMessage()).contains("had a warning"), ended.getMessage());
        }
    }

    private List<Integer> waitingForTheStandby() {
        return database.queryAll(Integer.class, "select pid from pg_stat_activity where wait_event = 'SyncRep'");
    }

    @Test
    void waitCancelled_whereTheRoleHearsNoWarnings_commitDoesNotCountEither() throws Exception {
        database.execute("alter role " + database.username() + " in database " + database.name()
                + " set client_min_messages = error");
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), CONFIG)) {
            int pid = mine.pid();
            mine.register("orders");
            loseTheStandby();
            CompletableFuture<Void> registering = CompletableFuture.runAsync(() -> register(mine.session));
            SessionUnderTest.awaitWait(database, pid, Set.of("SyncRep"));

            database.queryOne(Boolean.class, "select pg_cancel_backend(?)", pid);

            ExecutionException ended =
                    assertThrows(ExecutionException.class, () -> registering.get(30, TimeUnit.SECONDS));
            assertTrue(String.valueOf(ended.getMessage()).contains("had a warning"), ended.getMessage());
        }
    }

    @Test
    void anotherNotifierStuckInItsCommit_leaderVacatesAllTheSame() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), HURRIED);
                Connection notifier = server.connectAsAdmin(database.name())) {
            Held held = mine.elect(mine.enter(), new UUID(0, 1), "orders");
            loseTheStandby();
            CompletableFuture<Void> stuck = CompletableFuture.runAsync(() -> notifyInAWritingTransaction(notifier));
            Waiting.until(
                    Duration.ofSeconds(10),
                    () -> !waitingForTheStandby().isEmpty(),
                    () -> "nobody waits for the standby");

            assertEquals(Set.of("orders"), mine.session.vacate(List.of(SessionUnderTest.resigned(held))));

            Row row = Objects.requireNonNull(
                            mine.session.look(List.of("orders")).rows().get("orders"))
                    .row();
            assertEquals(held.term(), row.released(), row::toString);
            database.queryAll(
                    Boolean.class, "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
            stuck.get(30, TimeUnit.SECONDS);
        }
    }

    private static void register(Session session) {
        try {
            session.register(List.of("billing"), Duration.ofMinutes(5));
        } catch (SessionException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (Exception e) {
            throw new IllegalStateException("unexpected", e);
        }
    }

    private static void notifyInAWritingTransaction(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin; create table written (); notify crowd; commit");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void loseTheStandby() {
        server.execute("alter system set synchronous_standby_names = 'nosuch'");
        reload("nosuch");
    }

    /** Waits until new sessions have the setting; those of the test see it by then or with their next statement. */
    private static void reload(String expected) {
        server.execute("select pg_reload_conf()");
        Waiting.until(
                Duration.ofSeconds(10),
                () -> shown().equals(expected),
                () -> "the server has not reloaded its configuration");
    }

    private static String shown() throws Exception {
        try (Connection admin = server.connectAsAdmin("postgres");
                Statement statement = admin.createStatement();
                var rows = statement.executeQuery("show synchronous_standby_names")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
