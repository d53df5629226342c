package dev.pgleader.bench;

import java.util.List;

/**
 * One process is elected in 1,000 vacant elections over one session: how long from the first {@code run}, connecting
 * included, until the last callback has begun.
 */
final class Crowd implements Scenario {

    private static final int SIZE = 1000;
    private static final int BOUND_MS = 400;

    private final Samples unknown = new Samples();
    private final Samples fresh = new Samples();
    private final Samples warm = new Samples();
    private final Samples closing = new Samples();

    @Override
    public String name() {
        return "takeover-" + SIZE;
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        for (int round = 0; round < lab.effort().rounds(); round++) {
            lab.calm().await();
            String prefix = name() + "-" + round + "-";
            CandidateProcess first = lab.start(lab.setup());
            elect(first, prefix, unknown);
            first.close();
            first = lab.start(lab.setup());
            elect(first, prefix, fresh);
            elect(first, prefix, warm);
            first.close();
        }
        List<Figure.Limit> bound = List.of(Figure.atMost(BOUND_MS));
        return List.of(
                new Figure(name(), "first run to last begin, new JVM, ms", fresh, bound),
                new Figure(name(), "the same, warm JVM, ms", warm, bound),
                new Figure(name(), "the same, new JVM, names never seen before, ms", unknown, bound),
                new Figure(name(), "length of close(), ms", closing, List.of()));
    }

    private void elect(CandidateProcess candidate, String prefix, Samples samples) throws Exception {
        candidate.send("crowd", prefix, SIZE);
        Event run = candidate.await(Event.Kind.RUN);
        samples.add(candidate.await(Event.Kind.LED).millisSince(run.nanos()));
        candidate.send("close");
        Event asked = candidate.await(Event.Kind.ASKED);
        closing.add(candidate.await(Event.Kind.DONE).millisSince(asked.nanos()));
    }
}
