package dev.pgleader.peers.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured values of one kind. Thread-safe. */
public final class Samples {

    private static final double WHOLE = 100;

    private final List<Double> values = Collections.synchronizedList(new ArrayList<>());

    /**
     * Makes samples.
     *
     * @param values the first of them
     * @return the samples
     */
    public static Samples of(double... values) {
        Samples samples = new Samples();
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }

    /**
     * Adds a value.
     *
     * @param value the value
     */
    public void add(double value) {
        values.add(value);
    }

    /** {@return how many there are} */
    public int count() {
        return values.size();
    }

    /** {@return the values in the order in which they were measured} */
    public List<Double> values() {
        synchronized (values) {
            return List.copyOf(values);
        }
    }

    /**
     * Returns the smallest value that so many percent of all values do not exceed (the "nearest rank": always a value that was
     * measured, never one between two).
     *
     * @param percent more than 0, 100 at most
     * @return the value
     * @throws IllegalStateException if there is no value
     */
    public double percentile(int percent) {
        if (percent <= 0 || percent > WHOLE) {
            throw new IllegalArgumentException("percent must be from 1 to 100, not " + percent);
        }
        List<Double> sorted = new ArrayList<>(values());
        if (sorted.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        Collections.sort(sorted);
        int rank = (int) Math.ceil(percent * sorted.size() / WHOLE);
        return sorted.get(rank - 1);
    }

    /**
     * Tells whether there are enough values for a percentile to be more than the greatest of them.
     *
     * @param percent less than 100
     * @return whether at least one value is expected beyond it
     */
    public boolean isEnoughFor(int percent) {
        return count() * (WHOLE - percent) >= WHOLE;
    }

    /** {@return the median} */
    public double median() {
        return percentile(50);
    }

    /** {@return the greatest value} */
    public double max() {
        return percentile(100);
    }

    /** {@return the mean} */
    public double mean() {
        return values().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
