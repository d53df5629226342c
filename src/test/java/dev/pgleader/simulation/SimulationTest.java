package dev.pgleader.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.simulation.Simulate.Outcome;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Thousands of runs in which everything goes wrong that can, judged from outside by the promises.
 *
 * <p>A failure names its seeds and tells the story of the first; {@code -Dsimulation.seed=4711} plays that one alone, and
 * {@code -Dsimulation.seeds=100000} plays more.
 */
class SimulationTest {

    private static final int RUNS = Integer.getInteger("simulation.seeds", 2_000);
    private static final int ENOUGH_TO_SEE_EVERYTHING = 2_000;
    private static final int STORY_LINES = 120;

    @Test
    void everythingGoesWrong_everyPromiseIsKept() {
        Long only = Long.getLong("simulation.seed");

        Outcome outcome = only == null ? Simulate.playAll(0, RUNS) : Simulate.playAll(only, 1);

        assertTrue(outcome.failed.isEmpty(), () -> report(outcome.failed));
        if (outcome.runs >= ENOUGH_TO_SEE_EVERYTHING) {
            assertEquals(List.of(), outcome.tally.missing(), "never happened, so that nothing is known about it");
        }
    }

    @Test
    void sameSeed_playsTheSameRun() {
        List<String> story = Simulation.story(11);

        assertFalse(story.isEmpty());
        assertEquals(story, Simulation.story(11));
    }

    @Test
    void storyWritten_changesNothing() {
        Verdict told = Simulation.play(12);
        Simulation.story(12);

        assertEquals(told.events(), Simulation.play(12).events());
    }

    private static String report(List<Verdict> failed) {
        long seed = failed.get(0).seed();
        List<String> story = Simulation.story(seed);
        return failed.stream()
                        .map(verdict -> "-Dsimulation.seed=" + verdict.seed() + ": " + verdict.objections())
                        .collect(Collectors.joining("\n", "", "\n"))
                + "the end of the story of " + seed + ":\n"
                + String.join("\n", story.subList(Math.max(0, story.size() - STORY_LINES), story.size()));
    }
}
