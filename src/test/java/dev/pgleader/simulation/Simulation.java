package dev.pgleader.simulation;

import java.util.ArrayList;
import java.util.List;

/** Plays runs: everything in one comes from its seed, so that it can be played again. Thread-safe. */
public final class Simulation {

    private Simulation() {}

    /** Plays a run. */
    static Verdict play(long seed) {
        return play(seed, false).verdict;
    }

    /** Plays a run and writes its story. */
    static List<String> story(long seed) {
        return play(seed, true).story;
    }

    /**
     * Plays a run, for callers that know nothing of this package because it was loaded apart.
     *
     * @param seed what to draw it from
     * @return the objections
     */
    public static List<String> objections(long seed) {
        return play(seed).objections();
    }

    private record Played(Verdict verdict, List<String> story) {}

    private static Played play(long seed, boolean storyWritten) {
        World world = new World(seed, storyWritten);
        List<String> objections = new ArrayList<>();
        try {
            world.play();
        } catch (RuntimeException | AssertionError defect) {
            world.story.tell("JUDGE E", () -> "an exception: " + defect);
            objections.add("promise E is broken at " + Story.seconds(world.now()) + ": an exception in the loop: "
                    + defect + " at " + firstFrames(defect));
        }
        objections.addAll(world.judges.objections());
        Verdict verdict = new Verdict(seed, objections, world.tally, world.agenda.size());
        return new Played(verdict, world.story.lines());
    }

    private static String firstFrames(Throwable defect) {
        StackTraceElement[] frames = defect.getStackTrace();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(6, frames.length); i++) {
            text.append(i == 0 ? "" : " < ").append(frames[i]);
        }
        return text.toString();
    }
}
