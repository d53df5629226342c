package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Optional;

/**
 * A time in which a thread did not run although it was to: nor did the other threads of this process, as a rule, and what
 * they answered until then was old. Immutable.
 *
 * <p>A hypervisor that holds all clocks of a machine leaves no trace here.
 *
 * @param stalled by how much later than planned the thread ran, on the monotonic clock: the process was stopped, had no
 *     processor, or collected garbage; the pause was longer if it began before the thread meant to wake
 * @param suspended for how long the machine was suspended: what its uptime went on by while the monotonic clock stood still
 */
record Pause(Duration stalled, Duration suspended) {

    /** The uptime comes in hundredths of a second, so that two readings may be off by as much in either direction. */
    private static final Duration UPTIME_ERROR = Duration.ofMillis(20);

    /**
     * Returns the pause between two moments, if it was worth mentioning.
     *
     * @param planned when the thread was to run
     * @param actual when it ran, which may be earlier
     * @param tolerated for how long it may be late, and the machine suspended, without a word
     */
    static Optional<Pause> between(Reading planned, Reading actual, Duration tolerated) {
        Duration stalled = actual.since(planned);
        Duration suspended =
                Duration.ofNanos(actual.uptimeNanos() - planned.uptimeNanos()).minus(stalled);
        Pause pause = new Pause(
                isMore(stalled, tolerated) ? stalled : Duration.ZERO,
                isMore(suspended, tolerated) && isMore(suspended, UPTIME_ERROR) ? suspended : Duration.ZERO);
        return pause.stalled.isZero() && pause.suspended.isZero() ? Optional.empty() : Optional.of(pause);
    }

    private static boolean isMore(Duration length, Duration than) {
        return length.compareTo(than) > 0;
    }

    /** Returns what there is to say about it. */
    String account() {
        if (suspended.isZero()) {
            return "this process was paused for at least " + Seconds.of(stalled)
                    + ": stopped, without a processor, or collecting garbage";
        }
        String text = "the machine was suspended for " + Seconds.of(suspended);
        return stalled.isZero() ? text : text + ", and this process paused for at least " + Seconds.of(stalled);
    }
}
