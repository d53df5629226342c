package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * A moment at which something is over, on whichever of the three clocks reaches it first. Immutable.
 *
 * <p>The monotonic clock alone does not count the time for which a virtual machine was suspended. Taking the earliest
 * of three clocks errs towards "over", which costs a leadership but never a second leader.
 *
 * @param at the reading at which each clock has arrived
 */
public record Deadline(Reading at) {

    /** Returns the deadline {@code length} after {@code start}. */
    public static Deadline after(Reading start, Duration length) {
        return new Deadline(start.plus(length));
    }

    /** Returns the deadline that has come on each clock as soon as either of the two has. */
    public static Deadline earlier(Deadline one, Deadline other) {
        return new Deadline(new Reading(
                earlier(one.at.monotonicNanos(), other.at.monotonicNanos()),
                earlier(one.at.uptimeNanos(), other.at.uptimeNanos()),
                earlier(one.at.wallNanos(), other.at.wallNanos())));
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }

    /** Returns whether any clock has arrived; being there exactly counts. */
    public boolean isPast(Reading now) {
        return now.monotonicNanos() - at.monotonicNanos() >= 0
                || now.uptimeNanos() - at.uptimeNanos() >= 0
                || now.wallNanos() - at.wallNanos() >= 0;
    }

    /** Returns the time that is left on the clock that is furthest on; negative when past. */
    public Duration remaining(Reading now) {
        long monotonic = at.monotonicNanos() - now.monotonicNanos();
        long uptime = at.uptimeNanos() - now.uptimeNanos();
        long wall = at.wallNanos() - now.wallNanos();
        return Duration.ofNanos(Math.min(monotonic, Math.min(uptime, wall)));
    }
}
