package dev.pgleader.simulation;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.simulation.PlantedBugs.PlantedBug;
import dev.pgleader.testing.mutation.MutatedClasses;
import dev.pgleader.testing.mutation.Mutation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each planted bug is found by the run of one recorded seed, in which without the bug every promise is kept.
 *
 * <p>Whatever changes the course of runs makes the record stale: {@code -Dplanted.search=true} searches again for what is not
 * found any more, up to {@code -Dplanted.runs=400000} runs for each bug, and writes it down.
 */
class PlantedBugsTest {

    private static final Path RECORD = Path.of("src/test/resources/dev/pgleader/simulation/planted-bugs.txt");
    private static final boolean SEARCHES = Boolean.getBoolean("planted.search");
    private static final int RUNS = Integer.getInteger("planted.runs", 400_000);
    private static final int SLICE = 200;
    private static final String SIMULATION = "dev.pgleader.simulation.Simulation";

    private final PrintStream loud = System.err;

    @BeforeEach
    void keepTheLogQuiet() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    @AfterEach
    void speakAgain() {
        System.setErr(loud);
    }

    static List<PlantedBug> bugs() {
        return PlantedBugs.all();
    }

    @Test
    void everyText_standsOnceInItsFile() throws Exception {
        for (PlantedBug bug : bugs()) {
            for (Mutation each : bug.mutations()) {
                String text = Files.readString(Path.of(each.file()));
                assertDoesNotThrow(() -> each.appliedTo(text));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void bug_isFoundByItsSeed_andNothingIsFoundThereWithoutIt(PlantedBug bug) throws Exception {
        long seed = SEARCHES ? searchAndRecord(bug) : recordedSeed(bug);

        assertTrue(breaks(bug, objectionsWith(bug, seed)), () -> bug.name() + " is not found by " + seed);
        assertEquals(List.of(), Simulation.objections(seed), "without the bug");
    }

    @Test
    void record_namesTheBugsThatThereAre() throws IOException {
        List<String> names = bugs().stream().map(PlantedBug::name).sorted().toList();

        assertTrue(SEARCHES || names.equals(List.copyOf(record().keySet())), "the record is stale");
    }

    private static MutatedClasses mutatedBy(PlantedBug bug) {
        return MutatedClasses.with(bug.mutations().toArray(new Mutation[0]));
    }

    private static boolean breaks(PlantedBug bug, List<?> objections) {
        return objections.stream().anyMatch(each -> each.toString().startsWith("promise " + bug.promise() + " "));
    }

    private static boolean isFoundBy(PlantedBug bug, MutatedClasses mutated, long seed) {
        try {
            return breaks(bug, mutated.call(SIMULATION, "objections", List.class, seed));
        } catch (Exception e) {
            throw new AssertionError(bug.name(), e);
        }
    }

    private static List<?> objectionsWith(PlantedBug bug, long seed) throws Exception {
        try (MutatedClasses mutated = mutatedBy(bug)) {
            return mutated.call(SIMULATION, "objections", List.class, seed);
        }
    }

    private static long recordedSeed(PlantedBug bug) throws IOException {
        Long seed = record().get(bug.name());
        assertNotNull(seed, () -> "no seed is recorded for '" + bug.name() + "'; search with -Dplanted.search=true");
        return seed;
    }

    private static long searchAndRecord(PlantedBug bug) throws Exception {
        Long known = record().get(bug.name());
        if (known != null && breaks(bug, objectionsWith(bug, known))) {
            return known;
        }
        OptionalLong found = OptionalLong.empty();
        try (MutatedClasses mutated = mutatedBy(bug)) {
            for (long from = 0; from < RUNS && found.isEmpty(); from += SLICE) {
                found = LongStream.range(from, from + SLICE)
                        .parallel()
                        .filter(seed -> isFoundBy(bug, mutated, seed))
                        .findFirst();
            }
        }
        assertTrue(found.isPresent(), () -> bug.name() + " is not found in " + RUNS + " runs");
        Map<String, Long> record = record();
        record.put(bug.name(), found.getAsLong());
        record.keySet().retainAll(bugs().stream().map(PlantedBug::name).toList());
        write(record);
        return found.getAsLong();
    }

    private static Map<String, Long> record() throws IOException {
        Map<String, Long> record = new TreeMap<>();
        if (Files.exists(RECORD)) {
            for (String line : Files.readAllLines(RECORD)) {
                int space = line.indexOf(' ');
                record.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
            }
        }
        return record;
    }

    private static void write(Map<String, Long> record) throws IOException {
        Files.createDirectories(RECORD.getParent());
        List<String> lines = new ArrayList<>();
        new TreeMap<>(record).forEach((name, seed) -> lines.add(seed + " " + name));
        Files.write(RECORD, lines);
    }
}
