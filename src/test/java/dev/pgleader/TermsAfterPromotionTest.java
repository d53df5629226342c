package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PrimaryAndStandby;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A standby is promoted that has not received the last commits: the terms in them are not issued again. */
class TermsAfterPromotionTest {

    private static final int LOST = 5;

    @Test
    void takingsLostInAFailover_theirTermsAreNotIssuedAgain() throws Exception {
        try (PrimaryAndStandby servers = PrimaryAndStandby.start()) {
            TestDatabase database = servers.primary().createDatabase();
            PGSimpleDataSource promoted = database.dataSource();
            promoted.setPortNumbers(new int[] {servers.standby().port()});
            List<Long> replicated = leadTimes(database.dataSource(), 2);
            servers.awaitReplication();
            servers.cutReplication();
            List<Long> lost = leadTimes(database.dataSource(), LOST);

            servers.promote();
            List<Long> after = leadTimes(promoted, LOST);

            long newestOfTheOld = lost.get(LOST - 1);
            assertTrue(after.stream().allMatch(term -> term > newestOfTheOld), lost + ", then " + after);
            assertEquals(
                    2 + LOST,
                    Math.toIntExact(count(promoted, "select count(*) from pgleader.history")),
                    "remembered are " + replicated + " and " + after);
        }
    }

    @Test
    void tokenOfALostTerm_isRefusedByThePromotedServer() throws Exception {
        try (PrimaryAndStandby servers = PrimaryAndStandby.start()) {
            TestDatabase database = servers.primary().createDatabase();
            PGSimpleDataSource promoted = database.dataSource();
            promoted.setPortNumbers(new int[] {servers.standby().port()});
            leadTimes(database.dataSource(), 1);
            servers.awaitReplication();
            servers.cutReplication();
            RecordedWork work = RecordedWork.staying();
            try (Elections old = Elections.connect(
                            database.dataSource(), Settings.calm().build());
                    Elections young =
                            Elections.connect(promoted, Settings.calm().build())) {
                old.run("orders", "old:1", work);
                String token = work.next().fence().token();
                servers.promote();
                RecordedWork successor = RecordedWork.staying();
                young.run("orders", "young:2", successor);
                successor.next();

                SQLException refused = assertThrows(SQLException.class, () -> fence(promoted, token));

                assertEquals("PGL01", refused.getSQLState());
            }
        }
    }

    /** Is elected and resigns, so many times. */
    private static List<Long> leadTimes(PGSimpleDataSource dataSource, int times) throws Exception {
        List<Long> terms = new ArrayList<>();
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = Elections.connect(dataSource, Settings.calm().build())) {
            Leader leader = elections.run("orders", "here", work);
            for (int i = 0; i < times; i++) {
                terms.add(work.next().term());
                if (i < times - 1) {
                    leader.resign();
                }
            }
        }
        return terms;
    }

    private static void fence(PGSimpleDataSource dataSource, String token) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("select pgleader.fence(?)")) {
            statement.setString(1, token);
            statement.execute();
        }
    }

    private static long count(PGSimpleDataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
