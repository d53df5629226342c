package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.ElectionConfig;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Elections that several processes create at the same moment. */
@PostgresTest
class RegisteringTest {

    /** Statements may wait for long here. */
    private static final ElectionConfig PATIENT = ElectionConfig.builder()
            .leaseDuration(Duration.ofMinutes(5))
            .statementTimeout(Duration.ofMinutes(1))
            .build();

    @Test
    void election_registeredByAnotherMeanwhile_isNoTrouble(TestDatabase database) throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT);
                Connection another = registering(database, "orders")) {
            CompletableFuture<Void> registered = waiting(database, mine, List.of("orders"));

            another.commit();

            registered.get(30, TimeUnit.SECONDS);
            assertEquals(Set.of("orders"), mine.session.look(List.of("orders")).keySet());
        }
    }

    @Test
    void elections_areRegisteredInOneOrder_soThatNobodyDeadlocks(TestDatabase database) throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT);
                Connection another = registering(database, "later")) {
            CompletableFuture<Void> registered = waiting(database, mine, List.of("later", "earlier"));

            SQLException refused = assertThrows(
                    SQLException.class,
                    () -> run(
                            another,
                            "set local lock_timeout = '50ms'; insert into pgleader.election values ('earlier')"),
                    "the first in order was not registered first");

            assertEquals("55P03", refused.getSQLState(), refused.getMessage());
            another.rollback();
            registered.get(30, TimeUnit.SECONDS);
        }
    }

    /** Somebody who has registered an election and not committed yet. */
    private static Connection registering(TestDatabase database, String election) throws SQLException {
        Connection connection = database.server().connectAsAdmin(database.name());
        connection.setAutoCommit(false);
        run(connection, "insert into pgleader.election (name) values ('" + election + "')");
        return connection;
    }

    private static CompletableFuture<Void> waiting(TestDatabase database, SessionUnderTest mine, List<String> names)
            throws Exception {
        int pid = mine.pid();
        CompletableFuture<Void> registered = CompletableFuture.runAsync(() -> {
            try {
                mine.session.register(names);
            } catch (Exception failed) {
                throw new CompletionException(failed);
            }
        });
        SessionUnderTest.awaitWait(database, pid, Set.of("transactionid"));
        return registered;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
