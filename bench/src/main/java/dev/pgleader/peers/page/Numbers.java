package dev.pgleader.peers.page;

import java.util.Locale;

/** Values as people read them. */
final class Numbers {

    private static final double MILLIS = 1000;

    private Numbers() {}

    /** Returns a value with as many digits as it is worth: three at most, and none behind the point of a large one. */
    static String plain(double value) {
        double size = Math.abs(value);
        String pattern = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size == 0 ? "%.0f" : "%.2f";
        return String.format(Locale.ROOT, pattern, value);
    }

    /** Returns a value with its unit, and what lasts a second or more in seconds. */
    static String withUnit(double value, String unit) {
        return unit.equals("ms") && value >= MILLIS ? plain(value / MILLIS) + " s" : plain(value) + " " + unit;
    }

    /** Returns the label of a mark of an axis. */
    static String tick(double value, String unit) {
        boolean seconds = unit.equals("ms") && value >= MILLIS;
        double shown = seconds ? value / MILLIS : value;
        String number = shown == Math.rint(shown) ? String.format(Locale.ROOT, "%,.0f", shown) : String.valueOf(shown);
        return number + " " + (seconds ? "s" : unit);
    }
}
