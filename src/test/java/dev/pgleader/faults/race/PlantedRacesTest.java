package dev.pgleader.faults.race;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Each planted fault shows two holders at once within a minute. Chance decides how soon, and so does the speed of the machine:
 * run by {@code mvn verify -Praces} only. {@code -Drace.patience=} says for how many seconds each is raced at most.
 */
@Tag("races")
class PlantedRacesTest {

    private final long seed = Long.getLong("race.seed", System.nanoTime());

    @TestFactory
    Stream<DynamicTest> everyPlantedFault_isFound() {
        int patience = Integer.getInteger("race.patience", 60);
        return Stream.of(Planted.values())
                .map(planted -> DynamicTest.dynamicTest(planted.toString(), () -> {
                    List<String> report = Race.runWith(planted, planted.kind(), patience, seed);

                    assertTrue(
                            report.stream().anyMatch(finding -> finding.contains(" leads beside ")),
                            () -> "two at once were not found: " + report);
                }));
    }
}
