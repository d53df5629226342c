package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** "Nobody leads" is an answer: for a vacant row, and for one whose lease is over though nobody has cleared it. */
@PostgresTest
class NoLeaderTest {

    /** Keeps every candidate from leading, as an open fenced transaction does. */
    private static final String KEEP_OUT = "select from pgleader.election where name = 'orders' for key share";

    /** Names a leader whose session is over in so long. */
    private static final String NAME_A_LEADER =
            """
            with another as (
                insert into pgleader.session (process, lease, refractory, renewed_at, expires_at, locked)
                values (gen_random_uuid(), '1 hour', '0', clock_timestamp(), clock_timestamp() + ?::interval, false)
                returning id)
            update pgleader.election
            set candidate = gen_random_uuid(), address = 'gone:1', phase = 'leading', session_id = another.id,
                lease = interval '1 hour', elected_at = clock_timestamp() - interval '2 hours'
            from another
            where name = 'orders'
            """;

    @Test
    void vacant_address_saysNoLeader(TestDatabase database) throws Exception {
        leadOnce(database);
        try (Connection other = keepOut(database);
                Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "b:2", RecordedWork.staying());
            awaitConnection(leader);

            NoLeaderException answer = assertThrows(NoLeaderException.class, leader::address);

            assertTrue(other.isValid(5));
            assertEquals("orders", answer.election());
            assertTrue(String.valueOf(answer.getMessage()).contains("orders"), answer.getMessage());
            assertEquals(Optional.empty(), leader.current());
        }
    }

    @Test
    void leaseMerelyExpired_address_saysNoLeader(TestDatabase database) throws Exception {
        leadOnce(database);
        try (Connection other = keepOut(database);
                Elections elections = connect(database)) {
            database.execute(NAME_A_LEADER, "1 hour");
            Leader leader = elections.run("orders", "b:2", RecordedWork.staying());
            Eventually.holds("the leader is known", () -> leader.current().isPresent());
            assertEquals("gone:1", leader.address());

            database.execute(NAME_A_LEADER, "-1 millisecond");

            NoLeaderException answer = assertThrows(NoLeaderException.class, leader::address);
            assertTrue(other.isValid(5));
            assertEquals("orders", answer.election());
            Eventually.holds("the leader is forgotten", () -> leader.current().isEmpty());
        }
    }

    @Test
    void leaseEndsWhileNobodyWatches_current_forgetsTheLeaderByItself(TestDatabase database) throws Exception {
        leadOnce(database);
        try (Connection other = keepOut(database);
                Elections elections = connect(database)) {
            database.execute(NAME_A_LEADER, "2 seconds");
            Leader leader = elections.run("orders", "b:2", RecordedWork.staying());
            Eventually.holds("the leader is known", () -> leader.current().isPresent());

            Eventually.holds("the leader is forgotten", () -> leader.current().isEmpty());

            assertTrue(other.isValid(5));
            assertThrows(NoLeaderException.class, leader::address);
        }
    }

    private static void leadOnce(TestDatabase database) throws InterruptedException {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            elections.run("orders", "a:1", work);
            work.next();
        }
    }

    private static void awaitConnection(Leader leader) {
        Eventually.holds("the database can be asked", () -> {
            try {
                leader.address();
                return true;
            } catch (NoLeaderException answer) {
                return true;
            } catch (LeaderUnknownException notYet) {
                return false;
            }
        });
    }

    private static Connection keepOut(TestDatabase database) throws SQLException {
        Connection connection = database.server().connectAsAdmin(database.name());
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(KEEP_OUT);
        }
        return connection;
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }
}
