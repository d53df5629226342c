package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody asks a leader to resign from outside, in SQL. */
@PostgresTest
class RequestedResignationTest {

    /** Heartbeats and looks are so rare that only an announcement can have been the reason. */
    private static final ElectionConfig SLOW = Settings.slow().build();

    private final RecordedWork first = RecordedWork.staying();
    private final RecordedWork second = RecordedWork.staying();
    private Elections one;
    private Elections two;
    private Leader leader;

    @BeforeEach
    void oneLeadsAndOneFollows(TestDatabase database) throws Exception {
        one = Elections.connect(database.dataSource(), SLOW);
        two = Elections.connect(database.dataSource(), SLOW);
        leader = one.run("orders", "a:1", first);
        Eventually.isIn(ProcessState.LEADING, leader);
        Leader follower = two.run("orders", "b:2", second);
        Eventually.holds("sees the leader", () -> follower.current().isPresent());
        Candidates.arePresent(database, "orders", "a:1", "b:2");
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void asked_leaderResigns_andAnotherLeads(TestDatabase database) throws Exception {
        Leadership old = first.next();

        long asked = database.queryOne(Long.class, "select pgleader.request_resignation('orders')");

        assertEquals(old.term(), asked);
        assertEquals(LossReason.RESIGNED, Eventually.lossOf(old));
        assertEquals(
                List.of(old.term(), second.next().term()),
                database.queryAll(Long.class, "select term from pgleader.history order by term"));
    }

    @Test
    void askedInFavourOfSomebody_leaderHandsOver(TestDatabase database) throws Exception {
        Leadership old = first.next();

        database.execute("select pgleader.request_resignation('orders', 'b:2')");

        assertEquals(LossReason.HANDED_OVER, Eventually.lossOf(old));
        second.next();
        assertEquals("b:2", database.queryOne(String.class, "select address from pgleader.leader"));
    }

    @Test
    void askedInATransaction_nothingHappensBeforeTheCommit_andTheRowIsNotLocked(TestDatabase database)
            throws Exception {
        Leadership old = first.next();
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            ask(connection, "orders", null);

            old.ensure(old.remaining().plus(Duration.ofMillis(1)));
            assertTrue(old.isHeld(), "a heartbeat passes while the request is open");
            connection.commit();
        }

        assertEquals(LossReason.RESIGNED, Eventually.lossOf(old));
    }

    @Test
    void askedInATransaction_thatIsRolledBack_nothingHappens(TestDatabase database) throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            ask(connection, "orders", null);
            connection.rollback();
        }

        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.resignation"));
        assertEquals(ProcessState.LEADING, leader.state());
    }

    @Test
    void askedWithoutAnAnnouncement_leaderLearnsItFromItsNextHeartbeat(TestDatabase database) throws Exception {
        Leadership old = first.next();
        database.execute("insert into pgleader.resignation (election, term) values ('orders', ?)", old.term());

        assertThrows(
                LeadershipLostException.class, () -> old.ensure(old.remaining().plus(Duration.ofMillis(1))));

        assertEquals(LossReason.RESIGNED, Eventually.lossOf(old));
    }

    @Test
    void askedOfAnEarlierTerm_presentLeaderStays(TestDatabase database) throws Exception {
        Leadership held = first.next();
        database.execute("insert into pgleader.resignation (election, term) values ('orders', ?)", held.term() - 1);

        held.ensure(held.remaining().plus(Duration.ofMillis(1)));

        assertTrue(held.isHeld());
        assertEquals(0, second.calls());
    }

    @Test
    void askedWhereNobodyLeads_saysSo(TestDatabase database) throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            assertEquals(null, ask(connection, "no such election", null));
            new ElectionRow(database, "orders").letTheLeaseEndIn("0");
            assertEquals(null, ask(connection, "orders", null));
        }
    }

    @Test
    void askedInFavourOfTheLeaderItself_isNoRequest(TestDatabase database) throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            assertEquals(null, ask(connection, "orders", "a:1"));
            assertEquals(null, ask(connection, "orders", leader.candidate().toString()));
        }

        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.resignation"));
    }

    @Test
    void requests_areForgotten_whenTheNextTermBegins(TestDatabase database) throws Exception {
        database.execute("select pgleader.request_resignation('orders', 'b:2')");
        second.next();

        assertEquals(List.of(), database.queryAll(Long.class, "select term from pgleader.resignation"));
    }

    @Test
    void hostileSuccessor_isData(TestDatabase database) throws Exception {
        String hostile = "'; drop table pgleader.election; --\u0007\uD83D\uDC7E\"";
        try (Connection connection = database.dataSource().getConnection()) {
            ask(connection, "orders", hostile);
            SQLException tooLong =
                    assertThrows(SQLException.class, () -> ask(connection, "orders", "x".repeat(10_000)));

            assertEquals("23514", tooLong.getSQLState());
        }

        second.next();
    }

    private static @Nullable Object ask(Connection connection, String election, @Nullable String successor)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pgleader.request_resignation(?, ?)")) {
            statement.setString(1, election);
            statement.setString(2, successor);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getObject(1);
            }
        }
    }
}
