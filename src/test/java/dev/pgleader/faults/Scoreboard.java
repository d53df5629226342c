package dev.pgleader.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What came of all faults, as a table. One thread at a time. */
final class Scoreboard {

    private static final Path FILE = Path.of("target", "faults", "table.md");

    private static final List<String> HEAD = List.of(
            "fault",
            "takeover",
            "rounds",
            "overlaps",
            "terms",
            "fenced writes",
            "late unfenced",
            "median ms",
            "longest ms",
            "bound ms",
            "bound",
            "promises");

    private final List<Outcome> outcomes = new ArrayList<>();

    /** Adds an outcome to what is known of the same fault. */
    void add(Outcome outcome) {
        for (Outcome known : outcomes) {
            if (known.fault() == outcome.fault() && known.takeover() == outcome.takeover()) {
                known.add(outcome);
                return;
            }
        }
        outcomes.add(outcome);
    }

    List<String> violations() {
        return outcomes.stream()
                .flatMap(outcome -> outcome.violations().stream()
                        .map(each -> outcome.fault().title() + ": " + each))
                .toList();
    }

    /** Prints the table, and leaves it in the build's folder. */
    void publish() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        outcomes.forEach(outcome -> rows.add(outcome.cells()));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            table.append(line(row, widths));
            if (row == HEAD) {
                table.append(line(HEAD.stream().map(any -> "---").toList(), widths));
            }
        }
        long rounds = outcomes.stream().mapToLong(Outcome::rounds).sum();
        long overlaps = outcomes.stream().mapToLong(Outcome::overlaps).sum();
        table.append("\n%d rounds, %d overlaps, %d violations.\n"
                .formatted(rounds, overlaps, violations().size()));
        outcomes.forEach(outcome ->
                outcome.falseStarts().forEach(each -> table.append(each).append('\n')));
        table.append(Settings.describe()).append("\n");
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, table);
        System.out.println(table);
    }

    private static String line(List<String> row, int... widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            line.append(String.format(" %-" + widths[i] + "s |", row.get(i)));
        }
        return line.append("\n").toString();
    }
}
