package dev.pgleader.internal.runtime;

import java.util.Set;

/**
 * Elections of this session that others have changed, or wished something of, since the last renewal or entry.
 *
 * @param everything whether any row may have been changed
 * @param elections those that are known by name
 */
public record Disturbance(boolean everything, Set<String> elections) {

    /** Nothing was touched. */
    public static final Disturbance NONE = new Disturbance(false, Set.of());

    /** Returns whether nothing was touched. */
    public boolean isNone() {
        return !everything && elections.isEmpty();
    }
}
