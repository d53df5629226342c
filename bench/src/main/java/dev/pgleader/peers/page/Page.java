package dev.pgleader.peers.page;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.machine.Machine;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Measure;
import dev.pgleader.peers.result.Results;
import dev.pgleader.peers.result.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The page of the documentation: a text of this project's resources, whose {@code {{…}}} are replaced by tables, and plots beside
 * it.
 */
public final class Page {

    private static final String TEXT = "/dev/pgleader/peers/performance.md";
    private static final String GAP_AXIS =
            "from the end of the old leader's work to the begin of the new leader's; logarithmic";

    private final Results results;
    private final Results before;
    private final Machine machine;

    /**
     * Makes the page.
     *
     * @param results the values of one run
     * @param before the values of a run of an earlier edition, maybe none
     * @param machine where they were measured
     */
    public Page(Results results, Results before, Machine machine) {
        this.results = results;
        this.before = before;
        this.machine = machine;
    }

    /**
     * Writes {@code performance.md} and the folder {@code performance}.
     *
     * @param docs the folder of the documentation
     * @throws IOException if that is not possible
     * @throws IllegalStateException if a case was not measured
     */
    public void write(Path docs) throws IOException {
        Set<Case> missing = EnumSet.allOf(Case.class);
        results.keys().forEach(key -> missing.remove(key.scenario()));
        if (!missing.isEmpty()) {
            throw new IllegalStateException("the page needs every case; not measured: " + missing);
        }
        String page = text();
        for (Map.Entry<String, String> part : parts().entrySet()) {
            page = page.replace("{{" + part.getKey() + "}}", part.getValue().stripTrailing());
        }
        Files.writeString(docs.resolve("performance.md"), page);
        plots(Files.createDirectories(docs.resolve("performance")));
    }

    private static String text() throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(TEXT)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Map<String, String> parts() {
        MarkdownTables tables = new MarkdownTables(results, before);
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("machine", MarkdownTables.machine(machine));
        parts.put("bounds", tables.bounds());
        parts.put("losses", tables.losses());
        for (Case each : List.of(Case.HAND_OVER, Case.SLOW_STOP, Case.PING_PONG)) {
            parts.put(each.word(), tables.handOver(each));
        }
        parts.put(Case.KILL.word(), tables.kill());
        parts.put(Case.IDLE.word(), tables.idle());
        return parts;
    }

    private void plots(Path folder) throws IOException {
        new StripPlot("Graceful hand-over: how long nobody works", GAP_AXIS, "ms", strips(Case.HAND_OVER, Measure.GAP))
                .write(folder.resolve("hand-over.svg"));
        new StripPlot(
                        "Two candidates resign in turn: how long nobody works",
                        GAP_AXIS,
                        "ms",
                        strips(Case.PING_PONG, Measure.GAP))
                .write(folder.resolve("ping-pong.svg"));
        new StripPlot(
                        "Leader killed by kill -9: how long until the next one works",
                        "from the kill to the begin of the next leader's work; logarithmic",
                        "ms",
                        strips(Case.KILL, Measure.KILL))
                .write(folder.resolve("kill.svg"));
        new StripPlot(
                        "Idle: statements that a process sends to PostgreSQL",
                        "statements per second, each dot the mean of a window; logarithmic",
                        "/s",
                        statements())
                .write(folder.resolve("idle-statements.svg"));
        new StripPlot(
                        "Idle: WAL that a leader and a follower make PostgreSQL write",
                        "bytes per second, each dot the mean of a window; logarithmic",
                        "B/s",
                        strips(Case.IDLE, Measure.WAL))
                .write(folder.resolve("idle-wal.svg"));
    }

    private List<Strip> strips(Case scenario, Measure measure) {
        List<Strip> strips = new ArrayList<>();
        for (Series series : Series.values()) {
            results.find(scenario, series, measure)
                    .ifPresent(samples -> strips.add(strip(series, series.settings(), samples)));
            before.ours().find(scenario, series, measure).ifPresent(samples -> strips.add(strip(series, samples)));
        }
        return strips;
    }

    private List<Strip> statements() {
        List<Strip> strips = new ArrayList<>();
        for (Series series : Series.values()) {
            results.find(Case.IDLE, series, Measure.LEADER_STATEMENTS)
                    .ifPresent(samples -> strips.add(strip(series, "leader", samples)));
            results.find(Case.IDLE, series, Measure.FOLLOWER_STATEMENTS)
                    .ifPresent(samples -> strips.add(strip(series, "follower", samples)));
        }
        return strips;
    }

    private static Strip strip(Series series, String settings, Samples samples) {
        return new Strip(series.title(), settings, samples, series.isOurs() ? Strip.Tint.OURS : Strip.Tint.PEER);
    }

    private static Strip strip(Series series, Samples samples) {
        return new Strip(series.title(), MarkdownTables.BEFORE + ", another run", samples, Strip.Tint.BEFORE);
    }
}
