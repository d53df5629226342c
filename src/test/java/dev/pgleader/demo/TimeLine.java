package dev.pgleader.demo;

import java.util.Locale;

/** The story of the demo on standard output, each line with the seconds since the beginning. */
final class TimeLine {

    private static final String MARGIN = " ".repeat(12);

    private final long startNanos = System.nanoTime();

    /** Says what there will be to see. */
    void introduction(String text) {
        System.out.println(text);
    }

    /** Begins a chapter. */
    void chapter(String title) {
        System.out.println();
        System.out.println(title);
    }

    /** Tells what happened just now. */
    void now(String what) {
        at(System.nanoTime(), what);
    }

    /** Tells what happened at a moment. */
    void at(long nanos, String what) {
        System.out.printf(Locale.ROOT, "%8.3f s  %s%n", (nanos - startNanos) / 1e9, what);
    }

    /** Adds to what was told last. */
    void more(String what) {
        System.out.println(MARGIN + what);
    }
}
