package dev.pgleader.bench;

import dev.pgleader.testing.Part;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures what the library promises and prints it beside the bounds.
 *
 * <pre>{@code
 * mvn -q test-compile exec:java -Dexec.mainClass=dev.pgleader.bench.Measure                       # everything
 * mvn -q test-compile exec:java -Dexec.mainClass=dev.pgleader.bench.Measure -Dexec.args="quick"   # a little of everything
 * mvn -q test-compile exec:java -Dexec.mainClass=dev.pgleader.bench.Measure -Dexec.args="resign kill rounds=50"
 * }</pre>
 *
 * <p>A machine that has something else to do measures that; rounds that take milliseconds wait for it to be calm. The lines that begin with RESULT hold the same with tabs; they
 * are in {@code target/measure/results.tsv} too, beside the logs of the server and of the candidates.
 */
public final class Measure {

    private static final Path FOLDER = Path.of("target", "measure");
    private static final Lab.Effort FULL = new Lab.Effort(50, 3, 20, 600);
    private static final Lab.Effort QUICK = new Lab.Effort(5, 1, 5, 10);
    private static final String QUICK_WORD = "quick";
    private static final String ROUNDS_WORD = "rounds=";
    private static final Duration SLOW_STOP = Duration.ofMillis(300);

    private Measure() {}

    /**
     * Runs the program.
     *
     * @param arguments names of cases, none for all; {@code quick}; {@code rounds=} with a number
     * @throws Exception if something could not be measured
     */
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        PrintStream out = System.out;
        List<Scenario> scenarios = chosen(words);
        List<Figure> figures = new ArrayList<>();
        try (Lab lab = Lab.open(FOLDER, effort(words))) {
            lab.server().addRole("leaders");
            lab.server().addRole("followers");
            lab.server().addRole("observers", Part.OBSERVER);
            out.printf(
                    "Java %s, %d processors, %s%n",
                    System.getProperty("java.version"),
                    Runtime.getRuntime().availableProcessors(),
                    lab.server().describe());
            for (Scenario scenario : scenarios) {
                double before = load();
                List<Figure> found = scenario.measure(lab);
                lab.clear();
                figures.addAll(found);
                out.printf(
                        "%n%s: load before %.2f, after %.2f; rounds on a busy machine: %d%n",
                        scenario.name(), before, load(), lab.calm().timesInVain());
                out.print(Table.forPeople(found));
                out.flush();
            }
        }
        String results = Table.forPrograms(figures);
        out.printf("%n%s%n%s", Table.forPeople(figures), results);
        Files.writeString(FOLDER.resolve("results.tsv"), results);
    }

    private static List<Scenario> chosen(List<String> words) {
        List<String> names = words.stream()
                .filter(word -> !word.equals(QUICK_WORD) && !word.startsWith(ROUNDS_WORD))
                .toList();
        List<Scenario> all = all();
        List<String> known = all.stream().map(Scenario::name).toList();
        if (!known.containsAll(names)) {
            throw new IllegalArgumentException("the cases are " + known + ", not " + names);
        }
        return all.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }

    private static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (HandOver.Way way : HandOver.Way.values()) {
            Stream.of(Duration.ZERO, SLOW_STOP)
                    .map(stopping -> new HandOver(way, stopping))
                    .forEach(all::add);
        }
        all.addAll(Arrays.asList(
                new Crash(false),
                new Crash(true),
                new BlackHole(),
                new StuckBackend(),
                new Idle(1),
                new Idle(1000),
                new Observing(),
                new Crowd(),
                new Start(),
                new Scale(),
                new OldSnapshot(50),
                new OldSnapshot(1000),
                new Followers(50)));
        return all;
    }

    private static Lab.Effort effort(List<String> words) {
        Lab.Effort effort = words.contains(QUICK_WORD) ? QUICK : FULL;
        return words.stream()
                .filter(word -> word.startsWith(ROUNDS_WORD))
                .map(word -> Integer.parseInt(word.substring(ROUNDS_WORD.length())))
                .map(rounds -> new Lab.Effort(rounds, effort.windows(), effort.windowSeconds(), effort.longSeconds()))
                .findFirst()
                .orElse(effort);
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
