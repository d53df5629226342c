package dev.pgleader.internal.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays the files under {@code scenarios} and compares what happens with what they say. Each is a page of
 * documentation: prose, commands for {@link Scenario}, a line of dashes, and what the core then did.
 *
 * <p>{@code -Dscenarios.rewrite=true} writes down what happens instead. Commit a new recording only if you understand
 * and agree with every change in it.
 */
class ScenarioTest {

    private static final Path FILES = Path.of("src/test/resources/dev/pgleader/internal/election/scenarios");
    private static final String DASHES = "----";

    @TestFactory
    List<DynamicTest> scenario_played_happensAsWritten() throws IOException {
        try (Stream<Path> found = Files.list(FILES)) {
            List<DynamicTest> tests = found.sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> play(file)))
                    .toList();
            assertFalse(tests.isEmpty());
            return tests;
        }
    }

    private static void play(Path file) throws IOException {
        String written = Files.readString(file);
        String happened = replay(written);
        if (Boolean.getBoolean("scenarios.rewrite")) {
            Files.writeString(file, happened);
        } else {
            assertEquals(written, happened, file.toString());
        }
    }

    /** Returns the scenario with the output that its commands give now. */
    private static String replay(String written) {
        Scenario scenario = new Scenario();
        StringBuilder happened = new StringBuilder();
        List<String> commands = new ArrayList<>();
        boolean inOutput = false;
        for (String line : written.lines().toList()) {
            if (inOutput) {
                inOutput = !line.isBlank();
            } else if (line.equals(DASHES)) {
                happened.append(line).append('\n').append(scenario.perform(commands));
                commands.clear();
                inOutput = true;
            } else if (!line.isBlank() && !line.startsWith("#")) {
                commands.add(line);
            }
            if (!inOutput && !line.equals(DASHES)) {
                happened.append(line).append('\n');
            }
        }
        return happened.toString();
    }
}
