package dev.pgleader.peers.result;

import dev.pgleader.peers.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Something that a peer does better than the library, in one run. Immutable.
 *
 * @param scenario what happened
 * @param measure what was measured
 * @param statistic which of the values is compared: "p50" or "greatest"
 * @param ours the library's value
 * @param peer who is better
 * @param theirs its value
 */
public record Loss(Case scenario, Measure measure, String statistic, double ours, Series peer, double theirs) {

    /**
     * Finds all of them. The library is compared as it comes. Incidents are counted elsewhere.
     *
     * @param results the values of one run
     * @return what it loses
     */
    public static List<Loss> of(Results results) {
        List<Loss> losses = new ArrayList<>();
        for (Results.Key key : results.keys()) {
            results.find(key.scenario(), Series.PGLEADER, key.measure()).ifPresent(ours -> {
                Samples theirs = results.find(key.scenario(), key.series(), key.measure())
                        .orElseThrow();
                if (!key.series().isOurs() && !key.measure().isIncident()) {
                    compare(key, "p50", ours, theirs, Samples::median, losses);
                    compare(key, "greatest", ours, theirs, Samples::max, losses);
                }
            });
        }
        return losses;
    }

    private static void compare(
            Results.Key key,
            String name,
            Samples ours,
            Samples theirs,
            ToDoubleFunction<Samples> statistic,
            List<Loss> losses) {
        double mine = statistic.applyAsDouble(ours);
        double other = statistic.applyAsDouble(theirs);
        if (other < mine) {
            losses.add(new Loss(key.scenario(), key.measure(), name, mine, key.series(), other));
        }
    }
}
