package dev.pgleader.peers.page;

import dev.pgleader.peers.result.Bound;
import dev.pgleader.peers.result.Results;
import dev.pgleader.peers.result.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Values in columns, for a terminal. */
public final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    private TextTable(List<String> head) {
        rows.add(head);
    }

    /**
     * Shows what was measured, but for incidents that there were none of.
     *
     * @param results the values
     * @return the table
     */
    public static String ofResults(Results results) {
        TextTable table = new TextTable(List.of("case", "system", "what", "n", "p50", "p90", "p99", "max", ""));
        for (Results.Key key : results.keys()) {
            Samples samples =
                    results.find(key.scenario(), key.series(), key.measure()).orElseThrow();
            if (key.measure().isIncident() && samples.max() == 0) {
                continue;
            }
            table.rows.add(List.of(
                    key.scenario().word(),
                    key.series().title() + ", " + key.series().settings(),
                    key.measure().title(),
                    String.valueOf(samples.count()),
                    Numbers.plain(samples.median()),
                    percentile(samples, 90),
                    percentile(samples, 99),
                    Numbers.plain(samples.max()),
                    key.measure().unit()));
        }
        return table.text();
    }

    /**
     * Shows what was to be reached.
     *
     * @param bounds the bounds
     * @return the table
     */
    public static String ofBounds(List<Bound> bounds) {
        TextTable table = new TextTable(List.of("bound", "at most", "is", "", ""));
        for (Bound bound : bounds) {
            table.rows.add(List.of(
                    bound.what(),
                    Numbers.withUnit(bound.limit(), bound.unit()),
                    Numbers.withUnit(bound.value(), bound.unit()),
                    bound.isKept() ? "kept" : "MISSED",
                    bound.why()));
        }
        return table.text();
    }

    /** Returns a percentile, or a dash where there are too few values for it to mean anything. */
    static String percentile(Samples samples, int percent) {
        return samples.isEnoughFor(percent) ? Numbers.plain(samples.percentile(percent)) : "–";
    }

    private String text() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
    }

    private static String line(List<String> row, int... widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing() + "\n";
    }
}
