package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.WithoutSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What keeps a process from standing is told with its remedy, logged once, and over when it is mended. Each test waits
 * for a second attempt, to see that it adds nothing to the log.
 */
@PostgresTest
class TroubleTest {

    private final CapturedLog log = CapturedLog.start();

    @AfterEach
    void giveTheLogBack() {
        log.close();
    }

    @Test
    void databaseMissing_isTold_andElectsWhenItIsThere(TestDatabase database) throws Exception {
        String missing = database.name() + "_missing";
        Attempts attempts = new Attempts(database, missing);

        expectTrouble(attempts, Problem.Kind.DATABASE_MISSING, missing, () -> attempts.name = database.name());
    }

    @Test
    void schemaMissing_isTold_andElectsWhenItWasMigrated(@WithoutSchema TestDatabase database) throws Exception {
        Attempts attempts = new Attempts(database, database.name());

        expectTrouble(
                attempts, Problem.Kind.SCHEMA_MISSING, "Schema.migrate", () -> Schema.migrate(database.dataSource()));
    }

    @Test
    void schemaOutdated_isTold_andElectsWhenItIsNew(TestDatabase database) throws Exception {
        Attempts attempts = new Attempts(database, database.name());
        database.execute(version(Schema.VERSION - 1));

        expectTrouble(
                attempts,
                Problem.Kind.SCHEMA_OUTDATED,
                "Schema.migrate",
                () -> database.execute(version(Schema.VERSION)));
    }

    @Test
    void schemaNewer_is_noTrouble(TestDatabase database) throws Exception {
        database.execute(version(Schema.VERSION + 1));
        RecordedWork work = RecordedWork.staying();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            elections.run("orders", "a:1", work);

            assertTrue(work.next().isHeld());
            assertTrue(elections.problem().isEmpty());
        }
    }

    private static String version(int version) {
        return "create or replace function pgleader.schema_version() returns integer language sql immutable"
                + " parallel safe as 'select " + version + "'";
    }

    @Test
    void noRightOnTheSchema_isTold_andElectsWhenGranted(TestDatabase database) throws Exception {
        Attempts attempts = new Attempts(database, database.name());
        database.execute("alter schema pgleader owner to current_user");
        database.execute("revoke all on schema pgleader from public, " + database.username());

        expectTrouble(
                attempts,
                Problem.Kind.NO_RIGHTS,
                "grant",
                () -> database.execute("grant usage on schema pgleader to " + database.username()));
    }

    @Test
    void noRightOnTheTable_isTold_andElectsWhenGranted(TestDatabase database) throws Exception {
        Attempts attempts = new Attempts(database, database.name());
        database.execute("alter table pgleader.election owner to current_user");
        database.execute("revoke all on pgleader.election from public, " + database.username());

        expectTrouble(
                attempts,
                Problem.Kind.NO_RIGHTS,
                "grant",
                () -> database.execute("grant select, insert, update on pgleader.election to " + database.username()));
    }

    @Test
    void onlyReading_isTold_andElectsWhenGranted(TestDatabase database) throws Exception {
        Attempts attempts = new Attempts(database, database.name());
        database.execute("alter table pgleader.election owner to current_user");
        database.execute("revoke all on pgleader.election from public, " + database.username());
        database.execute("grant select on pgleader.election to " + database.username());

        expectTrouble(
                attempts,
                Problem.Kind.NO_RIGHTS,
                "grant",
                () -> database.execute("grant insert, update on pgleader.election to " + database.username()));
    }

    @Test
    void tooManyConnections_isTold_andElectsWhenThereIsRoom(TestDatabase database) throws Exception {
        Attempts attempts = new Attempts(database, database.name());
        database.server().execute("alter database " + database.name() + " connection limit 0");

        expectTrouble(attempts, Problem.Kind.TOO_MANY_CONNECTIONS, "connections", () -> database.server()
                .execute("alter database " + database.name() + " connection limit -1"));
    }

    @Test
    void dataSourceThatThrowsAnything_isTold_andElectsWhenItWorks(TestDatabase database) throws Exception {
        Attempts attempts = new Attempts(database, database.name());
        attempts.failure = new IllegalStateException("the vault is sealed");

        expectTrouble(attempts, Problem.Kind.OTHER, "the vault is sealed", () -> attempts.failure = null);
    }

    @Test
    void troubleChanges_eachIsLoggedOnce(@WithoutSchema TestDatabase database) throws Exception {
        Attempts attempts = new Attempts(database, database.name() + "_missing");
        try (Elections elections = Elections.connect(attempts, Settings.calm().build())) {
            Leader leader = elections.run("orders", "a:1", RecordedWork.staying());
            awaitProblem(leader, Problem.Kind.DATABASE_MISSING);

            attempts.name = database.name();

            awaitProblem(leader, Problem.Kind.SCHEMA_MISSING);
            assertEquals(2, log.warnings().size(), log::text);
            Schema.migrate(database.dataSource());
            Eventually.isIn(ProcessState.LEADING, leader);
            assertEquals(2, log.warnings().size(), log::text);
        }
    }

    private void expectTrouble(Attempts attempts, Problem.Kind kind, String hint, Runnable mend) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = Elections.connect(attempts, Settings.calm().build())) {
            Leader leader = elections.run("orders", "a:1", work);
            assertEquals(ProcessState.FOLLOWING, leader.state());

            Problem problem = awaitProblem(leader, kind);

            assertEquals(problem, elections.problem().orElseThrow());
            assertTrue(problem.toString().contains(hint), problem::toString);
            assertFalse(problem.remedy().isBlank());
            assertFalse(problem.toString().contains(attempts.database.password()), "tells the password");
            LeaderUnknownException answer = assertThrows(LeaderUnknownException.class, leader::address);
            assertTrue(String.valueOf(answer.getMessage()).contains(problem.message()), answer::toString);
            int before = attempts.count.get();
            Eventually.holds("it is tried again", () -> attempts.count.get() > before + 1);
            assertEquals(kind, leader.problem().orElseThrow().kind());
            assertEquals(1, log.warnings().size(), log::text);
            assertTrue(log.warnings().get(0).contains(problem.remedy()), log::text);
            assertEquals(0, work.calls());

            mend.run();

            assertTrue(work.next().isHeld());
            Eventually.holds("the trouble is over", () -> leader.problem().isEmpty());
            assertEquals(1, log.warnings().size(), log::text);
            assertFalse(log.text().contains(attempts.database.password()), "logs the password");
        }
    }

    private static Problem awaitProblem(Leader leader, Problem.Kind kind) {
        Eventually.holds(
                "problem " + kind + ", but " + leader.problem(),
                () -> leader.problem().filter(problem -> problem.kind() == kind).isPresent());
        return leader.problem().orElseThrow();
    }
}
