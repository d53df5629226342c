package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Leadership#fence} as a user calls it. */
@PostgresTest
class LeadershipFenceTest {

    @Test
    void heldLeadership_fences_andAResignedOneDoesNot(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database);
                Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();

            leadership.fence(connection);
            connection.commit();
            leader.resign();

            LeadershipLostException lost =
                    assertThrows(LeadershipLostException.class, () -> leadership.fence(connection));
            assertEquals(leadership.term(), lost.term());
            connection.rollback();
            work.next().fence(connection);
            connection.commit();
        }
    }

    @Test
    void resigning_waitsForNoFence_butTheNextTermDoes(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database);
                Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            leadership.fence(connection);

            leader.resign();
            Eventually.holds("the row is vacant", () -> new ElectionRow(database, "orders").isVacant());

            assertEquals(leadership.term(), new ElectionRow(database, "orders").term());
            connection.commit();
            assertEquals(
                    List.of(leadership.term(), work.next().term()),
                    database.queryAll(Long.class, "select term from pgleader.history order by term"));
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }
}
