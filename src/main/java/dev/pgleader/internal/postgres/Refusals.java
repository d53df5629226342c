package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.BusyException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a statement that the server has refused, and undone, from one whose outcome is not known. Confined to the thread that uses
 * the connection.
 *
 * <p>A statement that took too long was cancelled by a server that answers, so the session is as sound as before: to begin another
 * one would only add to the load that made it slow. The same statement several times in a row is another matter.
 */
final class Refusals {

    private static final int MOST_CANCELLED = 3;

    /** How often each statement was cancelled since it was answered last, by its text. */
    private final Map<String, Integer> cancelled = new HashMap<>();

    /** A statement was answered. */
    void answered(String sql) {
        cancelled.remove(sql);
    }

    /** Returns what a failure means if it was a plain refusal, after which the connection is as sound as before. */
    Optional<BusyException> plain(String sql, SQLException failed) {
        return switch (String.valueOf(failed.getSQLState())) {
            case Problems.LOCK_NOT_AVAILABLE, Problems.LIMIT_EXCEEDED -> Optional.of(BusyException.inTheWay(failed));
            case Problems.CANCELLED ->
                cancelled.merge(sql, 1, Integer::sum) < MOST_CANCELLED
                        ? Optional.of(BusyException.slow(failed))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }
}
