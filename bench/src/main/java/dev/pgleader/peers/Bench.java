package dev.pgleader.peers;

import dev.pgleader.peers.machine.Lab;
import dev.pgleader.peers.machine.Machine;
import dev.pgleader.peers.page.Page;
import dev.pgleader.peers.page.TextTable;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Judge;
import dev.pgleader.peers.result.Results;
import dev.pgleader.peers.scenario.HandOver;
import dev.pgleader.peers.scenario.Idle;
import dev.pgleader.peers.scenario.Kill;
import dev.pgleader.peers.scenario.PingPong;
import dev.pgleader.peers.scenario.Scenario;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Measures pgleader and its peers in one run.
 *
 * <pre>{@code
 * mvn -q -f bench/pom.xml compile exec:java                                   # everything, about ten minutes
 * mvn -q -f bench/pom.xml compile exec:java -Dexec.args="quick"               # a little of everything
 * mvn -q -f bench/pom.xml compile exec:java -Dexec.args="hand-over rounds=40" # some cases
 * mvn -q -f bench/pom.xml compile exec:java -Dexec.args="write"               # everything, and docs/performance.md
 * mvn -q -f bench/pom.xml compile exec:java -Dexec.args="page"                # docs/performance.md from the last run
 * }</pre>
 *
 * <p>All systems of a case are measured in one run. Cases may be measured one after the other: a case that is measured replaces
 * its own values of the last run, and the page needs values of all of them.
 *
 * <p>Values are in {@code bench/target/peers}, one a line, beside what the processes have logged. {@code baseline} keeps
 * them in a file beside the sources, and later pages show the library's beside their own.
 */
public final class Bench {

    private static final Duration SLOW_STOP = Duration.ofMillis(300);
    private static final String SAMPLES = "samples.tsv";
    private static final String MACHINE = "machine.tsv";

    private final Path bench;
    private final Path folder;
    private final PrintStream out;

    private Bench(Path bench, PrintStream out) {
        this.bench = bench;
        this.folder = bench.resolve("target").resolve("peers");
        this.out = out;
    }

    /**
     * Runs the program.
     *
     * @param words names of cases, none for all; {@code quick}, {@code rounds=} with a number, {@code write}, {@code page},
     *     {@code baseline}
     * @throws Exception if something could not be measured
     */
    public static void main(String[] words) throws Exception {
        Arguments arguments = Arguments.parse(words);
        // Maven's folder of the project, whatever folder it was called in.
        Path bench = Path.of(System.getProperty("bench.folder", "bench"));
        new Bench(bench, System.out).run(arguments);
    }

    private void run(Arguments arguments) throws Exception {
        Results results = arguments.measuring() ? measure(arguments) : Results.read(folder.resolve(SAMPLES));
        Machine machine = Machine.read(folder.resolve(MACHINE));
        out.print(TextTable.ofResults(results));
        out.println();
        out.print(TextTable.ofBounds(Judge.judge(results)));
        if (arguments.writing()) {
            new Page(results, Results.read(baseline()), machine).write(bench.resolveSibling("docs"));
        }
        if (arguments.keeping()) {
            results.write(baseline());
        }
    }

    private Path baseline() {
        return bench.resolve("baseline-2026-11.tsv");
    }

    /** Measures some cases; what was measured of the others in an earlier run stays. */
    private Results measure(Arguments arguments) throws Exception {
        Results results = Results.read(folder.resolve(SAMPLES)).without(arguments.cases());
        try (Lab lab = Lab.open(folder)) {
            Machine machine = lab.machine().withCasesOf(Machine.read(folder.resolve(MACHINE)));
            for (Case each : arguments.cases()) {
                long began = System.nanoTime();
                scenario(each).measure(lab, arguments.effort(), results);
                lab.clear();
                machine = machine.withCase(each);
                results.write(folder.resolve(SAMPLES));
                machine.write(folder.resolve(MACHINE));
                out.printf(
                        Locale.ROOT,
                        "%s: %d s, load %.1f%n",
                        each.word(),
                        Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                        Machine.load());
            }
        }
        return results;
    }

    private static Scenario scenario(Case which) {
        return switch (which) {
            case HAND_OVER -> new HandOver(which, Duration.ZERO);
            case SLOW_STOP -> new HandOver(which, SLOW_STOP);
            case PING_PONG -> new PingPong();
            case KILL -> new Kill();
            case IDLE -> new Idle();
        };
    }
}
