package dev.pgleader.bench;

import dev.pgleader.Elections;
import dev.pgleader.Fence;
import dev.pgleader.Leadership;
import dev.pgleader.testing.Pause;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What a fence costs a small transaction, one update of one row, by form and number of clients, and how many multixacts it
 * uses up, while a leader sends heartbeats. The forms take turns, so that what else the machine does hits all of them.
 *
 * <pre>{@code
 * mvn -q test-compile exec:java -Dexec.mainClass=dev.pgleader.bench.FenceCost                   # 7 rounds of 2 s each
 * mvn -q test-compile exec:java -Dexec.mainClass=dev.pgleader.bench.FenceCost -Dexec.args="3 5" # 3 rounds of 5 s each
 * }</pre>
 */
public final class FenceCost {

    private static final Path FOLDER = Path.of("target", "measure", "fence-cost");
    private static final List<Integer> CLIENTS = List.of(1, 16);
    private static final int ROWS = 10_000;
    private static final int ROUNDS = 7;
    private static final int SECONDS = 2;

    /** What is compared. */
    private enum Form {
        UNFENCED(null, "account"),
        ROW_LOCK("fence", "account"),
        SHARED_LOCK("fence_shared", "account"),
        ROW_LOCK_AND_GUARD("fence", "guarded"),
        SHARED_LOCK_AND_GUARD("fence_shared", "guarded");

        private final @Nullable String function;
        private final String table;

        Form(@Nullable String function, String table) {
            this.function = function;
            this.table = table;
        }
    }

    private final PGSimpleDataSource dataSource;
    private final Duration length;

    private FenceCost(PGSimpleDataSource dataSource, Duration length) {
        this.dataSource = dataSource;
        this.length = length;
    }

    /**
     * Runs the program.
     *
     * @param arguments how many rounds, and how many seconds each form gets in a round
     * @throws Exception if something could not be measured
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : SECONDS;
        try (Server server = Server.start(FOLDER);
                Elections elections =
                        Elections.connect(Setup.defaults(server.port()).dataSource())) {
            CompletableFuture<Leadership> elected = new CompletableFuture<>();
            elections.run("orders", "bench:1", elected::complete);
            Fence fence = elected.get(1, TimeUnit.MINUTES).fence();
            for (String table : List.of("account", "guarded")) {
                server.execute("create table " + table + " (id integer primary key, amount integer)");
                server.execute("insert into " + table + " select n, 0 from generate_series(1, " + ROWS + ") as n");
                server.execute("grant all on " + table + " to " + Server.ROLE);
            }
            server.execute("create trigger guard before insert or update or delete or truncate on guarded"
                    + " for each statement execute function pgleader.guard('orders')");
            System.out.println(server.describe());
            new FenceCost(Setup.defaults(server.port()).dataSource(), Duration.ofSeconds(seconds))
                    .compare(fence, rounds, System.out);
        }
    }

    private record Measured(Samples perSecond, Samples multixacts) {
        Measured() {
            this(new Samples(), new Samples());
        }
    }

    private void compare(Fence fence, int rounds, PrintStream out) throws Exception {
        for (int clients : CLIENTS) {
            Map<Form, Measured> figures = new EnumMap<>(Form.class);
            for (int round = 0; round <= rounds; round++) {
                for (Form form : Form.values()) {
                    long before = multixactAge();
                    double transactions = transactions(form, fence, clients);
                    double used = (multixactAge() - before) / transactions;
                    if (round > 0) {
                        Measured measured = figures.computeIfAbsent(form, any -> new Measured());
                        measured.perSecond.add(transactions * 1e9 / length.toNanos());
                        measured.multixacts.add(used);
                    }
                }
            }
            double unfenced = median(figures, Form.UNFENCED);
            figures.forEach((form, measured) -> out.printf(
                    "RESULT\t%d clients\t%s\t%.0f/s (from %.0f to %.0f)\t%.2f of unfenced\t%.3f multixacts each%n",
                    clients,
                    form,
                    measured.perSecond.percentile(50),
                    measured.perSecond.percentile(1),
                    measured.perSecond.max(),
                    measured.perSecond.percentile(50) / unfenced,
                    measured.multixacts.percentile(50)));
        }
    }

    private static double median(Map<Form, Measured> figures, Form form) {
        Measured measured = figures.get(form);
        if (measured == null) {
            throw new IllegalStateException(form + " was not measured");
        }
        return measured.perSecond.percentile(50);
    }

    /** The first run of each form, which finds everything cold, is left out by the caller. */
    private double transactions(Form form, Fence fence, int clients) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong count = new AtomicLong();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            threads.add(new Thread(() -> {
                try (Connection connection = dataSource.getConnection()) {
                    connection.setAutoCommit(false);
                    while (!over.get()) {
                        transaction(connection, form, fence);
                        count.incrementAndGet();
                    }
                } catch (SQLException e) {
                    failures.add(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        Pause.millis(length.toMillis());
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(form + " failed", failures.get(0));
        }
        return count.get();
    }

    private static void transaction(Connection connection, Form form, Fence fence) throws SQLException {
        if (form.function != null) {
            try (PreparedStatement statement =
                    connection.prepareStatement("select pgleader." + form.function + "(?, ?)")) {
                statement.setString(1, fence.election());
                statement.setLong(2, fence.term());
                statement.execute();
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement("update " + form.table + " set amount = amount + 1 where id = ?")) {
            statement.setInt(1, ThreadLocalRandom.current().nextInt(ROWS) + 1);
            statement.executeUpdate();
        }
        connection.commit();
    }

    private long multixactAge() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select mxid_age(datminmxid) from pg_database where datname = current_database()")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
