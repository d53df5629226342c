package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.ChildJvm;
import dev.pgleader.testing.Example;
import dev.pgleader.testing.ExampleProcess;
import dev.pgleader.testing.Page;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on lifecycles is compiled and run as it stands there, and does what the page says of it. */
@PostgresTest
class LifecycleTest {

    private static final Page PAGE = Page.at("docs", "lifecycle.md");

    /** What all of the page's code leaves to the reader. */
    private static final String AROUND =
            """
            import com.sun.net.httpserver.*;
            import com.zaxxer.hikari.*;
            import dev.pgleader.*;
            import java.io.IOException;
            import java.net.InetSocketAddress;
            import java.util.concurrent.*;
            import java.util.function.Consumer;
            import org.slf4j.*;
            import static java.util.concurrent.TimeUnit.*;

            public class Lifecycle {
                static final Logger LOG = LoggerFactory.getLogger("Lifecycle");
                static final int PORT = 0;
                static final String ADDRESS = "10.0.0.7:8080";

                static HikariDataSource connect(String[] args) {
                    HikariConfig config = new HikariConfig();
                    config.setJdbcUrl(args[0]);
                    config.setUsername(args[1]);
                    config.setPassword(args[2]);
                    config.setMinimumIdle(0);
                    return new HikariDataSource(config);
                }

                static void work(Leadership leadership, HikariDataSource pool) {
                    leadership.onLoss(reason -> stopped(leadership, pool));
                }

                static void stopped(Leadership leadership, HikariDataSource pool) {
                    try (var connection = pool.getConnection();
                            var statement = connection.prepareStatement("insert into stopped values (?)")) {
                        statement.setString(1, leadership.election());
                        statement.execute();
                    } catch (java.sql.SQLException closed) {
                        LOG.error("the pool was closed before the work had stopped", closed);
                    }
                }

                %s
            }
            """;

    private static final String PROGRAM =
            """
            static void answer(HttpExchange exchange, Leader leader) throws IOException {
                exchange.sendResponseHeaders(leader.state() == ProcessState.LEADING ? 200 : 503, -1);
            }

            """;

    private static final String BLOCK =
            """
            static Consumer<Leader> whileOpen;

            static void serve(Leader... leaders) {
                for (Leader leader : leaders) {
                    whileOpen.accept(leader);
                }
            }

            public static void run(String[] args, Consumer<Leader> then) {
                whileOpen = then;
                %s
            }
            """;

    private static final String EXECUTOR =
            """
            public static Consumer<Leadership> consumer;

            static void consume(Leadership leadership) {
                consumer.accept(leadership);
            }

            """;

    private static final String LOOP =
            """
            interface Job {
                void run() throws IOException, InterruptedException;
            }

            static final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();

            public static void putFailing(Runnable before) {
                queue.add(() -> {
                    before.run();
                    throw new IOException("as planned");
                });
            }

            public static void putBlocking(Runnable before) {
                queue.add(() -> {
                    before.run();
                    new CountDownLatch(1).await();
                });
            }

            """;

    /** What the page warns of. */
    private static final String EXITING =
            """
            public static void main(String[] args) throws Exception {
                ElectionConfig config = ElectionConfig.builder()
                        .drainTimeout(java.time.Duration.ofMillis(500))
                        .build();
                Elections elections = Elections.connect(connect(args), config);
                Runtime.getRuntime().addShutdownHook(new Thread(elections::close, "stop"));
                elections.run("orders", ADDRESS, leadership -> System.exit(0));
                new CountDownLatch(1).await();
            }
            """;

    @TempDir
    Path folder = Path.of("");

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @BeforeEach
    void makeTable(TestDatabase database) {
        database.execute("create table stopped (election text)");
        database.execute("grant insert on stopped to " + database.username());
    }

    @Test
    void program_terminated_stopsItsWorkAndVacatesTheRowBeforeItEnds(TestDatabase database) throws Exception {
        compile(PROGRAM + PAGE.block("java", "// a program of its own"));
        ElectionRow row = new ElectionRow(database, "default");
        try (ChildJvm program = start(database)) {
            awaitLeading(database, "default");

            assertTrue(program.terminate(Eventually.PATIENCE), "it has not ended");

            assertEquals(List.of("default"), stopped(database));
            assertTrue(row.isFreeAtOnce());
            assertEquals(List.of("closed"), endings(database));
        }
    }

    @Test
    void callback_exits_waitsForItself_andLeavesARowThatMustStandStill(TestDatabase database) throws Exception {
        compile(EXITING);
        try (ChildJvm program = start(database)) {
            Eventually.holds("it ends by itself", () -> !program.isAlive());

            assertFalse(new ElectionRow(database, "orders").isFreeAtOnce());
        }
    }

    @Test
    void block_left_stopsTheWorkOfAll_andThenThePool(TestDatabase database) throws Exception {
        Class<?> lifecycle = compile(BLOCK.formatted(PAGE.block("java", "// for the length of a block")));
        Consumer<Leader> whileOpen = leader -> Eventually.isIn(ProcessState.LEADING, leader);

        lifecycle.getMethod("run", String[].class, Consumer.class).invoke(null, login(database), whileOpen);

        assertEquals(List.of("billing", "orders"), stopped(database));
        assertTrue(new ElectionRow(database, "billing").isFreeAtOnce());
        assertTrue(new ElectionRow(database, "orders").isFreeAtOnce());
    }

