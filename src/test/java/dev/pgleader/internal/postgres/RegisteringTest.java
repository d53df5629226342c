package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Elections that several processes create at the same moment. */
@PostgresTest
class RegisteringTest {

    private static final Duration LEASE = Duration.ofMinutes(5);

    /** Statements may take longer here than a row that another inserts is waited for. */
    private static final ElectionConfig PATIENT = ElectionConfig.builder()
            .leaseDuration(LEASE)
            .statementTimeout(Duration.ofSeconds(4))
            .build();

    @Test
    void election_registeredByAnotherMeanwhile_isNoTrouble(TestDatabase database) throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT);
                Connection another = registering(database, "orders")) {
            assertThrows(BusyException.class, () -> mine.register("orders"));

            another.commit();

            mine.register("orders");
            assertEquals(
                    Set.of("orders"),
                    mine.session.look(List.of("orders")).rows().keySet());
        }
    }

    @Test
    void electionStuckInAnothersHands_keepsNoOtherWaiting(TestDatabase database) throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT);
                Connection another = registering(database, "stuck")) {
            mine.register("after", "stuck", "before");

            assertEquals(
                    Set.of("after", "before"),
                    mine.session
                            .look(List.of("after", "stuck", "before"))
                            .rows()
                            .keySet());
            another.rollback();
        }
    }

    @Test
    void manyElectionsStuckInAnothersHands_areNotWaitedForOneByOne(TestDatabase database) throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT);
                Connection another = registering(database, "stuck 1", "stuck 2", "stuck 3", "stuck 4")) {
            assertThrows(BusyException.class, () -> mine.register("stuck 1", "stuck 2", "stuck 3", "stuck 4"));

            another.rollback();
            mine.register("stuck 1", "stuck 2", "stuck 3", "stuck 4");
            assertEquals(4, database.queryOne(Integer.class, "select count(*)::int from pgleader.election"));
        }
    }

    /** Another that has registered elections and not committed yet. */
    private static Connection registering(TestDatabase database, String... elections) throws SQLException {
        Connection connection = database.server().connectAsAdmin(database.name());
        connection.setAutoCommit(false);
        try (PreparedStatement statement =
                connection.prepareStatement("insert into pgleader.election (name) values (?)")) {
            for (String election : elections) {
                statement.setString(1, election);
                statement.executeUpdate();
            }
        }
        return connection;
    }
}
