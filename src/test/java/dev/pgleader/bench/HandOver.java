package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A leader gives up of its own will: how soon the next one begins, and whether their work overlaps.
 *
 * <p>One hand-over at a time, each pair in its turn, so that a pair has rested for longer than the retry interval for
 * which a process that resigned lets others go first. The first time that a process gives up or is elected in its life it
 * loads classes; those hand-overs stand in a row of their own.
 */
final class HandOver implements Scenario {

    private static final int PAIRS = 4;
    private static final int FIRST_ROUNDS = 2 * PAIRS;

    /** How many times as often as what takes seconds: this is judged by its 99th percentile. */
    private static final int ROUNDS_FACTOR = 2;

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);
    private static final int P50_MS = 4;
    private static final int P99_MS = 15;
    private static final int P50_TO_NAMED_MS = 5;

    private final Way way;
    private final Duration stopping;
    private final Samples untilNext = new Samples();
    private final Samples untilNextAtFirst = new Samples();
    private final Samples gap = new Samples();
    private final Samples overlap = new Samples();
    private final Samples call = new Samples();

    /** How a leadership is given up. */
    enum Way {
        /** To whoever comes first. */
        RESIGN,
        /** For good. */
        CLOSE,
        /** To a named successor, while another candidate stands by. */
        HAND_OVER;

        String command() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Makes the case.
     *
     * @param stopping how long the work goes on after it was cancelled
     */
    HandOver(Way way, Duration stopping) {
        this.way = way;
        this.stopping = stopping;
    }

    @Override
    public String name() {
        return way.command() + (stopping.isZero() ? "" : "-" + stopping.toMillis());
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            Pair pair = Pair.of(lab.start(lab.setup()), lab.start(lab.setup()), name() + i, stopping);
            if (way == Way.HAND_OVER) {
                pair.addBystander(lab.start(lab.setup()));
            }
            pairs.add(pair);
        }
        long[] rested = new long[PAIRS];
        long now = System.nanoTime();
        for (int i = 0; i < PAIRS; i++) {
            rested[i] = now + REST_NANOS;
        }
        for (int round = 0; round < FIRST_ROUNDS + ROUNDS_FACTOR * lab.effort().rounds(); round++) {
            int turn = round % PAIRS;
            Pause.untilNanos(rested[turn]);
            Pause.upToMillis(REST_NANOS / 1_000_000 / PAIRS);
            lab.calm().await();
            handOver(pairs.get(turn), round < FIRST_ROUNDS);
            rested[turn] = System.nanoTime() + REST_NANOS;
        }
        pairs.forEach(Pair::requireNoSurprise);
        return figures();
    }

    private void handOver(Pair pair, boolean first) throws Exception {
        pair.leader().send(way.command(), pair.follower().address());
        Event asked = pair.leader().await(Event.Kind.ASKED);
        Event end = pair.leader().await(Event.Kind.END);
        Event done = pair.leader().await(Event.Kind.DONE);
        Event begin = pair.follower().await(Event.Kind.BEGIN);
        (first ? untilNextAtFirst : untilNext).add(begin.millisSince(asked.nanos()));
        if (!first) {
            gap.add(begin.millisSince(end.nanos()));
            call.add(done.millisSince(asked.nanos()));
        }
        overlap.add(Math.max(0, end.millisSince(begin.nanos())));
        if (way == Way.CLOSE) {
            pair.swapAndStandAnew();
        } else {
            pair.swap();
        }
    }

    private List<Figure> figures() {
        List<Figure.Limit> prompt = way == Way.HAND_OVER
                ? List.of(new Figure.Limit(50, P50_TO_NAMED_MS), new Figure.Limit(99, P99_MS))
                : List.of(new Figure.Limit(50, P50_MS), new Figure.Limit(99, P99_MS));
        return List.of(
                new Figure(
                        name(),
                        "call to the next leader's begin, ms",
                        untilNext,
                        stopping.isZero() ? prompt : List.of()),
                new Figure(name(), "the same, first time for a process, ms", untilNextAtFirst, List.of()),
                new Figure(name(), "gap between end and begin, ms", gap, prompt),
                new Figure(name(), "overlap of callbacks, ms", overlap, List.of(Figure.atMost(0))),
                new Figure(name(), "length of the call, ms", call, List.of()));
    }
}
