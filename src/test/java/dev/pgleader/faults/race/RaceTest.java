package dev.pgleader.faults.race;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * No race shows two holders at once: part of {@code mvn verify -Pfaults} only. {@code -Drace.seconds=} says how long each kind is
 * raced, {@code -Drace.seed=} by which seed.
 */
@Tag("faults")
class RaceTest {

    private final long seed = Long.getLong("race.seed", System.nanoTime());

    @TestFactory
    Stream<DynamicTest> everyKind_hasOneHolderAtATime() {
        int seconds = Integer.getInteger("race.seconds", 20);
        return Stream.of(Kind.values())
                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> {
                    List<String> report = Race.run(kind.name(), seconds, seed, false);

                    System.out.println(report.get(0));
                    assertEquals(List.of(), report.subList(1, report.size()), report.get(0));
                }));
    }
}
