package dev.pgleader.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is promised, what came of it, and the verdict on each promise.
 *
 * <p>What must never happen breaks a promise if it happens once. A time above the one that is promised is missed: that is said,
 * and the demo goes on, because times are promised for a machine that does nothing else. Above its limit, which no busy
 * machine explains, it is broken too. One thread at a time.
 */
final class Promises {

    /** What came of a promise. Only a broken one makes the demo fail. */
    enum Outcome {
        /** It was kept. */
        HELD,
        /** A time was longer than promised, by no more than a busy machine explains. */
        MISSED,
        /** Something happened that must not happen. */
        BROKEN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Verdict(Outcome outcome, String promise, String found) {

        /** The outcome in front, so that the eye finds the odd one. */
        String line() {
            return String.format(Locale.ROOT, "%-6s  %s: %s", outcome, promise, found);
        }
    }

    private final List<Verdict> verdicts = new ArrayList<>();

    /**
     * Judges the times without a leader. The median counts, so that the slow first pass through fresh JVMs does not.
     *
     * @param event what caused them
     * @param gapsMs the times
     * @param promised the most that is promised
     * @param margin how much more a busy machine explains
     * @return the times and the verdict in words
     */
    String time(String event, List<Double> gapsMs, Duration promised, Duration margin) {
        double median = gapsMs.stream().sorted().toList().get(gapsMs.size() / 2);
        double longest = gapsMs.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        String measured = gapsMs.size() == 1
                ? String.format(Locale.ROOT, "%.1f ms", median)
                : String.format(
                        Locale.ROOT, "%.1f ms (median of %d; the longest %.1f ms)", median, gapsMs.size(), longest);
        long limitMs = promised.plus(margin).toMillis();
        Outcome outcome = outcome(median, promised.toMillis(), limitMs);
        String words = "nobody led for " + measured + "; promised " + promised.toMillis() + " ms, broken above "
                + limitMs + " ms";
        verdicts.add(new Verdict(outcome, event, words));
        return words + ": " + outcome;
    }

    private static Outcome outcome(double ms, long promisedMs, long limitMs) {
        if (ms <= promisedMs) {
            return Outcome.HELD;
        }
        return ms <= limitMs ? Outcome.MISSED : Outcome.BROKEN;
    }

    /**
     * Judges something of which nothing is tolerated.
     *
     * @param promise what is promised
     * @param held whether it was so
     * @param found what was seen
     */
    void require(String promise, boolean held, String found) {
        verdicts.add(new Verdict(held ? Outcome.HELD : Outcome.BROKEN, promise, found));
    }

    /** {@return the verdict on each promise, one line each} */
    List<String> lines() {
        return verdicts.stream().map(Verdict::line).toList();
    }

    /**
     * Sums the verdicts up.
     *
     * @return how many promises held, and which were missed
     * @throws BrokenPromiseException if one was broken, naming all that were
     */
    String conclusion() {
        List<String> broken = with(Outcome.BROKEN).stream()
                .map(verdict -> verdict.promise() + ": " + verdict.found())
                .toList();
        if (!broken.isEmpty()) {
            throw new BrokenPromiseException("not as promised: " + String.join("; ", broken));
        }
        List<String> missed =
                with(Outcome.MISSED).stream().map(Verdict::promise).toList();
        if (missed.isEmpty()) {
            return "all " + verdicts.size() + " promises held";
        }
        return (verdicts.size() - missed.size()) + " of " + verdicts.size()
                + " promises held; this machine missed the time of: " + String.join(", ", missed);
    }

    private List<Verdict> with(Outcome outcome) {
        return verdicts.stream().filter(each -> each.outcome() == outcome).toList();
    }
}
