package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.testing.Example;
import dev.pgleader.testing.Page;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on watching is compiled and run as it stands there. */
@PostgresTest
class WatchingTest {

    private static final Page PAGE = Page.at("docs", "watching.md");

    /** What the page's code leaves to the reader. */
    private static final String AROUND =
            """
            import dev.pgleader.*;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;
            import javax.sql.DataSource;

            public class Watching {
                record Report(String text) {}

                static final String ADDRESS = "10.0.0.7:8080";
                static final List<String> said = new CopyOnWriteArrayList<>();
                static final CountDownLatch routed = new CountDownLatch(1);
                static final CountDownLatch elected = new CountDownLatch(1);
                static int built;

                static void route(Optional<String> address) {
                    if (address.isPresent() && routed.getCount() > 0) {
                        said.add("routed to " + address.get());
                        routed.countDown();
                    }
                }

                static void charge(String order) {
                    said.add("charged " + order);
                }

                static void checkpoint(Duration left) {
                    said.add("checkpoint");
                }

                static Report rebuild() {
                    return new Report("rebuilt");
                }

                static Report copyFromLeader() {
                    return new Report("copied");
                }

                static boolean rebuildNext() {
                    built++;
                    return built < 2;
                }

                public static List<String> run(DataSource dataSource) throws Exception {
                    try (Elections elections = Elections.connect(dataSource)) {
                        Leader leader = elections.run("orders", ADDRESS, leadership -> {
                            %s
                            elected.countDown();
                        });
                        elected.await();
                        watch(elections);
                        routed.await();
                        promise(leader, "an order");
                        stable(leader.tracker(Duration.ofSeconds(1)));
                        stint(elections);
                    }
                    return said;
                }

                static void watch(Elections elections) {
                    %s
                }

                static void promise(Leader leader, String order) throws Exception {
                    %s
                }

                static void stable(LeadershipTracker tracker) {
                    %s
                    said.add(report.text());
                }

                static void stint(Elections elections) throws Exception {
                    %s
                    said.add(report.text());
                    Thread ending = new Thread(() -> {
                        try (var watched = elections.observe("on-call")) {
                            while (watched.state().leader().isEmpty()) {
                                watched.awaitChange(Duration.ofSeconds(60));
                            }
                            elections.close();
                        } catch (InterruptedException stop) {
                            said.add("interrupted");
                        }
                    });
                    ending.start();
                    try {
                        %s
                    } catch (LeadershipLostException closed) {
                        said.add("built " + built);
                    }
                    ending.join();
                }
            }
            """;

    private static String block(String title) {
        return PAGE.block("java", "// " + title);
    }

    @Test
    void codeOfThePage_compiledAndRun_doesWhatThePageSays(TestDatabase database, @TempDir Path folder)
            throws Exception {
        String source = AROUND.formatted(
                block("danger"), block("watch"), block("promise"), block("stable"), block("stint"), block("stints"));

        Class<?> watching = Example.compile("Watching", source, folder);
        Object said = watching.getMethod("run", DataSource.class).invoke(null, database.dataSource());

        assertEquals(List.of("routed to 10.0.0.7:8080", "charged an order", "rebuilt", "rebuilt", "built 2"), said);
    }
}
