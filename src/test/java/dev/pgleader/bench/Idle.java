package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.util.ArrayList;
import java.util.List;

/**
 * One process leads, another follows, and nothing happens: what that costs the server and the processes, with one election
 * and with many.
 */
final class Idle implements Scenario {

    private static final String LEADING = "leaders";
    private static final String FOLLOWING = "followers";
    private static final int SETTLING_MS = 8000;

    private final int elections;

    /** Makes the case for so many elections. */
    Idle(int elections) {
        this.elections = elections;
    }

    @Override
    public String name() {
        return "idle-" + elections;
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        Footprint leading = Footprint.of(LEADING, lab.start(lab.setup().as(LEADING)));
        leading.process().send("crowd", name() + "-", elections);
        leading.process().await(Event.Kind.LED);
        Footprint following = Footprint.of(FOLLOWING, lab.start(lab.setup().as(FOLLOWING)));
        following.process().send("crowd", name() + "-", elections);
        Pause.millis(SETTLING_MS);
        Samples logLines = Footprint.look(lab, List.of(leading, following));
        List<Figure> figures = new ArrayList<>();
        figures.addAll(leading.figures(name()));
        figures.addAll(following.figures(name()));
        figures.add(new Figure(name(), "lines in the server's log", logLines, List.of(Figure.atMost(0))));
        return figures;
    }
}
