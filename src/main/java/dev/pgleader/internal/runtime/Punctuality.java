package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices heartbeats that are sent or answered late, and logs a series of them by two lines: a warning at the first, and
 * how many there were when they are on time again. Loop thread only.
 *
 * <p>A heartbeat without an answer ends no series. What becomes of its session is logged by whoever loses it.
 */
final class Punctuality {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    private final Duration toleratedDelay;
    private final Duration toleratedWait;
    private @Nullable Reading due;
    private @Nullable Reading sent;
    private @Nullable Reading answered;
    private int late;
    private Duration longest = Duration.ZERO;

    /** Tolerates half of either length: a heartbeat sent so much after it was due, and answered so much later. */
    Punctuality(Duration heartbeatInterval, Duration statementTimeout) {
        this.toleratedDelay = heartbeatInterval.dividedBy(2);
        this.toleratedWait = statementTimeout.dividedBy(2);
    }

    /** The next heartbeat was due at this time. One of which nobody says so is sent on time. */
    void due(Reading at) {
        due = at;
    }

    void sent(Reading at) {
        sent = at;
    }

    void answered(Reading at) {
        answered = at;
    }

    /** Judges the heartbeat that was sent last, when all has been done that its answer gives rise to. */
    void judge() {
        if (sent != null) {
            Duration delay = due == null ? Duration.ZERO : sent.since(due);
            Duration wait = answered == null ? Duration.ZERO : answered.since(sent);
            if (delay.compareTo(toleratedDelay) > 0 || wait.compareTo(toleratedWait) > 0) {
                wasLate(delay, wait);
            } else if (answered != null) {
                wasOnTime();
            }
        }
        due = null;
        sent = null;
        answered = null;
    }

    private void wasLate(Duration delay, Duration wait) {
        late++;
        Duration behind = delay.plus(wait);
        longest = behind.compareTo(longest) > 0 ? behind : longest;
        String fate = answered == null ? "not answered" : "answered after " + Seconds.of(wait);
        if (late == 1) {
            LOG.warn(
                    "a heartbeat was sent {} late and {}; a word follows when they are on time",
                    Seconds.of(delay),
                    fate);
        } else {
            LOG.debug("a heartbeat was sent {} late and {}", Seconds.of(delay), fate);
        }
    }

    private void wasOnTime() {
        if (late > 0) {
            LOG.info("heartbeats are on time again: {} were late, by {} at worst", late, Seconds.of(longest));
        }
        late = 0;
        longest = Duration.ZERO;
    }
}
