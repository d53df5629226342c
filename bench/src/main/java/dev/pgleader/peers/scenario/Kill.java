package dev.pgleader.peers.scenario;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.machine.Lab;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Measure;
import dev.pgleader.peers.result.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A leader is killed as by {@code kill -9}, again and again: how soon the next one begins.
 *
 * <p>Most systems wait for seconds, so several pairs of each do that at the same time. What takes milliseconds comes after
 * them, one pair alone. The kill comes at a random moment between two heartbeats.
 */
public final class Kill implements Scenario {

    private static final List<Series> SLOW =
            List.of(Series.PGLEADER, Series.CURATOR_SELECTOR, Series.CURATOR_SHORT, Series.SPRING, Series.SPRING_SHORT);
    private static final int PAIRS = 7;
    private static final int SETTLING_MS = 500;
    private static final int PAUSE_MS = 1000;

    @Override
    public void measure(Lab lab, Effort effort, Results results) throws Exception {
        List<Callable<Pair>> starts = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            String election = Case.KILL.word() + "-" + i;
            for (Series series : SLOW) {
                starts.add(() -> Pair.start(lab, series, election + "-" + series, Duration.ZERO));
            }
        }
        List<Callable<Void>> plays = new ArrayList<>();
        for (Pair pair : AtOnce.all(starts.size(), starts)) {
            int number = plays.size() / SLOW.size();
            int rounds = effort.kills() / PAIRS + (number < effort.kills() % PAIRS ? 1 : 0);
            plays.add(() -> play(pair, rounds, results));
        }
        AtOnce.all(plays.size(), plays);
        lab.clear();
        play(Pair.start(lab, Series.PGLEADER_SESSION_END, Case.KILL.word(), Duration.ZERO), effort.kills(), results);
    }

    private static Void play(Pair pair, int rounds, Results results) throws Exception {
        for (int round = 0; round < rounds; round++) {
            Pauses.millis(SETTLING_MS + ThreadLocalRandom.current().nextInt(PAUSE_MS));
            pair.renewIfLost(results, Case.KILL);
            results.add(Case.KILL, pair.series(), Measure.KILL, pair.kill());
        }
        return null;
    }
}
