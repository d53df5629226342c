package dev.pgleader.peers.result;

import dev.pgleader.peers.Series;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that a peer does better than the library, in one run. Immutable.
 *
 * @param scenario what happened
 * @param measure what was measured
 * @param peer who is better, by the median or by the greatest value
 * @param theirs its values
 * @param ours the library's values
 */
public record Loss(Case scenario, Measure measure, Series peer, Samples theirs, Samples ours) {

    /**
     * Finds all of them. The library is compared as it comes. What is a count of incidents is left out, and so is what follows
     * from something that is not: the call, which ends with the gap, and the gap of a peer whose leaders mostly overlap.
     *
     * @param results the values of one run
     * @return what it loses
     */
    public static List<Loss> of(Results results) {
        List<Loss> losses = new ArrayList<>();
        for (Results.Key key : results.keys()) {
            boolean compared = !key.series().isOurs()
                    && !key.measure().isIncident()
                    && key.measure() != Measure.CALL
                    && !(key.measure() == Measure.GAP && mostlyOverlaps(results, key));
            if (compared) {
                Samples theirs = results.find(key.scenario(), key.series(), key.measure())
                        .orElseThrow();
                results.find(key.scenario(), Series.PGLEADER, key.measure())
                        .filter(ours -> theirs.median() < ours.median() || theirs.max() < ours.max())
                        .ifPresent(ours ->
                                losses.add(new Loss(key.scenario(), key.measure(), key.series(), theirs, ours)));
            }
        }
        return losses;
    }

    private static boolean mostlyOverlaps(Results results, Results.Key key) {
        return results.find(key.scenario(), key.series(), Measure.OVERLAP)
                .filter(overlaps -> overlaps.median() > 0)
                .isPresent();
    }
}
