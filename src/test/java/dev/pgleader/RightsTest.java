package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.Part;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.SqlSession;
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
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.candidate"));
    }

    @Test
    void candidateThatIsAWriter_writesUnderTheFence_oncePerKey(TestDatabase database) throws Exception {
        grant(database, Part.CANDIDATE);
        grant(database, Part.WRITER);
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
                "select on pgleader.session",
                "insert on pgleader.session",
                "update on pgleader.session",
                "delete on pgleader.session",
                "select on pgleader.election",
                "insert on pgleader.election",
                "update on pgleader.election",
                "select on pgleader.server",
                "update on pgleader.server",
                "select on pgleader.disturbed",
                "select on pgleader.term_history",
                "select on pgleader.candidate",
                "insert on pgleader.candidate",
                "update on pgleader.candidate",
                "delete on pgleader.candidate",
                "select on pgleader.resignation",
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
        for (String right :
                List.of("usage on schema pgleader", "select on pgleader.election", "select on pgleader.session")) {
            database.execute("revoke " + right + " from " + role);
            try (Elections mine = Elections.connect(asRole(database), CONFIG)) {
                mine.observe("orders");

                Eventually.holds("told without " + right, () -> mine.problem()
                        .filter(problem -> problem.kind() == Problem.Kind.NO_RIGHTS)
                        .isPresent());
            }
            database.execute("grant " + right + " to " + role);
        }
    }

    /** Has one election be led, without a process that leads it; returns its term. */
    private static long leadBySql(TestDatabase database) {
        SqlSession.register(database, "orders");
        assertTrue(SqlSession.in(database, "b:2").take("orders"));
        return database.queryOne(Long.class, "select term from pgleader.election");
    }

    @Test
    void viewer_readsTheViewsAndNothingElse(TestDatabase database) throws Exception {
        grant(database, Part.VIEWER);
        long term = leadBySql(database);
        database.execute("insert into pgleader.candidate"
                + " (election, candidate, session_id, address, priority, never_leads, version)"
                + " select name, candidate, session_id, address, 0, false, '' from pgleader.election");
        try (Connection connection = asRole(database).getConnection()) {
            assertEquals("b:2", read(connection, "select address from pgleader.leader"));
            assertEquals("b:2", read(connection, "select address from pgleader.candidates where leads and present"));
            assertEquals("b:2", read(connection, "select address from pgleader.history"));

            refusedEveryTable(database, connection);
            refused(connection, "select pgleader.request_resignation('orders')");
            refusedAsAWriter(connection, term);
        }
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.done"));
    }

    /** An observer reads the term, and must not be able to do anything with it. */
    @Test
    void observer_mayNeitherFenceNorDoThingsOnce(TestDatabase database) throws Exception {
        grant(database, Part.OBSERVER);
        long term = leadBySql(database);
        try (Connection connection = asRole(database).getConnection()) {
            assertEquals("" + term, read(connection, "select term from pgleader.election"));

            refusedAsAWriter(connection, term);
            refused(connection, "select pgleader.request_resignation('orders')");
            refused(connection, "insert into pgleader.resignation (election, term) values ('orders', " + term + ")");
            refused(connection, "update pgleader.session set lease = '1 day'");
        }
    }

    @Test
    void candidateThatIsNoWriter_mayNeitherFenceNorDoThingsOnce(TestDatabase database) throws Exception {
        grant(database, Part.CANDIDATE);
        long term = leadBySql(database);
        try (Connection connection = asRole(database).getConnection()) {
            refusedAsAWriter(connection, term);
            refused(connection, "delete from pgleader.election");
            refused(connection, "delete from pgleader.disturbed");
            refused(connection, "delete from pgleader.term_history");
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
        }
    }

    @Test
    void operator_asksTheLeader_andDoesNothingElse(TestDatabase database) throws Exception {
        grant(database, Part.OPERATOR);
        long term = leadBySql(database);
        try (Connection connection = asRole(database).getConnection()) {
            assertEquals("" + term, read(connection, "select pgleader.request_resignation('orders', 'c:3')::text"));

            refusedEveryTable(database, connection);
            refused(connection, "insert into pgleader.resignation (election, term) values ('orders', 1)");
            refusedAsAWriter(connection, term);
        }
        assertEquals(
                role + " c:3",
                database.queryOne(String.class, "select requested_by || ' ' || successor from pgleader.resignation"));
    }

    @Test
    void operator_whereNobodyLeads_orTheSuccessorDoes_asksNobody(TestDatabase database) throws Exception {
        grant(database, Part.OPERATOR);
        leadBySql(database);
        try (Connection connection = asRole(database).getConnection()) {
            assertEquals("null", read(connection, "select pgleader.request_resignation('orders', 'b:2')::text"));
            assertEquals("null", read(connection, "select pgleader.request_resignation('billing')::text"));
            database.execute("update pgleader.session set expires_at = clock_timestamp()");
            assertEquals("null", read(connection, "select pgleader.request_resignation('orders')::text"));
        }
        assertEquals(0, database.queryOne(Long.class, "select count(*) from pgleader.resignation"));
    }

    @Test
    void writer_fencesAndDoesThingsOnce_andNothingElse(TestDatabase database) throws Exception {
        grant(database, Part.WRITER);
        long term = leadBySql(database);
        try (Connection connection = asRole(database).getConnection()) {
            for (String call : writersCalls(term)) {
                read(connection, call);
            }

            refusedEveryTable(database, connection);
            refused(connection, "insert into pgleader.done values ('orders', 'x', 1, null)");
            refused(connection, "select pgleader.request_resignation('orders')");
        }
    }

    @Test
    void ownerOfATable_putsTheGuardOnIt(TestDatabase database) throws Exception {
        leadBySql(database);
        database.execute("grant usage on schema pgleader to " + role);
        database.execute("create schema books authorization " + role);
        String trigger = "create trigger guarded before insert on books.ledger"
                + " for each statement execute function pgleader.guard('orders')";
        try (Connection connection = asRole(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table books.ledger ()");
            refused(connection, trigger);

            grant(database, Part.GUARD);
            statement.execute(trigger);

            SQLException rejected = assertThrows(
                    SQLException.class, () -> statement.execute("insert into books.ledger default values"));
            assertEquals("PGL02", rejected.getSQLState());
        }
    }

    /** With one of them a stranger's trigger would write as the schema's owner. */
    @Test
    void functionsOfTheSchemasOwnTriggers_areForNobodyElsesTriggers(TestDatabase database) throws Exception {
        database.execute("grant usage on schema pgleader to " + role);
        database.execute("create schema books authorization " + role);
        try (Connection connection = asRole(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table books.ledger ()");
            for (String function : database.queryAll(
                    String.class,
                    "select oid::regproc::text from pg_proc where pronamespace = 'pgleader'::regnamespace"
                            + " and prorettype = 'trigger'::regtype")) {
                refused(
                        connection,
                        "create trigger t after insert on books.ledger execute function " + function + "()");
            }
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

    private static List<String> writersCalls(long term) {
        return List.of(
                "select pgleader.fence('orders', " + term + ")::text",
                "select pgleader.fence('orders', " + term + ", '100 years')::text",
                "select pgleader.fence('" + term + "@orders')::text",
                "select pgleader.fence_shared('orders', " + term + ")::text",
                "select pgleader.fence_shared('" + term + "@orders')::text",
                "select pgleader.once('orders', " + term + ", 'close-books')::text");
    }

    private static void refusedAsAWriter(Connection connection, long term) throws SQLException {
        for (String call : writersCalls(term)) {
            refused(connection, call);
        }
        for (String part : List.of(
                "hold('orders', 1, true)",
                "bound('1 s')",
                "fence_again('orders', 1)",
                "note_disturbance(1, 'orders')")) {
            refused(connection, "select pgleader." + part);
        }
    }

    private static void refusedEveryTable(TestDatabase database, Connection connection) throws SQLException {
        List<String> tables = database.queryAll(
                String.class,
                "select oid::regclass::text from pg_class where relnamespace = 'pgleader'::regnamespace"
                        + " and relkind = 'r'");
        assertEquals(
                8, tables.stream().filter(table -> !table.contains("flyway")).count(), tables::toString);
        for (String table : tables) {
            refused(connection, "select from " + table);
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
