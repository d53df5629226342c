package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.Part;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What each part may do with the rights that the documentation gives it, and that it may not do it with fewer. */
@PostgresTest
class RightsTest {

    private static final String NO_RIGHT = "42501";
    private static final ElectionConfig CONFIG = Settings.calm().build();

    private final RecordedWork work = RecordedWork.staying();
    private final RecordedWork ownersWork = RecordedWork.staying();
    private String role = "";

    @BeforeEach
    void makeRole(TestDatabase database) {
        role = "part_" + database.name();
        database.execute("create role " + role + " login password 'x'");
    }

    @AfterEach
    void dropRole(TestDatabase database) {
        database.execute("drop owned by " + role);
        database.execute("drop role " + role);
    }

    private void grant(TestDatabase database, Part part) {
        part.grants(role).forEach(database::execute);
    }

    private PGSimpleDataSource asRole(TestDatabase database) {
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setUser(role);
        dataSource.setPassword("x");
        return dataSource;
    }

    @Test
    void candidate_standsLeadsHandsOverPreemptsAndLeaves(TestDatabase database) throws Exception {
        grant(database, Part.CANDIDATE);
        try (Elections mine = Elections.connect(asRole(database), CONFIG);
                Elections owners = Elections.connect(database.dataSource(), CONFIG)) {
            Leader leader = mine.run("orders", CandidateConfig.at("a:1"), work);
            work.next();
            owners.run("orders", "b:2", ownersWork);
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            leader.close();
            ownersWork.next();
            Leader preferred =
                    mine.run("orders", CandidateConfig.at("a:1").withPriority(1).withPreemption(), work);
            work.next();
            preferred.handOverTo("b:2");

            assertTrue(ownersWork.next().isHeld());
            assertEquals(
                    List.of("closed", "preempted", "handed over"),
                    database.queryAll(
                            String.class,
                            "select ending from pgleader.history where ending is not null order by term"));
        }
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.member"));
    }

    @Test
    void candidate_writesUnderTheFence_oncePerKey(TestDatabase database) throws Exception {
        grant(database, Part.CANDIDATE);
        database.execute("create table public.book (term bigint)");
        database.execute("grant insert on public.book to " + role);
        try (Elections mine = Elections.connect(asRole(database), CONFIG)) {
            mine.run("orders", "a:1", work);
            Leadership held = work.next();

            held.inTransaction(asRole(database), connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("insert into public.book values (1)");
                }
            });

