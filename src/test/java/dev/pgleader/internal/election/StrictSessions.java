package dev.pgleader.internal.election;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The sessions of a {@link StrictDatabase}: their rows, which are replicated, and their advisory locks, which are not. */
final class StrictSessions {

    /** One connection as the server knows it. */
    static final class Connection {
        final String owner;
        final boolean pooled;
        private int id;
        private boolean alive = true;
        /** Whether other hands have changed the row of an election that is held by it, or a wish came, since its last renewal. */
        private boolean disturbed;

        Connection(String owner, boolean pooled) {
            this.owner = owner;
            this.pooled = pooled;
        }

        boolean isAlive() {
            return alive;
        }

        int id() {
            return id;
        }
    }

    /** What a renewal came to. */
    enum Renewal {
        RENEWED,
        DISTURBED,
        REFUSED
    }

    private record Line(
            UUID process,
            long beat,
            boolean locked,
            Duration lease,
            Duration refractory,
            long expiresAt,
            Server server) {}

    private Map<Integer, Line> lines = new HashMap<>();
    private Map<Integer, Line> onStandby = Map.of();
    private final Map<Integer, Connection> locks = new HashMap<>();
    private int lastId;

    /** Makes the row of a connection, and takes the lock behind it where it has a session of its own. */
    int enter(Connection connection, UUID process, Timings timings, Duration goodFor, Server here, long clock) {
        require(connection.alive && connection.id == 0, connection, "begins a second row over one connection");
        connection.id = ++lastId;
        if (!connection.pooled) {
            locks.put(connection.id, connection);
        }
        long expiresAt = clock + goodFor.toNanos();
        Server where = connection.pooled ? here.sessionless() : here;
        lines.put(
                connection.id,
                new Line(process, 0, !connection.pooled, goodFor, timings.refractory(), expiresAt, where));
        return connection.id;
    }

    Renewal renew(Connection connection, Duration goodFor, long clock) {
        require(connection.pooled || locks.get(connection.id) == connection, connection, "renews without its lock");
        if (!runs(connection.id, clock)) {
            return Renewal.REFUSED;
        }
        extend(connection.id, goodFor, clock);
        boolean disturbed = connection.disturbed;
        connection.disturbed = false;
        return disturbed ? Renewal.DISTURBED : Renewal.RENEWED;
    }

    /** Extends a row that runs, by a renewal or by a taking, which grows the beat as well. */
    void extend(int id, Duration goodFor, long clock) {
        lines.computeIfPresent(
                id,
                (any, line) -> new Line(
                        line.process,
                        line.beat + 1,
                        line.locked,
                        goodFor,
                        line.refractory,
                        clock + goodFor.toNanos(),
                        line.server));
    }

    boolean runs(int id, long clock) {
        return Optional.ofNullable(lines.get(id))
                .filter(line -> line.expiresAt > clock)
                .isPresent();
    }

    Optional<Row.HolderSession> row(int id) {
        return Optional.ofNullable(lines.get(id))
                .map(line -> new Row.HolderSession(
                        line.process,
                        line.beat,
                        true,
                        line.beat,
                        line.locked,
                        line.lease,
                        Instant.EPOCH.plusNanos(line.expiresAt),
                        line.server));
    }

    Duration remaining(int id, long clock) {
        return Optional.ofNullable(lines.get(id))
                .map(line -> Duration.ofNanos(line.expiresAt - clock))
                .orElse(Duration.ZERO);
    }

    /** Returns whether the lock of a session is free; the asker is another one. */
    boolean isLockFree(int id, Connection asker) {
        require(asker.id != id, asker, "asks for its own lock, which it would be given");
        return !locks.containsKey(id);
    }

    boolean isLockHeld(int id) {
        return locks.containsKey(id);
    }

    /** Returns whether a lock is held without a row that runs: its holder may trust in a row that is gone. */
    boolean anyLockWithoutRow(long clock) {
        return locks.keySet().stream().anyMatch(id -> !runs(id, clock));
    }

    void disturb(int id) {
        Optional.ofNullable(locks.get(id)).ifPresent(connection -> connection.disturbed = true);
    }

    void delete(int id) {
        lines.remove(id);
    }

    void end(Connection connection) {
        connection.alive = false;
        locks.remove(connection.id, connection);
    }

    void replicate() {
        onStandby = Map.copyOf(lines);
    }

    void promote() {
        lines = new HashMap<>(onStandby);
    }

    static void require(boolean kept, Connection connection, String broken) {
        if (!kept) {
            throw new AssertionError(connection.owner + " " + broken);
        }
    }
}
