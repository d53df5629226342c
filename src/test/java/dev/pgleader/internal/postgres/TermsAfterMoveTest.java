package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Grounds;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.testing.PrimaryAndStandby;
import dev.pgleader.testing.TestDatabase;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A database that has moved to a new cluster, as by pg_upgrade or a dump, and fails over at once. */
class TermsAfterMoveTest {

    @Test
    void firstTakeAfterTheMove_lostInAFailover_isNotIssuedAgain() throws Exception {
        try (PrimaryAndStandby servers = PrimaryAndStandby.start()) {
            TestDatabase database = servers.primary().createDatabase();
            database.execute("insert into pgleader.election (name, term, system_identifier, timeline)"
                    + " values ('orders', 3000000000005, 42, 3)");
            database.execute("update pgleader.server set system_identifier = 42, timeline = 3, front = 3");
            servers.awaitReplication();
            servers.cutReplication();

            long lost = taken(database.dataSource());
            servers.promote();
            PGSimpleDataSource promoted = database.dataSource();
            promoted.setPortNumbers(new int[] {servers.standby().port()});
            long after = taken(promoted);

            assertNotEquals(lost, after, "one term, two leaderships");
        }
    }

    private static long taken(PGSimpleDataSource dataSource) throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(dataSource, ElectionConfig.defaults())) {
            int id = mine.enter();
            Session.Looked looked = mine.session.look(List.of("orders"));
            Session.Found before = Objects.requireNonNull(looked.rows().get("orders"));
            Session.Bid bid = Grounds.NONE
                    .still(new Session.Version(before.row(), looked.server()))
                    .by(new Session.Enrolment("orders", new UUID(0, 1), "here", 0, false, ""));
            return Objects.requireNonNull(
                            mine.session.bid(mine.terms(id), List.of(bid)).won().get("orders"))
                    .term();
        }
    }
}
