package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * A client listens and never reads: the cluster's queue of notifications, of which there is only one, fills up. Its size can
 * be set from PostgreSQL 17 on; before, it is 8 GB, which no test can fill.
 */
@EnabledIf("queueCanBeShort")
class CrowdedNotifyQueueTest {

    private static final UUID ME = new UUID(0, 1);

    private static final ElectionConfig PATIENT =
            ElectionConfig.builder().leaseDuration(Duration.ofMinutes(5)).build();

    private EmbeddedServer server;
    private TestDatabase database;
    private Connection neverReads;

    static boolean queueCanBeShort() {
        return Integer.parseInt(System.getProperty("postgres.version", "18")) >= 17;
    }

    @BeforeEach
    void start() throws SQLException {
        server =
                EmbeddedServer.builder().setting("max_notify_queue_pages", "64").start();
        database = server.createDatabase();
        neverReads = server.connectAsAdmin(database.name());
        try (Statement statement = neverReads.createStatement()) {
            statement.execute("listen crowd");
            statement.execute("begin");
        }
    }

    @AfterEach
    void stop() throws SQLException {
        neverReads.close();
        database.close();
        server.close();
    }

    @Test
    void queueFull_leaderVacatesAllTheSame_andTheSessionLives() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT)) {
            int id = mine.enter();
            Held held = mine.elect(id, ME, "orders");
            fill(2);

            assertEquals(Set.of("orders"), mine.session.lead(List.of(held)));
            assertEquals(Set.of("orders"), mine.session.vacate(List.of(SessionUnderTest.resigned(held))));

            assertEquals(Set.of("orders"), mine.bid(id, ME, "orders").won().keySet());
        }
    }

    @Test
    void queueHalfFull_serverWarns_andTheSessionLives() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT)) {
            mine.register("orders");
            fill(0.47);
            String longName = "\uD83D\uDC18".repeat(255);

            for (int announcement = 0; announcement < 50; announcement++) {
                assertDoesNotThrow(() -> mine.session.announce(List.of(longName)));
            }

            assertTrue(usage() > 0.5, "the queue is not half full");
            assertEquals(
                    Set.of("orders"),
                    mine.session.look(List.of("orders")).rows().keySet());
        }
    }

    /** Notifies until the queue is as full as this, or refuses more. */
    private void fill(double enough) throws SQLException {
        try (Connection notifier = server.connectAsAdmin(database.name());
                Statement statement = notifier.createStatement()) {
            while (usage() < enough) {
                statement.execute("select pg_notify('crowd', repeat('x', 3500))");
            }
        } catch (SQLException full) {
            assertEquals("54000", full.getSQLState(), full.getMessage());
        }
    }

    private double usage() throws SQLException {
        try (Connection admin = server.connectAsAdmin(database.name());
                Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery("select pg_notification_queue_usage()")) {
            rows.next();
            return rows.getDouble(1);
        }
    }
}
