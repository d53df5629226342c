package dev.pgleader.simulation;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Plays many runs and says what happened in them.
 *
 * <p>Arguments: how many, and from which seed on; {@code story=SEED} writes the story of one instead.
 */
public final class Simulate {

    private static final int SLICE = 2_000;
    private static final double SECOND = 1e9;

    private Simulate() {}

    /** Plays runs. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        if (args.length == 1 && args[0].startsWith("story=")) {
            tell(Long.parseLong(args[0].substring("story=".length())), out);
            return;
        }
        long count = args.length > 0 ? Long.parseLong(args[0].replace("_", "")) : 100_000;
        long first = args.length > 1 ? Long.parseLong(args[1]) : 0;
        long began = System.nanoTime();
        Outcome outcome = new Outcome();
        for (long from = first; from < first + count; from += SLICE) {
            Outcome slice = playAll(from, Math.min(SLICE, first + count - from));
            slice.failed.forEach(verdict -> out.println(verdict.seed() + ": " + verdict.objections()));
            outcome.add(slice);
            if ((from - first) / SLICE % 25 == 24) {
                out.printf(
                        Locale.ROOT,
                        "%,d runs, %,.0f per second, %d failed%n",
                        outcome.runs,
                        outcome.runs / ((System.nanoTime() - began) / SECOND),
                        outcome.failed.size());
            }
        }
        double seconds = (System.nanoTime() - began) / SECOND;
        out.print(outcome.tally);
        out.printf(
                Locale.ROOT,
                "%,d runs in %.0f s, %.0f per second, %,d events; %,d faults; %d runs failed%n",
                outcome.runs,
                seconds,
                outcome.runs / seconds,
                outcome.events,
                outcome.tally.sum(true),
                outcome.failed.size());
        System.exit(outcome.failed.isEmpty() ? 0 : 1);
    }

    private static void tell(long seed, PrintStream out) {
        Simulation.story(seed).forEach(out::println);
        out.println(Simulation.play(seed).objections());
    }

    /** Plays the runs of some seeds on every core; quietly, since trouble is logged and there is nothing but trouble. */
    static Outcome playAll(long first, long count) {
        PrintStream before = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            List<Verdict> verdicts = LongStream.range(first, first + count)
                    .parallel()
                    .mapToObj(Simulation::play)
                    .toList();
            Outcome outcome = new Outcome();
            verdicts.forEach(outcome::add);
            return outcome;
        } finally {
            System.setErr(before);
        }
    }

    /** What came of many runs. */
    static final class Outcome {
        final Tally tally = new Tally();
        final List<Verdict> failed = new java.util.ArrayList<>();
        long runs;
        long events;

        void add(Verdict verdict) {
            runs++;
            events += verdict.events();
            tally.add(verdict.tally());
            if (!verdict.isClean()) {
                failed.add(verdict);
            }
        }

        void add(Outcome other) {
            runs += other.runs;
            events += other.events;
            tally.add(other.tally);
            failed.addAll(other.failed);
        }
    }
}
