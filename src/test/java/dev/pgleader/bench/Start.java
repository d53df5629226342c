package dev.pgleader.bench;

import java.util.List;

/** A process stands in a vacant election: how long from {@code Leader.run} until it leads. */
final class Start implements Scenario {

    private static final int BOUND_MS = 150;
    private static final int WARM_STARTS = 3;

    private final Samples fresh = new Samples();
    private final Samples warm = new Samples();

    @Override
    public String name() {
        return "start";
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        lead(lab.start(lab.setup()), new Samples());
        for (int round = 0; round < lab.effort().rounds(); round++) {
            CandidateProcess candidate = lab.start(lab.setup());
            lab.calm().await();
            lead(candidate, fresh);
            for (int i = 0; i < WARM_STARTS; i++) {
                lead(candidate, warm);
            }
            candidate.close();
        }
        List<Figure.Limit> bound = List.of(Figure.atMost(BOUND_MS));
        return List.of(
                new Figure(name(), "run to LEADING, new JVM, ms", fresh, bound),
                new Figure(name(), "run to LEADING, warm JVM, ms", warm, bound));
    }

    private static void lead(CandidateProcess candidate, Samples samples) throws Exception {
        candidate.send("alone");
        Event run = candidate.await(Event.Kind.RUN);
        samples.add(candidate.await(Event.Kind.LED).millisSince(run.nanos()));
        candidate.await(Event.Kind.DONE);
    }
}
