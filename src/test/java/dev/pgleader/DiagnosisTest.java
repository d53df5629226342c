package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Diagnosis.Level;
import dev.pgleader.Diagnosis.Mode;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.PrimaryAndStandby;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.WithoutSchema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** {@link Elections#diagnose()} says what there is, and what to do about what should not be so. */
@PostgresTest
class DiagnosisTest {

    @Test
    void directConnection_hasSessions(TestDatabase database) {
        Diagnosis diagnosis = diagnose(database.dataSource());

        assertEquals(Mode.SESSIONS, diagnosis.mode(), diagnosis::toString);
        assertFinding(diagnosis, Level.GOOD, "straight to a server process");
        assertFinding(diagnosis, Level.GOOD, "is a primary");
        assertFinding(diagnosis, Level.GOOD, "\"pgleader\" is there");
        assertFinding(diagnosis, Level.GOOD, "falls silent");
        assertFinding(diagnosis, Level.NOTE, "synchronous_standby_names");
        assertTrue(diagnosis.toString().startsWith("elections can be held: SESSIONS\n"), diagnosis::toString);
    }

    @Test
    void hikariPool_isPassedBy(TestDatabase database) {
        Diagnosis diagnosis = diagnose(database.hikari());

        assertEquals(Mode.SESSIONS, diagnosis.mode(), diagnosis::toString);
        assertFinding(diagnosis, Level.GOOD, "straight to a server process");
    }

    @Test
    void otherPool_isNamedWithWhatItMustNotDo(TestDatabase database) {
        Diagnosis diagnosis = diagnose(HiddenPool.over(database.hikari()));

        assertEquals(Mode.SESSIONS, diagnosis.mode(), diagnosis::toString);
        assertFinding(diagnosis, Level.NOTE, "is a pool");
    }

    @Test
    void synchronousStandbys_areNamed() {
        try (PrimaryAndStandby servers = PrimaryAndStandby.start()) {
            TestDatabase here = servers.primary().createDatabase();
            here.execute("alter system set synchronous_standby_names = 'any 1 (*)'");
            here.execute("select pg_reload_conf()");
            Eventually.holds(
                    "the setting is there",
                    () -> here.queryOne(Boolean.class, "select current_setting('synchronous_standby_names') <> ''"));

            assertFinding(diagnose(here.dataSource()), Level.GOOD, "any 1 (*)");

            here.execute("alter system reset synchronous_standby_names");
            here.execute("select pg_reload_conf()");
            here.close();
        }
    }

    @Test
    void standby_isRefused_withItsRemedy() {
        try (PrimaryAndStandby servers = PrimaryAndStandby.start()) {
            TestDatabase database = servers.primary().createDatabase();
            servers.awaitReplication();
            PGSimpleDataSource standby = database.dataSource();
            standby.setPortNumbers(new int[] {servers.standby().port()});

            assertRefused(diagnose(standby), "targetServerType=primary");

            database.close();
        }
    }

    @Test
    void schemaMissing_isRefused_withItsRemedy(@WithoutSchema TestDatabase empty) {
        assertRefused(diagnose(empty.dataSource()), "Schema.migrate(dataSource)");
    }

    @Test
    void unloggedTable_isRefused_withItsRemedy(TestDatabase database) {
        database.execute("alter table pgleader.election set unlogged");

        assertRefused(diagnose(database.dataSource()), "alter table \"pgleader\".election set logged");
    }

    @Test
    void databaseDown_isAFinding_notAnException(TestDatabase database) throws IOException {
        PGSimpleDataSource nowhere = database.dataSource();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere.setPortNumbers(new int[] {free.getLocalPort()});
        }

        assertRefused(diagnose(nowhere), "see that PostgreSQL runs");
    }

    private static Diagnosis diagnose(DataSource dataSource) {
        try (Elections elections = Elections.connect(dataSource, Settings.calm().build())) {
            return elections.diagnose();
        }
    }

    private static void assertRefused(Diagnosis diagnosis, String remedy) {
        assertEquals(Mode.REFUSED, diagnosis.mode(), diagnosis::toString);
        assertFinding(diagnosis, Level.TROUBLE, remedy);
    }

    private static void assertFinding(Diagnosis diagnosis, Level level, String text) {
        assertTrue(
                diagnosis.findings().stream()
                        .anyMatch(finding ->
                                finding.level() == level && finding.text().contains(text)),
                () -> "no " + level + " about \"" + text + "\" in: " + diagnosis);
    }
}
