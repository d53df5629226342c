package dev.pgleader.peers.page;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.machine.Machine;
import dev.pgleader.peers.result.Bound;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Judge;
import dev.pgleader.peers.result.Loss;
import dev.pgleader.peers.result.Measure;
import dev.pgleader.peers.result.Results;
import dev.pgleader.peers.result.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the page shows as tables and lists. */
final class MarkdownTables {

    /** What the values of an earlier edition are called. */
    static final String BEFORE = "first edition";

    private static final String NONE = "–";

    private final Results results;
    private final Results runBefore;
    private final Results before;

    MarkdownTables(Results results, Results runBefore) {
        this.results = results;
        this.runBefore = runBefore;
        this.before = runBefore.ours();
    }

    static String machine(Machine machine) {
        List<List<String>> rows = new ArrayList<>();
        machine.facts().forEach((name, fact) -> rows.add(List.of(name, fact)));
        return table(List.of("", ""), rows);
    }

    String bounds() {
        List<Bound> earlier = Judge.judge(runBefore);
        List<List<String>> rows = new ArrayList<>();
        for (Bound bound : Judge.judge(results)) {
            String was = earlier.stream()
                    .filter(other ->
                            other.what().equals(bound.what()) && other.why().equals(bound.why()))
                    .findFirst()
                    .map(other -> Numbers.withUnit(other.value(), other.unit())
                            + (other.why().isEmpty()
                                    ? ""
                                    : " (at most " + Numbers.withUnit(other.limit(), other.unit()) + ")"))
                    .orElse(NONE);
            String limit = Numbers.withUnit(bound.limit(), bound.unit());
            rows.add(List.of(
                    bound.what(),
                    bound.why().isEmpty() ? limit : bound.why() + ": " + limit,
                    Numbers.withUnit(bound.value(), bound.unit()),
                    bound.isKept() ? "yes" : "**no**",
                    was));
        }
        return table(List.of("what", "at most", "this run", "reached", BEFORE + ", its own run"), rows);
    }

    String losses() {
        List<List<String>> rows = new ArrayList<>();
        for (Loss loss : Loss.of(results)) {
            String unit = loss.measure().unit();
            Samples theirs = loss.theirs();
            Samples ours = loss.ours();
            rows.add(List.of(
                    loss.scenario().word(),
                    loss.measure().title(),
                    loss.peer().title() + ", " + loss.peer().settings(),
                    better(theirs.median(), ours.median(), unit),
                    Numbers.withUnit(ours.median(), unit),
                    better(theirs.max(), ours.max(), unit),
                    Numbers.withUnit(ours.max(), unit)));
        }
        return rows.isEmpty()
                ? "Nowhere."
                : table(
                        List.of(
                                "case",
                                "what",
                                "peer",
                                "its p50",
                                "pgleader's p50",
                                "its longest",
                                "pgleader's longest"),
                        rows);
    }

    private static String better(double theirs, double ours, String unit) {
        String text = Numbers.withUnit(theirs, unit);
        return theirs < ours ? "**" + text + "**" : text;
    }

    /** Shows gaps, calls and overlaps of one case. */
    String handOver(Case scenario) {
        List<List<String>> rows = new ArrayList<>();
        for (Series series : Series.values()) {
            handOver(scenario, series, results, series.title()).ifPresent(rows::add);
            handOver(scenario, series, before, series.title() + ", " + BEFORE).ifPresent(rows::add);
        }
        return table(
                List.of(
                        "",
                        "n",
                        "gap p50, ms",
                        "p90",
                        "p99",
                        "longest",
                        "call to begin, p50",
                        "overlapped",
                        "old leader again",
                        "moved unasked"),
                rows);
    }

    private static Optional<List<String>> handOver(Case scenario, Series series, Results from, String name) {
        return from.find(scenario, series, Measure.GAP).map(gaps -> {
            List<String> row = new ArrayList<>(List.of(name));
            row.addAll(spread(gaps, 1));
            row.add(Numbers.plain(
                    from.find(scenario, series, Measure.CALL).orElseThrow().median()));
            row.add(overlap(from.find(scenario, series, Measure.OVERLAP).orElseThrow()));
            row.add(count(from.find(scenario, series, Measure.RETURNED).orElseThrow()));
            row.add(count(from.find(scenario, series, Measure.LOST).orElseThrow()));
            return row;
        });
    }

    private static String overlap(Samples overlaps) {
        String count = count(overlaps);
        return overlaps.max() == 0 ? count : "**" + count + "**, up to " + Numbers.withUnit(overlaps.max(), "ms");
    }

    private static String count(Samples samples) {
        return samples.values().stream().filter(value -> value > 0).count() + " of " + samples.count();
    }

    String kill() {
        List<List<String>> rows = new ArrayList<>();
        for (Series series : Series.values()) {
            kill(series, results, series.settings()).ifPresent(rows::add);
            kill(series, before, series.settings() + ", " + BEFORE).ifPresent(rows::add);
        }
        return table(List.of("", "setting", "n", "p50, s", "p90", "p99", "longest", "moved unasked"), rows);
    }

    private static Optional<List<String>> kill(Series series, Results from, String settings) {
        return from.find(Case.KILL, series, Measure.KILL).map(samples -> {
            List<String> row = new ArrayList<>(List.of(series.title(), settings));
            row.addAll(spread(samples, 1000));
            row.add(count(from.find(Case.KILL, series, Measure.LOST).orElseThrow()));
            return row;
        });
    }

    String idle() {
        List<Series> systems = Arrays.stream(Series.values())
                .filter(series ->
                        results.find(Case.IDLE, series, Measure.LEADER_CPU).isPresent())
                .toList();
        List<String> head = new ArrayList<>(List.of("", "unit"));
        systems.forEach(series -> head.add(series.title()));
        boolean compared = before.find(Case.IDLE, Series.PGLEADER, Measure.WAL).isPresent();
        if (compared) {
            head.add("pgleader, " + BEFORE);
        }
        List<List<String>> rows = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if (systems.stream()
                    .anyMatch(series -> results.find(Case.IDLE, series, measure).isPresent())) {
                List<String> row = new ArrayList<>(List.of(measure.title(), measure.unit()));
                systems.forEach(series -> row.add(idle(results, series, measure)));
                if (compared) {
                    row.add(idle(before, Series.PGLEADER, measure));
                }
                rows.add(row);
            }
        }
        return table(head, rows);
    }

    private static String idle(Results from, Series series, Measure measure) {
        return from.find(Case.IDLE, series, measure)
                .map(samples -> measure.isIncident() ? count(samples) : Numbers.plain(samples.median()))
                .orElse(NONE);
    }

    /** Returns count, percentiles and the greatest value in cells, in units of so many of the measured ones. */
    private static List<String> spread(Samples samples, double unit) {
        List<String> cells = new ArrayList<>();
        cells.add(String.valueOf(samples.count()));
        cells.add(Numbers.plain(samples.median() / unit));
        for (int percent : List.of(90, 99)) {
            cells.add(samples.isEnoughFor(percent) ? Numbers.plain(samples.percentile(percent) / unit) : NONE);
        }
        cells.add(Numbers.plain(samples.max() / unit));
        return cells;
    }

    private static String table(List<String> head, List<List<String>> rows) {
        List<String> rule = Collections.nCopies(head.size(), "---");
        return line(head) + line(rule) + rows.stream().map(MarkdownTables::line).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
