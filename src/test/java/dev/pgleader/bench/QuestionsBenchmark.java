package dev.pgleader.bench;

import dev.pgleader.ElectionObserver;
import dev.pgleader.ElectionState;
import dev.pgleader.Elections;
import dev.pgleader.Leader;
import dev.pgleader.LeaderInfo;
import dev.pgleader.Leadership;
import dev.pgleader.LeadershipTracker;
import dev.pgleader.ProcessState;
import dev.pgleader.Ticket;
import dev.pgleader.testing.ClassPath;
import dev.pgleader.testing.Pause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
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
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 25, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else.
public class QuestionsBenchmark {

    private static final String PORT = "dev.pgleader.bench.port";
    private static final int MOST_NANOS = 50;
    private static final int MOST_NANOS_FOR_A_CLAIM = 1_000;
    private static final Duration GUARANTEE = Duration.ofSeconds(1);

    /** What JMH itself allocates now and then is less than a byte per call. */
    private static final double MOST_BYTES = 0.5;

    private static final String ADDRESS = "localhost:8080";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Elections leading;
    private Elections following;
    private Leader leader;
    private Leader follower;
    private Leadership leadership;
    private LeadershipTracker tracker;
    private LeadershipTracker trackerOfFollower;
    private ElectionObserver observer;

    /** Made by JMH. */
    public QuestionsBenchmark() {}

    /**
     * Runs the benchmark, counting what is allocated.
     *
     * @param arguments none
     * @throws Exception if it fails
     */
    public static void main(String[] arguments) throws Exception {
        // The measuring JVM is started with the class path that this property has.
        System.setProperty("java.class.path", ClassPath.current());
        List<Figure> figures = new ArrayList<>();
        try (Server server = Server.start(Path.of("target", "questions"))) {
            for (RunResult result : new Runner(new OptionsBuilder()
                            .include(QuestionsBenchmark.class.getName())
                            .addProfiler(GCProfiler.class)
                            .jvmArgsAppend("-D" + PORT + "=" + server.port())
                            .build())
                    .run()) {
                figures.addAll(figures(result));
            }
        }
        System.out.printf("%n%s%n%s", Table.forPeople(figures), Table.forPrograms(figures));
    }

    /** Each iteration is a sample, so that the median is what it costs while nobody else has the processor. */
    private static List<Figure> figures(RunResult result) {
        String name = result.getPrimaryResult().getLabel();
        Samples nanos = new Samples();
        Samples bytes = new Samples();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                nanos.add(iteration.getPrimaryResult().getScore());
            }
            bytes.add(Objects.requireNonNull(fork.getSecondaryResults().get("gc.alloc.rate.norm"))
                    .getScore());
        }
        boolean bounded = name.equals("isHeld") || name.startsWith("stateWhen");
        return List.of(
                new Figure(name, "ns per call", nanos, bound(name, bounded)),
                new Figure(name, "bytes per call", bytes, bounded ? List.of(Figure.atMost(MOST_BYTES)) : List.of()));
    }

    private static List<Figure.Limit> bound(String name, boolean bounded) {
        if (name.startsWith("claim")) {
            return List.of(new Figure.Limit(50, MOST_NANOS_FOR_A_CLAIM));
        }
        return bounded ? List.of(new Figure.Limit(50, MOST_NANOS)) : List.of();
    }

    /**
     * Has one candidate lead and another follow it, on a real server.
     *
     * @throws Exception if they do not
     */
    @Setup(Level.Trial)
    public void elect() throws Exception {
        dev.pgleader.bench.Setup setup = dev.pgleader.bench.Setup.defaults(Integer.getInteger(PORT));
        CompletableFuture<Leadership> elected = new CompletableFuture<>();
        leading = Elections.connect(setup.dataSource());
        leader = leading.run("questions", ADDRESS, elected::complete);
        leadership = elected.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        following = Elections.connect(setup.dataSource());
        follower = following.run("questions", ADDRESS, unexpected -> {});
        await(() -> leader.state() == ProcessState.LEADING);
        await(() -> follower.current().isPresent());
        tracker = leader.tracker(GUARANTEE);
        trackerOfFollower = follower.tracker(GUARANTEE);
        observer = following.observe("questions");
        await(() -> observer.state().leader().isPresent());
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

    /** {@return whether the leader will lead for another second} */
    @Benchmark
    public Ticket<Boolean> claimWhenCertain() {
        return tracker.claimLeader();
    }

    /** {@return that the follower will not} */
    @Benchmark
    public Ticket<Boolean> claimWhenFollowing() {
        return trackerOfFollower.claimLeader();
    }

    /** {@return what an observer knows} */
    @Benchmark
    public ElectionState stateOfObserver() {
        return observer.state();
    }
}
