package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.SessionException;
import java.sql.SQLWarning;
import org.jspecify.annotations.Nullable;

/** Judges what a statement was warned of. */
@FunctionalInterface
interface Warnings {

    /** For what is not worth more than an attempt. */
    Warnings IGNORED = warning -> {};

    /**
     * A commit that was told to stop waiting for its synchronous standby succeeds with a warning: it may be lost in a failover,
     * and so must not count.
     */
    Warnings NOT_ALLOWED = Warnings::requireNone;

    /**
     * Judges the warnings that begin with {@code first}.
     *
     * @throws SessionException if they make the answer doubtful
     */
    void check(@Nullable SQLWarning first) throws SessionException;

    private static void requireNone(@Nullable SQLWarning first) throws SessionException {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            String state = warning.getSQLState();
            if (state != null && state.startsWith("01")) {
                throw new SessionException(Problems.doubtful("a statement had a warning: " + warning.getMessage()));
            }
        }
    }
}
