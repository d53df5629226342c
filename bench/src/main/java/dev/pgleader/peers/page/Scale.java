package dev.pgleader.peers.page;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A logarithmic axis from one round number to another. Immutable.
 *
 * @param least the power of ten, or twice or five times one, at which it begins
 * @param greatest where it ends
 * @param hasClipped whether a value is too small for it
 */
record Scale(double least, double greatest, boolean hasClipped) {

    private static final double BASE = 10;
    private static final double[] STEPS = {1, 2, 5};

    /** What is smaller is shown as this: a logarithmic axis has no zero. */
    private static final double FLOOR = 0.1;

    /** Room on both sides of the values. */
    private static final double ROOM = 1.12;

    /** Returns the shortest scale that holds all values. */
    static Scale around(Collection<Double> values) {
        double least = values.stream().mapToDouble(Scale::clip).min().orElseThrow() / ROOM;
        double greatest = values.stream().mapToDouble(Scale::clip).max().orElseThrow() * ROOM;
        List<Double> marks = marks(least / BASE, greatest * BASE);
        return new Scale(
                marks.stream()
                        .filter(mark -> mark <= least)
                        .reduce((first, second) -> second)
                        .orElseThrow(),
                marks.stream().filter(mark -> mark >= greatest).findFirst().orElseThrow(),
                values.stream().anyMatch(value -> value < FLOOR));
    }

    private static double clip(double value) {
        return Math.max(FLOOR, value);
    }

    /** Returns where a value stands, in powers of ten. */
    double position(double value) {
        return Math.log10(clip(value));
    }

    /** Returns the round numbers on the axis. */
    List<Double> marks() {
        return marks(least, greatest);
    }

    private static List<Double> marks(double from, double to) {
        List<Double> marks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
            for (double step : STEPS) {
                // By its text, since ten to the power of a negative number is not exact.
                double mark = Double.parseDouble((int) step + "e" + power);
                if (mark >= from && mark <= to) {
                    marks.add(mark);
                }
            }
        }
        return marks;
    }
}
