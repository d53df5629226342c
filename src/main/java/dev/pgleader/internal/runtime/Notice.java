package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import java.time.Duration;
import java.util.Objects;

/**
 * How long before the end of its trust somebody may ask to be told of it: a time in which a leadership whose heartbeats are
 * answered never is. Immutable.
 */
final class Notice {

    private Notice() {}

    /** Returns what is left at least while all is well: the last heartbeat is one interval old, and the next on its way. */
    static Duration longest(ElectionConfig config) {
        return config.trust().minus(config.heartbeatInterval()).minus(config.statementTimeout());
    }

    /**
     * Returns a length if it can be a notice.
     *
     * @param name what the caller calls it
     * @throws IllegalArgumentException if it is not positive or longer than {@link #longest}; names the values
     */
    static Duration bounded(String name, Duration length, ElectionConfig config) {
        Objects.requireNonNull(length, name);
        if (length.isNegative() || length.isZero()) {
            throw new IllegalArgumentException(name + " must be more than zero, not " + length);
        }
        Duration longest = longest(config);
        if (length.compareTo(longest) > 0) {
            throw new IllegalArgumentException(name + " must be at most " + longest
                    + ", which is the leader's trust less heartbeatInterval and statementTimeout (" + config.trust()
                    + " - "
                    + config.heartbeatInterval() + " - " + config.statementTimeout() + "), not " + length);
        }
        return length;
    }
}
