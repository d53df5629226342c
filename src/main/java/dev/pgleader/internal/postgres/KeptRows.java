package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows that were read when they had a leader, and the few sessions that hold them. Loop thread only.
 *
 * <p>There may be a hundred thousand rows, and each look asks for some of them. So nothing here goes through all of them.
 */
final class KeptRows {

    /** The longest known first. */
    private final Map<String, Kept> rows = new LinkedHashMap<>();

    /** How many rows each session holds. */
    private final Map<Integer, Integer> holders = new HashMap<>();

    private Map<Integer, Row.HolderSession> sessions = Map.of();

    /** A row, and when it was read. */
    private record Kept(Row row, long readAt) {}

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Keeps a row, of which nothing is kept any more, if it is led at this moment. */
    void put(String name, Row row, Instant moment, long readAt) {
        if (isLed(row, moment)) {
            rows.put(name, new Kept(row, readAt));
            holders.merge(holder(row), 1, Integer::sum);
        }
    }

    /** Returns a row with its holder's session as it is now, if it is kept and led at this moment. */
    Optional<Row> led(String name, Instant moment) {
        return Optional.ofNullable(rows.get(name))
                .map(kept -> kept.row.withSession(Optional.ofNullable(sessions.get(holder(kept.row)))))
                .filter(row -> isLed(row, moment));
    }

    /** Returns the ids of the sessions that hold the rows. */
    Set<Integer> holders() {
        return Set.copyOf(holders.keySet());
    }

    /** The sessions that hold the rows are these now. */
    void heldBy(Map<Integer, Row.HolderSession> now) {
        sessions = Map.copyOf(now);
    }

    void forget(Collection<String> names) {
        names.forEach(this::forget);
    }

    private void forget(String name) {
        Kept kept = rows.remove(name);
        if (kept != null) {
            release(kept);
        }
    }

    /** Forgets what was read before a moment of the monotonic clock. */
    void forgetReadBefore(long oldest) {
        Iterator<Kept> all = rows.values().iterator();
        while (all.hasNext()) {
            Kept kept = all.next();
            if (kept.readAt - oldest >= 0) {
                return;
            }
            all.remove();
            release(kept);
        }
    }

    private void release(Kept kept) {
        holders.computeIfPresent(holder(kept.row), (session, count) -> count == 1 ? null : count - 1);
    }

    void clear() {
        rows.clear();
        holders.clear();
    }

    private static int holder(Row row) {
        return row.holder().orElseThrow().sessionId();
    }

    private static boolean isLed(Row row, Instant moment) {
        return row.session()
                .filter(session -> session.expiresAt().isAfter(moment))
                .isPresent();
    }
}
