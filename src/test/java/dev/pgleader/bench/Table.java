package dev.pgleader.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Figures as text: for people in columns, for programs with tabs between the cells. */
final class Table {

    private static final List<String> HEAD =
            List.of("case", "what", "n", "p50", "p99", "max", "bound", "", "first edition");

    private Table() {}

    static String forPeople(List<Figure> figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        figures.forEach(figure -> rows.add(figure.cells()));
        int[] widths = new int[HEAD.size()];
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
            line.append(String.format("%-" + widths[i] + "s  ", row.get(i)));
        }
        return line.toString().stripTrailing() + "\n";
    }

    static String forPrograms(List<Figure> figures) {
        return figures.stream()
                .map(figure -> "RESULT\t" + String.join("\t", figure.cells()) + "\n")
                .collect(Collectors.joining());
    }
}
