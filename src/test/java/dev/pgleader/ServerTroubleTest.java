package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.PrimaryAndStandby;
import dev.pgleader.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Trouble that needs a server of one's own: one that is down, one with other passwords, a standby. */
class ServerTroubleTest {

    private final CapturedLog log = CapturedLog.start();

    @AfterEach
    void giveTheLogBack() {
        log.close();
    }

    @Test
    void databaseDownAtStart_runReturns_andElectsWhenTheServerComesUp() throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                TestDatabase database = server.createDatabase()) {
            server.stop();
            Attempts attempts = new Attempts(database, database.name());
            try (Elections elections =
                    Elections.connect(attempts, Settings.calm().build())) {
                Leader leader = elections.run("orders", "a:1", work);

                assertEquals(ProcessState.FOLLOWING, leader.state());
                Problem problem = awaitProblem(leader, Problem.Kind.UNREACHABLE);
                assertTrue(!problem.kind().isLasting());
                assertThrows(LeaderUnknownException.class, leader::address);
                int before = attempts.count.get();
                Eventually.holds("it is tried again", () -> attempts.count.get() > before + 2);
                assertEquals(1, log.warnings().size(), log::text);

                server.start();

                assertTrue(work.next().isHeld());
                Eventually.holds("the trouble is over", () -> leader.problem().isEmpty());
                assertEquals("a:1", leader.address());
            }
        }
    }

    @Test
    void passwordWrong_isTold_andElectsWhenItIsRight() throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                TestDatabase database = server.createDatabase()) {
            Path rules = server.dataDirectory().resolve("pg_hba.conf");
            Files.writeString(
                    rules, "host all " + server.username() + " all scram-sha-256\n" + Files.readString(rules));
            server.execute("select pg_reload_conf()");
            Attempts attempts = new Attempts(database, database.name());
            attempts.password = "wrong-secret";
            try (Elections elections =
                    Elections.connect(attempts, Settings.calm().build())) {
                Leader leader = elections.run("orders", "a:1", work);

                Problem problem = awaitProblem(leader, Problem.Kind.NOT_AUTHORIZED);
                assertTrue(problem.kind().isLasting());
                int before = attempts.count.get();
                Eventually.holds("it is tried again", () -> attempts.count.get() > before + 1);
                assertEquals(1, log.warnings().size(), log::text);
                assertEquals(0, work.calls());
                assertTrue(!log.text().contains("wrong-secret")
                        && !problem.toString().contains("wrong-secret"));

                attempts.password = server.password();

                assertTrue(work.next().isHeld());
                Eventually.holds("the trouble is over", () -> leader.problem().isEmpty());
            }
        }
    }

    @Test
    void standby_leadsNothing_untilItIsPromoted() throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (PrimaryAndStandby servers = PrimaryAndStandby.start();
                TestDatabase database = servers.primary().createDatabase()) {
            servers.awaitReplication();
            PGSimpleDataSource onStandby = database.dataSource();
            onStandby.setUrl(servers.standby().jdbcUrl(database.name()));
            onStandby.setUser(database.username());
            onStandby.setPassword(database.password());
            try (Elections elections =
                    Elections.connect(onStandby, Settings.calm().build())) {
                Leader leader = elections.run("orders", "a:1", work);

                Problem problem = awaitProblem(leader, Problem.Kind.IN_RECOVERY);
                assertTrue(!problem.remedy().isBlank());
                assertThrows(LeaderUnknownException.class, leader::address);
                assertEquals(ProcessState.FOLLOWING, leader.state());
                assertEquals(1, log.warnings().size(), log::text);
                assertEquals(0, work.calls());

                servers.promote();

                assertTrue(work.next().isHeld());
                Eventually.holds("the trouble is over", () -> leader.problem().isEmpty());
                assertEquals("a:1", leader.address());
            }
        }
    }

    @Test
    void leaderOnPrimary_standbyPromoted_termsOfTheNewHistoryAreHigher() throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (PrimaryAndStandby servers = PrimaryAndStandby.start();
                TestDatabase database = servers.primary().createDatabase()) {
            servers.awaitReplication();
            PGSimpleDataSource onStandby = database.dataSource();
            onStandby.setUrl(servers.standby().jdbcUrl(database.name()));
            onStandby.setUser(database.username());
            onStandby.setPassword(database.password());
            long last;
            servers.cutReplication();
            try (Elections onPrimary =
                    Elections.connect(database.dataSource(), Settings.quick().build())) {
                Leader leader = onPrimary.run("orders", "a:1", work);
                work.next();
                leader.resign();
                last = work.next().term();
            }

            servers.promote();

            try (Elections promoted =
                    Elections.connect(onStandby, Settings.quick().build())) {
                promoted.run("orders", "b:2", work);
                assertTrue(work.next().term() > last, "a term was issued twice");
            }
        }
    }

    private static Problem awaitProblem(Leader leader, Problem.Kind kind) {
        Eventually.holds(
                "problem " + kind,
                () -> leader.problem().filter(problem -> problem.kind() == kind).isPresent());
        return leader.problem().orElseThrow();
    }
}
