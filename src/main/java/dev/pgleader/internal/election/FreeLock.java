package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;

/**
 * The leader's lock was seen free while its lease still ran: its session has ended, and its work has a refractory period to
 * stop. A heartbeat that comes after all refutes it, since it needs that session. Immutable.
 *
 * @param row the version of the row
 * @param seenOn the server on which the lock was free
 * @param until when the leader's work has had its time
 */
public record FreeLock(Row row, Server seenOn, Reading until) {

    /** Returns what another look leaves of it. */
    static Optional<FreeLock> after(Optional<FreeLock> before, Candidate me, Sighting seen) {
        boolean free =
                me.timings().onSessionEnd() && seen.isAlive() && seen.lockFree().orElse(false);
        Optional<FreeLock> still = before.filter(freed -> freed.isOf(seen))
                .filter(freed -> seen.lockFree().orElse(true));
        return still.isPresent() || !free ? still : Optional.of(first(seen));
    }

    private static FreeLock first(Sighting seen) {
        Duration refractory = seen.row().holder().orElseThrow().refractory();
        return new FreeLock(seen.row(), seen.seenOn(), seen.answeredAt().plus(Clocks.slowed(refractory)));
    }

    private boolean isOf(Sighting seen) {
        return row.sameVersionAs(seen.row()) && seenOn.equals(seen.seenOn());
    }

    /** Returns whether a statement that is sent at {@code moment} may rely on it. */
    public boolean isOver(Reading moment) {
        return moment.hasReached(until);
    }
}
