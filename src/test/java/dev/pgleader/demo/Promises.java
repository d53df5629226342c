package dev.pgleader.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is promised, what came of it, and the verdict.
 *
 * <p>What must never happen breaks a promise if it happens once. Lengths of time get a margin on top of what is promised,
 * because nobody knows what else the machine is doing.
 */
final class Promises {

    private final List<String> figures = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    /**
     * Compares the times without a leader with a promise. The median counts, so that the slow first pass through fresh JVMs
     * does not.
     *
     * @param event what caused them
     * @param gapsMs the times
     * @param promised the most that is promised
     * @param margin how much more is tolerated
     * @return the comparison in words
     */
    String compare(String event, List<Double> gapsMs, Duration promised, Duration margin) {
        double median = gapsMs.stream().sorted().toList().get(gapsMs.size() / 2);
        double longest = gapsMs.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        String measured = gapsMs.size() == 1
                ? String.format(Locale.ROOT, "%.1f ms", median)
                : String.format(
                        Locale.ROOT, "%.1f ms (median of %d; the longest %.1f ms)", median, gapsMs.size(), longest);
        long limitMs = promised.plus(margin).toMillis();
        String inWords = "nobody led for " + measured + "; promised " + promised.toMillis() + " ms, fails above "
                + limitMs + " ms";
        figures.add(String.format(Locale.ROOT, "%-8s %s", event, inWords));
        if (median > limitMs) {
            broken.add(event + ": " + inWords);
        }
        return inWords;
    }

    /** Notes a promise that was broken. */
    void broken(String sentence) {
        broken.add(sentence);
    }

    /** {@return the comparisons so far, one line each} */
    List<String> figures() {
        return List.copyOf(figures);
    }

    /** Returns if everything was as promised. */
    void check() {
        if (!broken.isEmpty()) {
            throw new BrokenPromiseException("not as promised: " + String.join("; ", broken));
        }
    }
}
