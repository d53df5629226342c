package dev.pgleader.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@PostgresTest
class LeftoversTest {

    private static final Duration BRIEF = Duration.ofMillis(200);

    @Test
    void nothingOpened_isFound_asNothing(TestDatabase database) {
        assertEquals(List.of(), Leftovers.of(database).find());
    }

    @Test
    void sessionLeftOpen_isAnError_thatNamesIt(TestDatabase database) throws SQLException {
        var dataSource = database.dataSource();
        dataSource.setApplicationName("forgetful");
        try (Connection forgotten = dataSource.getConnection()) {
            assertTrue(forgotten.isValid(5));

            String complaint = complaint(database);

            assertTrue(complaint.contains("application \"forgetful\""), complaint);
        }
    }

    @Test
    void advisoryLockHeld_isAnError_thatNamesItsKey(TestDatabase database) throws SQLException {
        try (Connection holder = database.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            statement.execute("select pg_try_advisory_lock(4711, 42)");

            String complaint = complaint(database);

            assertTrue(complaint.contains("advisory lock (4711, 42)"), complaint);
        }
    }

    @Test
    void threadOfTheLibraryAlive_isAnError_thatNamesIt(TestDatabase database) throws InterruptedException {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Thread thread = new Thread(() -> awaitQuietly(mayEnd), "pgleader-left-running");
        thread.start();
        try {
            String complaint = complaint(database);

            assertTrue(complaint.contains("thread pgleader-left-running"), complaint);
        } finally {
            mayEnd.countDown();
            thread.join();
        }
    }

    @Test
    void databaseClosedWithSessionOpen_fails_andIsDroppedAllTheSame(PostgresServer server) throws SQLException {
        TestDatabase database = server.createDatabase();
        try (Connection forgotten = database.dataSource().getConnection()) {
            assertTrue(forgotten.isValid(5));

            assertThrows(AssertionError.class, () -> database.close(BRIEF));

            assertFalse(forgotten.isValid(5), "the session of a dropped database goes on");
        }
    }

    private static String complaint(TestDatabase database) {
        Leftovers leftovers = Leftovers.of(database, BRIEF);
        return String.valueOf(
                assertThrows(AssertionError.class, leftovers::expectNone).getMessage());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