    @Test
    void executor_handOver_waitsForItsJobs(TestDatabase database) throws Exception {
        Class<?> lifecycle = compile(EXECUTOR + PAGE.block("java", "// an executor for each term"));
        Consumer<Leadership> job = leadership -> endLate();
        lifecycle.getField("consumer").set(null, job);
        ElectionConfig config =
                Settings.calm().heartbeatInterval(Duration.ofMillis(100)).build();
        RecordedWork next = RecordedWork.staying();
        ElectionRow row = new ElectionRow(database, "orders");
        try (Elections first = Elections.connect(database.dataSource(), config);
                Elections second = Elections.connect(database.dataSource(), config)) {
            Leader leader = first.run("orders", "a:1", lead(lifecycle));
            Eventually.comes(begun);
            long term = row.term();
            second.run("orders", "b:2", next);
            Thread handing = new Thread(leader::resign, "handing-over");
            handing.start();
            Eventually.comes(told);

            long beat = row.beat();
            Eventually.holds("heartbeats go on", () -> row.beat() > beat + 3 || row.term() > term);

            assertEquals(term, row.term());
            assertFalse(row.isVacant());
            assertEquals(0, next.calls());

            mayEnd.countDown();

            assertTrue(next.next().term() > term);
            Eventually.ends(handing);
        } finally {
            mayEnd.countDown();
        }
    }

    @Test
    void executor_lostBeforeItsListenerIsThere_isShutDownAtOnce(TestDatabase database) throws Exception {
        Class<?> lifecycle = compile(EXECUTOR + PAGE.block("java", "// an executor for each term"));
        Consumer<Leadership> job = leadership -> begun.countDown();
        lifecycle.getField("consumer").set(null, job);
        RecordedWork late = RecordedWork.of(leadership -> {
            leadership.onLoss(reason -> told.countDown());
            awaitUninterrupted(told);
            lead(lifecycle).lead(leadership);
        });
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", late);
            late.next();

            assertTrue(leader.resign());

            assertEquals(1, begun.getCount(), "a job was begun after the loss");
        }
    }

    @Test
    void loop_jobFails_goesOn_andResign_endsItInTheMiddleOfAJob(TestDatabase database) throws Exception {
        Class<?> lifecycle = compile(LOOP + PAGE.block("java", "// work that stops when it is told to"));
        Runnable failing = told::countDown;
        Runnable blocking = begun::countDown;
        lifecycle.getMethod("putFailing", Runnable.class).invoke(null, failing);
        lifecycle.getMethod("putBlocking", Runnable.class).invoke(null, blocking);
        try (CapturedLog log = CapturedLog.start();
                Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", lead(lifecycle));
            Eventually.comes(told);
            Eventually.comes(begun);
            Eventually.isIn(ProcessState.LEADING, leader);

            assertTrue(leader.resign());

            assertTrue(log.text().contains("as planned"), log::text);
        }
    }

    /** Told to stop, it takes until it may. */
    private void endLate() {
        begun.countDown();
        try {
            mayEnd.await();
        } catch (InterruptedException stop) {
            told.countDown();
            awaitUninterrupted(mayEnd);
        }
    }

    /** Waits on, once, where the interrupt of a loss may come in between. */
    private static void awaitUninterrupted(CountDownLatch signal) {
        try {
            signal.await();
        } catch (InterruptedException loss) {
            Waiting.until(Eventually.PATIENCE, () -> signal.getCount() == 0, () -> "the signal never came");
        }
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(
                database.dataSource(),
                Settings.calm().drainTimeout(Duration.ofSeconds(10)).build());
    }

    private static LeadFunction lead(Class<?> lifecycle) throws NoSuchMethodException {
        Method lead = lifecycle.getDeclaredMethod("lead", Leadership.class);
        lead.setAccessible(true);
        return leadership -> {
            try {
                lead.invoke(null, leadership);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause() instanceof Exception cause ? cause : thrown;
            }
        };
    }

    private ChildJvm start(TestDatabase database) throws IOException {
        List<String> args = new ArrayList<>(List.of(folder.toString(), "Lifecycle"));
        args.addAll(List.of(login(database)));
        return ChildJvm.start("program", ExampleProcess.class, line -> {}, args.toArray(String[]::new));
    }

    private static void awaitLeading(TestDatabase database, String election) {
        Eventually.holds(
                "the program leads",
                () -> database.queryOne(
                        Boolean.class,
                        "select exists (select from pgleader.leader where election = ? and phase = 'leading')",
                        election));
    }

    private static List<String> stopped(TestDatabase database) {
        return database.queryAll(String.class, "select election from stopped order by election");
    }

    private static List<String> endings(TestDatabase database) {
        return database.queryAll(String.class, "select ending from pgleader.history");
    }

    private static String[] login(TestDatabase database) {
        return new String[] {database.jdbcUrl(), database.username(), database.password()};
    }

    private Class<?> compile(String member) throws Exception {
        return Example.compile("Lifecycle", AROUND.formatted(member), folder);
    }
}
