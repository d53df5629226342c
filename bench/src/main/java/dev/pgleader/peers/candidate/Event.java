package dev.pgleader.peers.candidate;

/**
 * What a candidate tells its parent: that something happened, and when. Immutable.
 *
 * @param kind what happened
 * @param nanos when, by {@link System#nanoTime}, which is one clock for all processes of a Linux machine
 */
public record Event(Kind kind, long nanos) {

    /** What can happen to a candidate. */
    public enum Kind {
        /** The process has started and waits for commands. */
        READY,
        /** The candidate takes part in the election. */
        STANDING,
        /** The leader's work begins. */
        BEGIN,
        /** The leader's work has ended. */
        END,
        /** The leader is about to ask for its leadership to be given up. */
        ASKED
    }

    /** {@return the event as a line of text} */
    String line() {
        return kind + " " + nanos;
    }

    /**
     * Reads an event.
     *
     * @param line what {@link #line} has made
     * @return the event
     */
    public static Event parse(String line) {
        int space = line.indexOf(' ');
        return new Event(Kind.valueOf(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
    }

    /**
     * Returns how long after a point in time this happened.
     *
     * @param earlierNanos the point in time, by the same clock
     * @return milliseconds
     */
    public double millisSince(long earlierNanos) {
        return (nanos - earlierNanos) / 1e6;
    }
}
