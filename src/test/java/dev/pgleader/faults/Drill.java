package dev.pgleader.faults;

import dev.pgleader.Takeover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Has one fault strike again and again, and judges what comes of it. One thread only. */
final class Drill {

    private static final Path FOLDER = Path.of("target", "faults");

    private final Fault fault;
    private final Takeover takeover;
    private final long seed;
    private final Plant plant;
    private final Random random;
    private final Outcome outcome;

    private Drill(Fault fault, Takeover takeover, long seed, Plant plant) {
        this.fault = fault;
        this.takeover = takeover;
        this.seed = seed;
        this.plant = plant;
        this.random = new Random(seed);
        this.outcome = new Outcome(fault, takeover);
    }

    /** Plays some rounds of one fault, fewer if something is found. */
    static Outcome play(Fault fault, Takeover takeover, long seed, int rounds, Plant plant) throws Exception {
        System.out.printf("%s, %s: %d rounds with seed %d%n", fault.title(), takeover, rounds, seed);
        Drill drill = new Drill(fault, takeover, seed, plant);
        while (drill.outcome.rounds() < rounds && drill.outcome.violations().isEmpty()) {
            drill.playScene(
                    Math.min(rounds - drill.outcome.rounds(), fault.setup().rounds()));
        }
        return drill.outcome;
    }

    private void playScene(int rounds) throws Exception {
        Files.createDirectories(FOLDER);
        Path folder = Files.createTempDirectory(FOLDER, "scene-");
        try (Scene scene = arranged(folder)) {
            try {
                for (int i = 0; i < rounds && outcome.violations().isEmpty(); i++) {
                    playRound(scene);
                }
                outcome.add(scene.histories());
            } catch (AssertionError nobodyLeads) {
                outcome.violated(nobodyLeads.toString());
            } finally {
                if (!outcome.violations().isEmpty()) {
                    scene.keepLogs();
                }
            }
        }
        if (outcome.violations().isEmpty()) {
            delete(folder);
        } else {
            outcome.violated("seed " + seed + "; what is known is in " + folder);
        }
    }

    /**
     * Builds a scene. One in which nobody came to lead is told of and built once more: what is judged here is what comes after a
     * fault has struck.
     */
    private Scene arranged(Path folder) throws Exception {
        try {
            return Scene.open(fault.setup(), takeover, plant, folder);
        } catch (AssertionError nobodyLeads) {
            outcome.arrangedAgain(nobodyLeads.toString());
            return Scene.open(fault.setup(), takeover, plant, Files.createTempDirectory(FOLDER, "scene-"));
        }
    }

    private void playRound(Scene scene) throws Exception {
        Round round = new Round(scene, random);
        round.hold(Duration.ZERO, Settings.HEARTBEAT.multipliedBy(2));
        long from = scene.current().map(Reign::last).orElseGet(System::nanoTime);
        fault.strike(round);
        scene.settle();
        long to = scene.current().map(Reign::last).orElseGet(System::nanoTime);
        judge(scene, round, from, to);
    }

    private void judge(Scene scene, Round round, long from, long to) throws SQLException {
        List<Reign> reigns = scene.reigns();
        Bound bound = fault.bound(takeover);
        long vacantMs = Reigns.vacancies(reigns, from, to).stream()
                .mapToLong(vacancy -> vacancy.millisAfter(round.countsFrom(bound)))
                .max()
                .orElse(0);
        List<String> overlaps = Reigns.overlaps(reigns);
        List<History> histories = scene.histories();
        List<String> violations = new ArrayList<>(overlaps);
        histories.forEach(history -> violations.addAll(history.violations()));
        for (History history : histories) {
            violations.addAll(History.contradictions(histories.get(0), history));
        }
        if (vacantMs > bound.length().toMillis()) {
            violations.add("nobody led for %d ms, more than %d ms = %s"
                    .formatted(vacantMs, bound.length().toMillis(), bound.formula()));
        }
        outcome.add(vacantMs, overlaps.size(), violations);
        System.out.printf(
                "  round %d: nobody led for %d ms of at most %d%s%n",
                outcome.rounds(), vacantMs, bound.length().toMillis(), summary(violations));
    }

    /** A broken fence shows in thousands of writes, of which the first few say as much. */
    private static String summary(List<String> violations) {
        if (violations.isEmpty()) {
            return "";
        }
        return "; " + violations.size() + " violations: " + violations.subList(0, Math.min(3, violations.size()));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
