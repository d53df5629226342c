package dev.pgleader.peers.scenario;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.machine.Lab;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A leader resigns, again and again: how soon the next one begins, and whether their work overlaps.
 *
 * <p>Each system has two pairs of processes, and all pairs take turns. A pair rests between its turns, so that nothing of the
 * last hand-over is left in the next one. The first two of each pair load classes, and do not count.
 */
public final class HandOver implements Scenario {

    private static final List<Series> SERIES =
            List.of(Series.PGLEADER, Series.CURATOR_SELECTOR, Series.CURATOR_LATCH, Series.SPRING);
    private static final int PAIRS = 2;
    private static final int FIRST_ROUNDS = 2;
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);
    private static final int PAUSE_MS = 300;

    private final Case scenario;
    private final Duration stopping;

    /**
     * Makes the case.
     *
     * @param scenario its name
     * @param stopping how long a leader's work goes on after it was asked to stop
     */
    public HandOver(Case scenario, Duration stopping) {
        this.scenario = scenario;
        this.stopping = stopping;
    }

    @Override
    public void measure(Lab lab, Effort effort, Results results) throws Exception {
        List<Pair> pairs = start(lab);
        int wanted = stopping.isZero() ? effort.handOvers() : effort.slowHandOvers();
        long[] rested = new long[pairs.size()];
        Arrays.fill(rested, System.nanoTime() + REST_NANOS);
        for (int round = 0; round < FIRST_ROUNDS + wanted / PAIRS; round++) {
            for (int turn = 0; turn < pairs.size(); turn++) {
                Pauses.untilNanos(rested[turn]);
                Pauses.millis(ThreadLocalRandom.current().nextInt(PAUSE_MS));
                Pair pair = pairs.get(turn);
                pair.renewIfLost(results, scenario);
                Pair.Story story = pair.handOver();
                rested[turn] = System.nanoTime() + REST_NANOS;
                if (round >= FIRST_ROUNDS) {
                    story.addTo(results, scenario, pair.series());
                }
            }
        }
    }

    private List<Pair> start(Lab lab) throws InterruptedException {
        List<Callable<Pair>> starts = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            String election = scenario.word() + "-" + i;
            for (Series series : SERIES) {
                starts.add(() -> Pair.start(lab, series, election, stopping));
            }
        }
        return AtOnce.all(starts.size(), starts);
    }
}
