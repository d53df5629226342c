package dev.pgleader.bench;

import dev.pgleader.Elections;
import dev.pgleader.Leader;
import dev.pgleader.LeaderInfo;
import dev.pgleader.Leadership;
import dev.pgleader.ProcessState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What it costs to ask whether one leads: questions that a service may put before every request. Beside them stand the two
 * clock readings that an honest answer cannot do without.
 *
 * <pre>{@code
 * mvn -q test-compile exec:java -Dexec.mainClass=dev.pgleader.bench.QuestionsBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else.
public class QuestionsBenchmark {

    private static final String ADDRESS = "localhost:8080";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Server server;
    private Elections leading;
    private Elections following;
    private Leader leader;
    private Leader follower;
    private Leadership leadership;

    /** Made by JMH. */
    public QuestionsBenchmark() {}

    /**
     * Runs the benchmark, counting what is allocated.
     *
     * @param arguments none
     * @throws RunnerException if it fails
     */
    public static void main(String[] arguments) throws RunnerException {
        // The measuring JVM is started with the class path that this property has.
        System.setProperty("java.class.path", ClassPath.current());
        new Runner(new OptionsBuilder()
                        .include(QuestionsBenchmark.class.getName())
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
    }

    /**
     * Has one candidate lead and another follow it, on a real server.
     *
     * @throws Exception if they do not
     */
    @Setup(Level.Trial)
    public void elect() throws Exception {
        server = Server.start(Path.of("target", "questions"));
        dev.pgleader.bench.Setup setup = dev.pgleader.bench.Setup.defaults(server.port());
        CompletableFuture<Leadership> elected = new CompletableFuture<>();
        leading = Elections.connect(setup.dataSource());
        leader = leading.run("questions", ADDRESS, elected::complete);
        leadership = elected.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        following = Elections.connect(setup.dataSource());
        follower = following.run("questions", ADDRESS, unexpected -> {});
        await(() -> leader.state() == ProcessState.LEADING);
        await(() -> follower.current().isPresent());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("the election did not come about within " + PATIENCE);
            }
            Pause.millis(1);
        }
    }

    /**
     * Ends everything.
     *
     * @throws Exception if that fails
     */
    @TearDown(Level.Trial)
    public void end() throws Exception {
        if (!leadership.isHeld()) {
            throw new IllegalStateException("the leadership was lost, so what was measured is something else");
        }
        following.close();
        leading.close();
        server.close();
    }

    /** {@return the sum of two clock readings, which is what the questions cannot do without} */
    @Benchmark
    public long floorOfTwoClockReadings() {
        return System.nanoTime() + System.currentTimeMillis();
    }

    /** {@return whether the leader leads} */
    @Benchmark
    public boolean isHeld() {
        return leadership.isHeld();
    }

    /** {@return the state of the leader} */
    @Benchmark
    public ProcessState stateWhenLeading() {
        return leader.state();
    }

    /** {@return the state of the follower} */
    @Benchmark
    public ProcessState stateWhenFollowing() {
        return follower.state();
    }

    /** {@return for how long the leader leads} */
    @Benchmark
    public Duration remaining() {
        return leadership.remaining();
    }

    /** {@return the leader as it sees itself} */
    @Benchmark
    public Optional<LeaderInfo> currentWhenLeading() {
        return leader.current();
    }

    /** {@return the leader as the follower sees it} */
    @Benchmark
    public Optional<LeaderInfo> currentWhenFollowing() {
        return follower.current();
    }
}