            assertTrue(held.once("close", connection -> {}));
        }
    }

    @Test
    void anyRightOfACandidateMissing_isTold(TestDatabase database) {
        grant(database, Part.CANDIDATE);
        for (String right : List.of(
                "usage on schema pgleader",
                "select on pgleader.election",
                "insert on pgleader.election",
                "update on pgleader.election",
                "delete on pgleader.member",
                "insert on pgleader.standing",
                "insert on pgleader.resignation")) {
            database.execute("revoke " + right + " from " + role);
            try (Elections mine = Elections.connect(asRole(database), CONFIG)) {
                mine.run("orders", "a:1", work);

                Eventually.holds("told without " + right, () -> mine.problem()
                        .filter(problem -> problem.kind() == Problem.Kind.NO_RIGHTS)
                        .isPresent());
            }
            database.execute("grant " + right + " to " + role);
        }
        assertEquals(0, work.calls());
    }

    @Test
    void observer_watches_andIsToldWhenItStandsAsWell(TestDatabase database) throws Exception {
        grant(database, Part.OBSERVER);
        database.execute("alter role " + role + " set default_transaction_read_only = on");
        try (Elections owners = Elections.connect(database.dataSource(), CONFIG);
                Elections mine = Elections.connect(asRole(database), CONFIG)) {
            Sightings sightings = Sightings.of(mine.observe("orders"));
            owners.run("orders", "b:2", ownersWork);
            sightings.firstOf("b:2");
            assertTrue(mine.problem().isEmpty());

            mine.run("orders", "a:1", work);

            Eventually.holds("told", () -> mine.problem()
                    .filter(problem -> problem.kind() == Problem.Kind.NO_RIGHTS)
                    .isPresent());
        }
        assertEquals(0, work.calls());
    }

    @Test
    void anyRightOfAnObserverMissing_isTold(TestDatabase database) {
        grant(database, Part.OBSERVER);
        for (String table : List.of("election", "member", "standing", "resignation")) {
            database.execute("revoke select on pgleader." + table + " from " + role);
            try (Elections mine = Elections.connect(asRole(database), CONFIG)) {
                mine.observe("orders");

                Eventually.holds("told without " + table, () -> mine.problem()
                        .filter(problem -> problem.kind() == Problem.Kind.NO_RIGHTS)
                        .isPresent());
            }
            database.execute("grant select on pgleader." + table + " to " + role);
        }
    }

    @Test
    void viewer_readsTheViewsAndNothingElse(TestDatabase database) throws Exception {
        grant(database, Part.VIEWER);
        try (Elections owners = Elections.connect(database.dataSource(), CONFIG);
                Connection connection = asRole(database).getConnection()) {
            owners.run("orders", "b:2", ownersWork);
            ownersWork.next();
            Candidates.arePresent(database, "orders", "b:2");

            assertEquals("b:2", read(connection, "select address from pgleader.leader"));
            assertEquals("b:2", read(connection, "select address from pgleader.candidate"));
            assertEquals("b:2", read(connection, "select address from pgleader.history"));

            refused(connection, "select * from pgleader.election");
            refused(connection, "select * from pgleader.member");
            refused(connection, "update pgleader.leader set address = 'mine'");
            refused(connection, "select pgleader.request_resignation('orders')");
        }
    }

    @Test
    void operator_movesLeaderships_andNothingElse(TestDatabase database) throws Exception {
        grant(database, Part.OPERATOR);
        try (Elections owners = Elections.connect(database.dataSource(), CONFIG);
                Connection connection = asRole(database).getConnection()) {
            owners.run("orders", "b:2", ownersWork);
            Leadership held = ownersWork.next();

            read(connection, "select pgleader.request_resignation('orders')::text");

            assertEquals(LossReason.RESIGNED, Eventually.lossOf(held));
            refused(connection, "insert into pgleader.resignation (election, term) values ('orders', 1)");
            refused(connection, "select * from pgleader.election");
        }
    }

    @Test
    void request_saysWhoAsked(TestDatabase database) throws Exception {
        grant(database, Part.OPERATOR);
        ElectionConfig unhearing = Settings.slow().build();
        try (Elections owners = Elections.connect(database.dataSource(), unhearing);
                Connection connection = asRole(database).getConnection()) {
            owners.run("orders", "b:2", ownersWork);
            ownersWork.next();
            database.execute("create table public.asked as select requested_by from pgleader.resignation");
            database.execute("create function public.note() returns trigger language plpgsql security definer as $$"
                    + " begin insert into public.asked values (new.requested_by); return null; end $$");
            database.execute("create trigger note after insert on pgleader.resignation"
                    + " for each row execute function public.note()");

            read(connection, "select pgleader.request_resignation('orders')::text");

            assertEquals(List.of(role), database.queryAll(String.class, "select requested_by from public.asked"));
        }
    }

    @Test
    void writer_fencesAndNothingElse(TestDatabase database) throws Exception {
        grant(database, Part.WRITER);
        try (Elections owners = Elections.connect(database.dataSource(), CONFIG);
                Connection connection = asRole(database).getConnection()) {
            owners.run("orders", "b:2", ownersWork);
            Leadership held = ownersWork.next();

            connection.setAutoCommit(false);
            read(connection, "select pgleader.fence('" + held.fence().token() + "')::text");
            connection.commit();

            refused(connection, "select * from pgleader.election");
            refused(connection, "insert into pgleader.done values ('orders', 'x', 1, null)");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OBSERVER", "OPERATOR", "WRITER"})
    void withoutUsageOfTheSchema_nothingIsAllowed(Part part, TestDatabase database) throws Exception {
        grant(database, part);
        database.execute("revoke usage on schema pgleader from " + role);
        try (Connection connection = asRole(database).getConnection()) {
            refused(connection, "select * from pgleader.leader");
            refused(connection, "select pgleader.request_resignation('orders')");
            refused(connection, "select pgleader.fence('orders', 1)");
        }
    }

    private static String read(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next(), sql);
            return String.valueOf(rows.getString(1));
        }
    }

    private static void refused(Connection connection, String sql) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        try (Statement statement = connection.createStatement()) {
            SQLException refused = assertThrows(SQLException.class, () -> statement.execute(sql), sql);
            assertEquals(NO_RIGHT, refused.getSQLState(), sql);
        }
    }
}
