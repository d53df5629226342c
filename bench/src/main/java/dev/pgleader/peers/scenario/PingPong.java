package dev.pgleader.peers.scenario;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.machine.Lab;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Two candidates resign in turn, each as soon as it has led for 300 ms: whether a system pays for the last hand-over in the
 * next one. The systems take turns by ten hand-overs; the one before those has no predecessor, and does not count.
 */
public final class PingPong implements Scenario {

    private static final List<Series> SERIES =
            List.of(Series.PGLEADER, Series.CURATOR_SELECTOR, Series.CURATOR_LATCH, Series.SPRING);
    private static final int BLOCK = 10;
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    @Override
    public void measure(Lab lab, Effort effort, Results results) throws Exception {
        List<Callable<Pair>> starts = new ArrayList<>();
        for (Series series : SERIES) {
            starts.add(() -> Pair.start(lab, series, Case.PING_PONG.word(), Duration.ZERO));
        }
        List<Pair> pairs = AtOnce.all(SERIES.size(), starts);
        for (Pair pair : pairs) {
            // Once each, to load classes.
            pair.handOver();
            pair.handOver();
        }
        for (int done = 0; done < effort.turns(); done += BLOCK) {
            for (Pair pair : pairs) {
                play(pair, results);
            }
        }
    }

    private static void play(Pair pair, Results results) throws Exception {
        pair.renewIfLost(results, Case.PING_PONG);
        for (int turn = 0; turn <= BLOCK; turn++) {
            Pair.Story story = pair.handOver();
            if (turn > 0) {
                story.addTo(results, Case.PING_PONG, pair.series());
            }
            Pauses.untilNanos(story.begin().nanos() + EVERY_NANOS);
        }
    }
}
