package dev.pgleader.simulation;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.runtime.Ticker;
import java.util.ArrayList;
import java.util.List;

/**
 * The three clocks of one machine, as functions of the real time, and the spans in which nothing runs on it.
 *
 * <p>They read the present, except while a statement is under way: its sender reads them {@linkplain #viewFrom as of} the
 * moments at which it sent it and had the answer.
 */
final class MachineClocks implements Ticker {

    /** What stands still in a span in which no thread of a machine runs. */
    enum Halt {
        /** The threads alone: a stopped process, a long garbage collection. */
        PAUSE,
        /** The monotonic clock as well, as when a machine sleeps. */
        SUSPENSION,
        /** All clocks, as when a hypervisor holds a guest. No clock of the machine can tell. */
        FREEZE
    }

    private static final long LIVE = -1;
    private static final long WALL_AT_START = 1_700_000_000_000_000_000L;
    private static final long FORGOTTEN_NANOS = 60_000_000_000L;

    private final Agenda agenda;
    private final double rate;
    private final long monotonicAtStart;
    private final long uptimeAtStart;
    private final List<Span> pauses = new ArrayList<>();
    private final List<Span> stops = new ArrayList<>();
    private final List<WallStep> wallSteps = new ArrayList<>();
    private long viewNanos = LIVE;

    private record Span(long from, long to, Halt kind) {}

    private record WallStep(long at, long by) {}

    MachineClocks(Agenda agenda, double rate, long monotonicAtStart) {
        this.agenda = agenda;
        this.rate = rate;
        this.monotonicAtStart = monotonicAtStart;
        this.uptimeAtStart = monotonicAtStart / 3;
    }

    // What happens to them

    /** Halts the machine; after the last halt, where clocks stand still in both. */
    void halt(long from, long to, Halt kind) {
        pauses.removeIf(span -> span.to < agenda.nowNanos() - FORGOTTEN_NANOS);
        if (kind == Halt.PAUSE) {
            pauses.add(new Span(from, to, kind));
            return;
        }
        long free = stops.isEmpty() ? from : Math.max(from, stops.get(stops.size() - 1).to);
        Span span = new Span(free, free + to - from, kind);
        pauses.add(span);
        stops.add(span);
    }

    void stepWall(long at, long by) {
        wallSteps.add(new WallStep(at, by));
    }

    /** Returns when something that is due on this machine at a time really happens. */
    long awakeAt(long nanos) {
        long awake = nanos;
        for (int i = 0; i < pauses.size(); i++) {
            Span span = pauses.get(i);
            if (span.from <= awake && awake < span.to) {
                awake = span.to;
                i = -1;
            }
        }
        return awake;
    }

    /** Returns for how much of a span nothing ran. */
    long haltedWithin(long from, long to) {
        long halted = 0;
        for (Span span : pauses) {
            halted += Math.max(0, Math.min(to, span.to) - Math.max(from, span.from));
        }
        return halted;
    }

    /** Returns whether all clocks stood still at some time in a span. */
    boolean frozeWithin(long from, long to) {
        return stops.stream().anyMatch(span -> span.kind == Halt.FREEZE && span.from < to && from < span.to);
    }

    // What is read

    void viewFrom(long nanos) {
        viewNanos = nanos;
    }

    void elapse(long nanos) {
        if (viewNanos != LIVE) {
            viewNanos += nanos;
        }
    }

    void viewLive() {
        viewNanos = LIVE;
    }

    /** Returns the real time as of which these clocks are being read. */
    long viewNanos() {
        return viewNanos == LIVE ? agenda.nowNanos() : viewNanos;
    }

    @Override
    public Reading read() {
        return readAt(viewNanos());
    }

    Reading readAt(long nanos) {
        return new Reading(monotonicAtStart + ticked(nanos, true), uptimeAtStart + ticked(nanos, false), wall(nanos));
    }

    @Override
    public long monotonicNanos() {
        return monotonicAtStart + ticked(viewNanos(), true);
    }

    @Override
    public long wallNanos() {
        return wall(viewNanos());
    }

    private long wall(long nanos) {
        long stepped = 0;
        for (WallStep step : wallSteps) {
            stepped += step.at <= nanos ? step.by : 0;
        }
        return WALL_AT_START + ticked(nanos, false) + stepped;
    }

    private long ticked(long nanos, boolean monotonic) {
        long stood = 0;
        for (Span span : stops) {
            if (span.from < nanos && (monotonic || span.kind == Halt.FREEZE)) {
                stood += Math.min(nanos, span.to) - span.from;
            }
        }
        return (long) ((nanos - stood) * rate);
    }

    // When they will show what, as far as is known now

    /** Returns when the monotonic clock shows at least this. */
    long reaches(Reading due) {
        return whenTicked(due.monotonicNanos() - monotonicAtStart, true);
    }

    /** Returns when the first of the three clocks shows at least this, not before {@code from}. */
    long anyReaches(Reading due, long from) {
        long monotonic = reaches(due);
        long uptime = whenTicked(due.uptimeNanos() - uptimeAtStart, false);
        return Math.max(from, Math.min(Math.min(monotonic, uptime), wallReaches(due.wallNanos(), from)));
    }

    /** Returns when the monotonic or the wall clock shows at least this: the two that are cheap to ask. */
    long soonReaches(Reading due, long from) {
        return Math.max(from, Math.min(reaches(due), wallReaches(due.wallNanos(), from)));
    }

    private long wallReaches(long shown, long from) {
        long stepped = 0;
        long since = from;
        for (WallStep step : wallSteps) {
            if (step.at > since) {
                long reached = Math.max(since, whenTicked(shown - WALL_AT_START - stepped, false));
                if (reached < step.at) {
                    return reached;
                }
                since = step.at;
            }
            stepped += step.by;
        }
        return Math.max(since, whenTicked(shown - WALL_AT_START - stepped, false));
    }

    private long whenTicked(long count, boolean monotonic) {
        long nanos = (long) Math.ceil(count / rate);
        for (Span span : stops) {
            if (span.from < nanos && (monotonic || span.kind == Halt.FREEZE)) {
                nanos += span.to - span.from;
            }
        }
        while (ticked(nanos, monotonic) < count) {
            nanos++;
        }
        while (ticked(nanos - 1, monotonic) >= count) {
            nanos--;
        }
        return nanos;
    }
}
