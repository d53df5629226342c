package dev.pgleader.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmbeddedServerTest {

    @Test
    void stopped_startsAgain_onSamePortWithItsData() {
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                TestDatabase database = server.createDatabase()) {
            int port = server.port();
            database.execute("insert into pgleader.election (name) values ('orders')");

            server.stop();
            assertFalse(server.isRunning());
            server.start();

            assertEquals(port, server.port());
            assertEquals("orders", database.queryOne(String.class, "select name from pgleader.election"));
            assertFalse(server.log().contains("not properly shut down"), server.log());
        }
    }

    @Test
    void crashed_startsAgain_byRecovery() throws SQLException {
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                TestDatabase database = server.createDatabase();
                Connection session = database.dataSource().getConnection()) {
            database.execute("insert into pgleader.election (name) values ('orders')");

            server.crash();
            assertFalse(session.isValid(5));
            server.start();

            assertEquals("orders", database.queryOne(String.class, "select name from pgleader.election"));
            assertTrue(server.log().contains("not properly shut down"), server.log());
        }
    }

    @Test
    void settings_reach_theServer() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .fsync(true)
                        .setting("application_name", "it's \"quoted\"")
                        .start();
                TestDatabase database = server.createEmptyDatabase()) {
            assertEquals("on", database.queryOne(String.class, "show fsync"));
            assertEquals("200", database.queryOne(String.class, "show max_connections"));
            assertEquals("127.0.0.1", database.queryOne(String.class, "show listen_addresses"));
            assertEquals(
                    "it's \"quoted\"",
                    database.queryOne(
                            String.class,
                            "select setting from pg_file_settings where name = 'application_name' and applied"));
        }
    }

    @Test
    void statements_are_counted() {
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                TestDatabase database = server.createEmptyDatabase()) {
            database.execute("create extension pg_stat_statements");

            database.execute("select 'counted'");

            assertEquals(
                    1,
                    database.queryOne(
                            Integer.class, "select calls::int from pg_stat_statements where query = 'select $1'"));
        }
    }

    @Test
    void closed_leaves_noData() {
        EmbeddedServer server = EmbeddedServer.builder().start();

        server.close();

        assertFalse(Files.exists(server.dataDirectory()));
        assertThrows(SQLException.class, () -> server.connectAsAdmin("postgres").close());
    }

    @Test
    void ownerKilled_server_endsTooAndLeavesNoData() throws Exception {
        Process owner = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartServerAndWait.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ProcessHandle server;
        Path data;
        try (BufferedReader said = owner.inputReader()) {
            server = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            data = Path.of(said.readLine());
        }

        owner.destroyForcibly();

        server.onExit().get(30, TimeUnit.SECONDS);
        Waiting.until(Duration.ofSeconds(30), () -> !Files.exists(data), () -> data + " is still there");
    }

    /** The main program of a JVM that is killed while its server runs. */
    static final class StartServerAndWait {

        private StartServerAndWait() {}

        /** Prints the server's process id and its data folder, and waits to be killed. */
        public static void main(String[] arguments) throws Exception {
            EmbeddedServer server = EmbeddedServer.builder().start();
            System.out.println(Files.readAllLines(server.dataDirectory().resolve("postmaster.pid"))
                    .get(0));
            System.out.println(server.dataDirectory());
            System.in.read();
        }
    }
}
