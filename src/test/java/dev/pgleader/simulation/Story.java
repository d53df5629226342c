package dev.pgleader.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The time line of a run, for people: written only when the run is played again to be read. */
final class Story {

    private static final double SECOND = 1e9;

    private final Agenda agenda;
    private final boolean written;
    private final List<String> lines = new ArrayList<>();

    Story(Agenda agenda, boolean written) {
        this.agenda = agenda;
        this.written = written;
    }

    void tell(Object who, Supplier<String> what) {
        if (written) {
            lines.add(String.format(Locale.ROOT, "%12s  %-8s %s", seconds(agenda.nowNanos()), who, what.get()));
        }
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f", nanos / SECOND);
    }

    List<String> lines() {
        return lines;
    }
}
