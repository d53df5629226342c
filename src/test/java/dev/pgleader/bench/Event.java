package dev.pgleader.bench;

import java.util.List;

/**
 * What a candidate process tells its parent: that something happened, and when. Immutable.
 *
 * @param kind what happened
 * @param nanos when, by {@link System#nanoTime}
 * @param detail the election that it happened in, or a number that was asked for
 */
record Event(Kind kind, long nanos, String detail) {

    /** What can happen to a candidate. */
    enum Kind {
        /** The process has started and waits for commands. */
        READY,
        /** The candidate knows who leads, itself or another. */
        STANDING,
        /** The {@code lead} callback begins. */
        BEGIN,
        /** The {@code lead} callback is about to return after the loss. */
        END,
        /** {@code resign} or {@code close} is about to be called. */
        ASKED,
        /** {@code resign} or {@code close} has returned. */
        DONE,
        /** {@code isHeld} was seen to be false for the first time. */
        NOT_HELD,
        /** The first candidacy of a measured start is about to be asked for. */
        RUN,
        /** The measured start has come to its end. */
        LED,
        /** An observer was told of a leader. */
        SEEN,
        /** Every follower of the process knows who leads each election. */
        FOLLOWING,
        /** How many leaderships of the process have begun, and when the last one did. */
        BEGUN,
        /** How many leaderships of the process were lost. */
        LOST,
        /** How many threads the process has: all, and those that the library keeps. */
        THREADS
    }

    String line() {
        return kind + " " + nanos + " " + detail;
    }

    static Event parse(String line) {
        List<String> words = List.of(line.split(" ", 3));
        return new Event(Kind.valueOf(words.get(0)), Long.parseLong(words.get(1)), words.get(2));
    }

    double millisSince(long earlierNanos) {
        return (nanos - earlierNanos) / 1e6;
    }
}
