package dev.pgleader.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was measured, beside what it should be. Immutable but for its samples.
 *
 * @param scenario the name of the case
 * @param what what was measured, with its unit
 * @param samples the values
 * @param limits what the values should not exceed; empty if the figure is for information only
 * @param firstEdition what the library's first edition needed, which had a lease for each election; empty where that was not measured
 */
record Figure(String scenario, String what, Samples samples, List<Limit> limits, Optional<String> firstEdition) {

    Figure(String scenario, String what, Samples samples, List<Limit> limits) {
        this(scenario, what, samples, limits, Optional.empty());
    }

    /** Returns this beside what the first edition needed. */
    Figure after(String before) {
        return new Figure(scenario, what, samples, limits, Optional.of(before));
    }

    /**
     * A value that so many percent of all samples should not exceed; all of them, if 100.
     *
     * @param percent how many
     * @param value the value
     */
    record Limit(int percent, double value) {

        boolean holds(Samples samples) {
            return samples.percentile(percent) <= value;
        }

        String text() {
            return (percent == 100 ? "max" : "p" + percent) + " <= " + number(value);
        }
    }

    /** Returns a limit that no value should exceed. */
    static Limit atMost(double value) {
        return new Limit(100, value);
    }

    boolean holds() {
        return limits.stream().allMatch(limit -> limit.holds(samples));
    }

    private String verdict() {
        if (limits.isEmpty()) {
            return "";
        }
        return holds() ? "holds" : "EXCEEDED";
    }

    private String bound() {
        return limits.stream().map(Limit::text).collect(Collectors.joining(", "));
    }

    /** Returns what a table shows of this, cell by cell. */
    List<String> cells() {
        return List.of(
                scenario,
                what,
                String.valueOf(samples.count()),
                number(samples.percentile(50)),
                number(samples.percentile(99)),
                number(samples.max()),
                bound(),
                verdict(),
                firstEdition.orElse(""));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
