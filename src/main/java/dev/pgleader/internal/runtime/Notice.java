package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import java.time.Duration;

/** How far ahead users may want to know that a leadership may end. */
final class Notice {

    private Notice() {}

    /** Returns how far ahead a leadership is certain at every moment while heartbeats are on time. */
    static Duration longest(ElectionConfig config) {
        return config.trust().minus(config.heartbeatInterval()).minus(config.statementTimeout());
    }

    /**
     * Returns {@code length} if heartbeats that are on time always leave more than that.
     *
     * @param name what the user calls it
     * @throws IllegalArgumentException if it is not positive, or too long
     */
    static Duration require(String name, Duration length, ElectionConfig config) {
        if (length.isNegative() || length.isZero() || length.compareTo(longest(config)) > 0) {
            throw new IllegalArgumentException(name + " must be more than zero and at most " + longest(config)
                    + ", which is trust - heartbeatInterval - statementTimeout (" + config.trust() + " - "
                    + config.heartbeatInterval() + " - " + config.statementTimeout() + "), not " + length);
        }
        return length;
    }
}
