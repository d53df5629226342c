package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.testing.Example;
import dev.pgleader.testing.Page;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.WithoutSchema;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code that the README shows is compiled and run as it stands there. */
@PostgresTest
class ReadmeTest {

    /** What the README's code leaves to the reader. */
    private static final String AROUND =
            """
            import dev.pgleader.*;
            import java.time.Duration;
            import javax.sql.DataSource;

            public class Snippet {
                static final java.util.concurrent.CountDownLatch started = new java.util.concurrent.CountDownLatch(1);
                static final java.util.concurrent.CountDownLatch stopped = new java.util.concurrent.CountDownLatch(1);

                static final java.util.concurrent.CountDownLatch shown = new java.util.concurrent.CountDownLatch(1);

                static class Jobs {
                    static Jobs restore() {
                        return new Jobs();
                    }
                    void start() {
                        started.countDown();
                    }
                    void stop() {
                        stopped.countDown();
                    }
                }

                static String serve() {
                    return "served";
                }

                static String forwardTo(String address) {
                    return "forwarded to " + address;
                }

                public static String ten(DataSource dataSource) throws Exception {
                    %s
                    if (stopped.getCount() != 0) {
                        throw new AssertionError("closed before the jobs were stopped");
                    }
                    return answer;
                }

                static void book(java.sql.Connection connection, String order) throws Exception {
                    try (var statement = connection.prepareStatement("insert into booked values (?)")) {
                        statement.setString(1, order);
                        statement.execute();
                    }
                }

                public static void fenced(DataSource dataSource) throws Exception {
                    var done = new java.util.concurrent.CompletableFuture<Void>();
                    String order = "an order";
                    try (var leader = Leader.run(dataSource, "a:1", leadership -> {
                        try {
                            %s
                            done.complete(null);
                        } catch (Throwable failed) {
                            done.completeExceptionally(failed);
                        }
                    })) {
                        done.get(60, java.util.concurrent.TimeUnit.SECONDS);
                    }
                }

                public static void many(DataSource dataSource) throws Exception {
                    %s
                }

                static void show(ElectionState state) {
                    shown.countDown();
                }

                static String rebuild() {
                    return "rebuilt";
                }

                public static void watching(DataSource dataSource) throws Exception {
                    try (Elections elections = Elections.connect(dataSource)) {
                        Leader orders = elections.run("orders", "10.0.0.7:8080", leadership -> {});
                        while (orders.state() != ProcessState.LEADING) {
                            Thread.onSpinWait();
                        }
                        %s
                    }
                    shown.await();
                }
            }
            """;

    @Test
    void readmeCode_compiledAndRun_electsAndStops(@WithoutSchema TestDatabase database, @TempDir Path folder)
            throws Exception {
        List<String> blocks = Page.at("README.md").blocks("java");
        String awaited = blocks.get(0)
                .replace(
                        "\nString answer",
                        "\nstarted.await();\nwhile (leader.state() != ProcessState.LEADING) {"
                                + " Thread.onSpinWait(); }\nString answer");

        Class<?> snippet = Example.compile(
                "Snippet", AROUND.formatted(awaited, blocks.get(1), blocks.get(2), blocks.get(3)), folder);
        Object answer = snippet.getMethod("ten", DataSource.class).invoke(null, database.dataSource());
        database.execute("create table booked (number text)");
        database.execute("grant insert on booked to " + database.username());
        snippet.getMethod("fenced", DataSource.class).invoke(null, database.dataSource());
        snippet.getMethod("many", DataSource.class).invoke(null, database.dataSource());
        snippet.getMethod("watching", DataSource.class).invoke(null, database.dataSource());

        assertEquals("served", answer);
        assertEquals(
                List.of("all", "an order"),
                database.queryAll(String.class, "select number from booked order by number"));
    }
}
