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

    /** Keeps every candidate from leading, by holding the lock that it needs. */
    private static final String TAKE_ITS_LOCK =
            """
            select pg_advisory_lock(%d, lock_id) from pgleader.election where name = 'orders'
            """;

    private static final String NAME_SOMEBODY =
            """
            update pgleader.election
            set term = term + 1, candidate = gen_random_uuid(), address = 'gone:1', phase = 'leading', beat = beat + 1,
                lease = interval '1 hour', elected_at = clock_timestamp() - interval '2 hours',
                renewed_at = clock_timestamp() + ?::interval - interval '1 hour',
                expires_at = clock_timestamp() + ?::interval
            where name = 'orders'
            """;

    @Test
    void vacant_address_saysNoLeader(TestDatabase database) throws Exception {
        int lockClass = learnLockClass(database);
        try (Connection other = holdLock(database, lockClass);
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
        int lockClass = learnLockClass(database);
        try (Connection other = holdLock(database, lockClass);
                Elections elections = connect(database)) {
            database.execute(NAME_SOMEBODY, "1 hour", "1 hour");
            Leader leader = elections.run("orders", "b:2", RecordedWork.staying());
            Eventually.holds("the leader is known", () -> leader.current().isPresent());
            assertEquals("gone:1", leader.address());

            database.execute(NAME_SOMEBODY, "-1 millisecond", "-1 millisecond");

            NoLeaderException answer = assertThrows(NoLeaderException.class, leader::address);
            assertTrue(other.isValid(5));
            assertEquals("orders", answer.election());
            Eventually.holds("the leader is forgotten", () -> leader.current().isEmpty());
        }
    }

    @Test
    void leaseEndsWhileNobodyWatches_current_forgetsTheLeaderByItself(TestDatabase database) throws Exception {
        int lockClass = learnLockClass(database);
        try (Connection other = holdLock(database, lockClass);
                Elections elections = connect(database)) {
            database.execute(NAME_SOMEBODY, "2 seconds", "2 seconds");
            Leader leader = elections.run("orders", "b:2", RecordedWork.staying());
            Eventually.holds("the leader is known", () -> leader.current().isPresent());

            Eventually.holds("the leader is forgotten", () -> leader.current().isEmpty());

            assertTrue(other.isValid(5));
            assertThrows(NoLeaderException.class, leader::address);
        }
    }

    /** Has the election led once, and tells the first half of its advisory key. */
    private static int learnLockClass(TestDatabase database) throws InterruptedException {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            elections.run("orders", "a:1", work);
            work.next();
            return database.queryOne(
                            Long.class,
                            "select classid::bigint from pg_locks where locktype = 'advisory' and objsubid = 2"
                                    + " and database = (select oid from pg_database where datname = current_database())")
                    .intValue();
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

    private static Connection holdLock(TestDatabase database, int lockClass) throws SQLException {
        Connection connection = database.server().connectAsAdmin(database.name());
        try (Statement statement = connection.createStatement()) {
            statement.execute(TAKE_ITS_LOCK.formatted(lockClass));
        }
        return connection;
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }
}
