package dev.pgleader.simulation;

import java.util.PriorityQueue;

/** What happens when, in real time, which only exists here. What is due at the same moment happens as it was entered. */
final class Agenda {

    /** Far more than ever happen in a run in which nobody spins. */
    private static final long TOO_MANY = 300_000;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long nowNanos;
    private long entered;

    private record Entry(long atNanos, long number, Runnable what) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int order = Long.compare(atNanos, other.atNanos);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Has something happen at a time, or now if that is past. */
    void at(long nanos, Runnable what) {
        if (entered > TOO_MANY) {
            throw new AssertionError("somebody spins: always due, and never waiting");
        }
        entries.add(new Entry(Math.max(nanos, nowNanos), entered++, what));
    }

    /** Lets everything happen that is due before {@code endNanos}, at which it then is. */
    void runUntil(long endNanos) {
        while (!entries.isEmpty() && entries.peek().atNanos < endNanos) {
            Entry next = entries.remove();
            nowNanos = next.atNanos;
            next.what.run();
        }
        nowNanos = endNanos;
    }

    /** Returns how many things have been entered so far. */
    long size() {
        return entered;
    }
}
