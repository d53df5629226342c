package dev.pgleader.peers.result;

import dev.pgleader.peers.Backend;
import dev.pgleader.peers.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Holds the library's values against the bounds that it has set itself. What was not measured is not judged. */
public final class Judge {

    private static final double SHARE_OF_CURATOR = 0.3;

    private final Results results;
    private final List<Bound> bounds = new ArrayList<>();

    private Judge(Results results) {
        this.results = results;
    }

    /**
     * Judges.
     *
     * @param results the values of one run
     * @return the bounds, kept or not
     */
    public static List<Bound> judge(Results results) {
        Judge judge = new Judge(results);
        judge.handOver(Case.HAND_OVER, "hand-over");
        judge.handOver(Case.PING_PONG, "resigning in turn");
        judge.atMost(Case.HAND_OVER, Series.PGLEADER, Measure.OVERLAP, "hand-over, longest overlap", Samples::max, 0);
        judge.atMost(
                Case.SLOW_STOP,
                Series.PGLEADER,
                Measure.OVERLAP,
                "hand-over, work stops in 300 ms, longest overlap",
                Samples::max,
                0);
        judge.atMost(Case.KILL, Series.PGLEADER, Measure.KILL, "kill, p50", Samples::median, 4300);
        judge.atMost(Case.KILL, Series.PGLEADER, Measure.KILL, "kill, longest", Samples::max, 5250);
        judge.atMost(
                Case.KILL, Series.PGLEADER_SESSION_END, Measure.KILL, "kill, ON_SESSION_END, p50", Samples::median, 30);
        judge.atMost(
                Case.KILL,
                Series.PGLEADER_SESSION_END,
                Measure.KILL,
                "kill, ON_SESSION_END, longest",
                Samples::max,
                100);
        for (Measure measure : List.of(Measure.LEADER_STATEMENTS, Measure.FOLLOWER_STATEMENTS)) {
            judge.atMost(Case.IDLE, Series.PGLEADER, measure, "idle, " + measure.title(), Samples::mean, 1.2);
        }
        return judge.bounds;
    }

    private void handOver(Case scenario, String words) {
        String median = words + ", p50";
        String far = words + (isEnoughForP99(scenario) ? ", p99" : ", longest");
        atMost(scenario, Series.PGLEADER, Measure.GAP, median, Samples::median, 4);
        curators(scenario, Samples::median)
                .ifPresent(theirs -> atMost(
                        scenario, median, Samples::median, SHARE_OF_CURATOR * theirs, "0.3 × the faster Curator's"));
        atMost(scenario, Series.PGLEADER, Measure.GAP, far, Judge::p99, 15);
        curators(scenario, Judge::p99)
                .ifPresent(theirs -> atMost(scenario, far, Judge::p99, theirs, "the faster Curator's"));
    }

    private boolean isEnoughForP99(Case scenario) {
        return results.find(scenario, Series.PGLEADER, Measure.GAP)
                .filter(samples -> samples.isEnoughFor(99))
                .isPresent();
    }

    /** Returns the smallest of what the kinds of Curator have reached. */
    private OptionalDouble curators(Case scenario, ToDoubleFunction<Samples> statistic) {
        return Arrays.stream(Series.values())
                .filter(series -> series.backend() == Backend.ZOOKEEPER)
                .flatMap(series -> results.find(scenario, series, Measure.GAP).stream())
                .mapToDouble(statistic)
                .min();
    }

    /** Returns what is the longest where there are too few values. */
    private static double p99(Samples samples) {
        return samples.percentile(99);
    }

    private void atMost(Case scenario, String what, ToDoubleFunction<Samples> statistic, double limit, String why) {
        results.find(scenario, Series.PGLEADER, Measure.GAP)
                .ifPresent(samples ->
                        bounds.add(new Bound(what, limit, why, statistic.applyAsDouble(samples), Measure.GAP.unit())));
    }

    private void atMost(
            Case scenario,
            Series series,
            Measure measure,
            String what,
            ToDoubleFunction<Samples> statistic,
            double limit) {
        results.find(scenario, series, measure)
                .ifPresent(samples ->
                        bounds.add(new Bound(what, limit, "", statistic.applyAsDouble(samples), measure.unit())));
    }
}
