package dev.pgleader.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.pgleader.Takeover;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every fault, with both kinds of takeover: part of {@code mvn verify -Pfaults} only. {@code -Dfaults.rounds=} says how
 * often each strikes, {@code -Dfaults.only=} which (words of titles, separated by commas), {@code -Dfaults.seed=} replays
 * the choices of a run.
 */
@Tag("faults")
class FaultsTest {

    private static final Scoreboard SCOREBOARD = new Scoreboard();
    private static final Duration TO_BUILD = Duration.ofMinutes(2);
    private static final Duration TO_STRIKE = Duration.ofMinutes(1);

    @TestFactory
    Stream<DynamicTest> everyFault_bothTakeovers() throws IOException, InterruptedException {
        Preflight.require();
        Remains remains = Remains.fromNow();
        int rounds = Integer.getInteger("faults.rounds", 2);
        long seed = Long.getLong("faults.seed", System.nanoTime());
        Stream<DynamicTest> faults = Catalogue.chosen(System.getProperty("faults.only", "")).stream()
                .flatMap(fault -> Stream.of(Takeover.values())
                        .map(takeover -> DynamicTest.dynamicTest(
                                fault.title() + ", " + takeover, () -> play(fault, takeover, seed, rounds))));
        DynamicTest last =
                DynamicTest.dynamicTest("nothing is left behind", () -> assertEquals(List.of(), remains.find()));
        return Stream.concat(faults, Stream.of(last));
    }

    private static void play(Fault fault, Takeover takeover, long seed, int rounds) {
        Outcome outcome = assertTimeoutPreemptively(
                TO_BUILD.plus(TO_STRIKE.multipliedBy(rounds)),
                () -> Drill.play(fault, takeover, seed, rounds, Plant.NONE));
        SCOREBOARD.add(outcome);
        assertEquals(List.of(), outcome.violations(), () -> fault.title() + ", " + takeover);
    }

    @AfterAll
    static void publish() throws IOException {
        SCOREBOARD.publish();
    }
}
