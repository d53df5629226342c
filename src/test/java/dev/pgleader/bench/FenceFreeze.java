package dev.pgleader.bench;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Elections;
import dev.pgleader.testing.ChildJvm;
import dev.pgleader.testing.Freeze;
import dev.pgleader.testing.Lifeline;
import dev.pgleader.testing.Pause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * For how long a leader that freezes (SIGSTOP) in the middle of a fenced transaction keeps a successor waiting, with the
 * default lease, by its fence time-out.
 *
 * <pre>{@code
 * mvn -q test-compile exec:java -Dexec.mainClass=dev.pgleader.bench.FenceFreeze                     # 10 times 2 s, 2 times 30 s
 * mvn -q test-compile exec:java -Dexec.mainClass=dev.pgleader.bench.FenceFreeze -Dexec.args="2 10"  # 10 times 2 s
 * }</pre>
 */
public final class FenceFreeze {

    private static final Path FOLDER = Path.of("target", "measure", "fence-freeze");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private FenceFreeze() {}

    /**
     * Runs the program.
     *
     * @param arguments pairs of a fence time-out in seconds and how often to freeze with it
     * @throws Exception if something could not be measured
     */
    public static void main(String[] arguments) throws Exception {
        String[] cases = arguments.length > 0 ? arguments : new String[] {"2", "10", "30", "2"};
        try (Server server = Server.start(FOLDER)) {
            System.out.println(server.describe());
            for (int i = 0; i < cases.length; i += 2) {
                int seconds = Integer.parseInt(cases[i]);
                Samples samples = new Samples();
                for (int round = 0; round < Integer.parseInt(cases[i + 1]); round++) {
                    samples.add(freeze(server, seconds, "fence-" + seconds + "-" + round));
                }
                System.out.printf(
                        "RESULT\tfence time-out %d s\tN %d\tp50 %.2f s\tmax %.2f s%n",
                        seconds, samples.count(), samples.percentile(50), samples.max());
            }
        }
    }

    /** Returns how many seconds passed from the freeze to the successor's callback. */
    private static double freeze(Server server, int seconds, String election) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<Long> succeeded = new CompletableFuture<>();
        try (ChildJvm leader = ChildJvm.start(
                        election,
                        FencedLeader.class,
                        line -> inside.countDown(),
                        String.valueOf(server.port()),
                        String.valueOf(seconds),
                        election);
                Elections successor =
                        Elections.connect(Setup.defaults(server.port()).dataSource())) {
            if (!inside.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("no fenced transaction was begun");
            }
            successor.run(election, "successor:1", leadership -> succeeded.complete(System.nanoTime()));
            // Let it find the leader first, as one would that has been standing by.
            Pause.millis(500);
            try (Freeze frozen = Freeze.of(leader.pid())) {
                long at = System.nanoTime();
                double waited = (succeeded.get(PATIENCE.toSeconds(), TimeUnit.SECONDS) - at) / 1e9;
                frozen.thaw();
                return waited;
            }
        }
    }

    /** A process that leads, begins a fenced transaction, says so, and stays in it. */
    static final class FencedLeader {

        private FencedLeader() {}

        /** Runs the program: port, fence time-out in seconds, election. */
        public static void main(String[] arguments) throws Exception {
            var dataSource = Setup.defaults(Integer.parseInt(arguments[0])).dataSource();
            ElectionConfig config = ElectionConfig.builder()
                    .fenceTimeout(Duration.ofSeconds(Integer.parseInt(arguments[1])))
                    .build();
            Elections elections = Elections.connect(dataSource, config);
            elections.run(arguments[2], "frozen:1", leadership -> {
                leadership.recovered();
                leadership.inTransaction(dataSource, connection -> {
                    System.out.println("inside");
                    // Alive it would go on to work: only the freeze makes it stand still.
                    while (leadership.isHeld()) {
                        try (var statement = connection.createStatement()) {
                            statement.execute("select pg_sleep(0.05)");
                        }
                    }
                });
            });
            Lifeline.awaitEnd();
            elections.close();
        }
    }
}
