package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Timings;
import java.time.Duration;
import java.util.UUID;

/**
 * This process's lease: the row of its session, to which all points that it leads. Loop thread only.
 *
 * <p>While the process only stands in elections the row says that it is there, for {@link #PRESENT_FOR} at a time. From the
 * first election that it wins on, heartbeats extend the row by the lease. A row whose time is over is never extended again:
 * the process begins another one, over another connection.
 */
final class SessionLease {

    /** How often a process that leads nothing says that it is there. */
    private static final Duration PRESENCE_INTERVAL = Duration.ofSeconds(5);

    /** A process that has missed two calls, and the third is late, is taken for absent. */
    private static final Duration PRESENT_FOR = PRESENCE_INTERVAL.multipliedBy(3);

    /** What this connection has of a row. */
    private enum Row {
        NONE,
        RUNS,
        SPENT,
        LEFT
    }

    private final UUID process = UUID.randomUUID();
    private final Duration heartbeatInterval;
    private final Timings timings;
    private Row row = Row.NONE;
    private int id;
    private Deadline trust;
    private Reading extendedAt;
    private Reading end;
    private Reading provenAt;
    private Reading nextRenewal;

    SessionLease(Duration heartbeatInterval, Timings timings, Reading now) {
        this.heartbeatInterval = heartbeatInterval;
        this.timings = timings;
        this.trust = new Deadline(now);
        this.extendedAt = now;
        this.end = now;
        this.provenAt = now;
        this.nextRenewal = now;
    }

    UUID process() {
        return process;
    }

    Timings timings() {
        return timings;
    }

    /** Returns the id of the row that runs. */
    int id() {
        return id;
    }

    /** Returns how long an entry is good for. */
    Duration presence() {
        return PRESENT_FOR;
    }

    /** Returns by how much a renewal extends the row. */
    Duration length(boolean holds) {
        return holds ? timings.lease() : PRESENT_FOR;
    }

    /** There is another connection, or none. */
    void connectionChanged() {
        row = Row.NONE;
    }

    /** Returns whether a row can be made over this connection. */
    boolean canBegin() {
        return row == Row.NONE;
    }

    /** Returns whether there is a row, and it runs. */
    boolean runs() {
        return row == Row.RUNS;
    }

    /** Returns whether the row is over, and another one needs another connection. */
    boolean isOver() {
        return row == Row.SPENT || row == Row.LEFT;
    }

    boolean isSpent() {
        return row == Row.SPENT;
    }

    /** The row was made, by a statement that was sent at {@code sentAt}. */
    void begun(int newId, Reading sentAt) {
        row = Row.RUNS;
        id = newId;
        extended(sentAt, false);
        nextRenewal = sentAt.plus(PRESENCE_INTERVAL);
    }

    /** A renewal was answered in time. */
    void renewed(Reading sentAt, boolean holds) {
        extended(sentAt, holds);
        provenAt = sentAt;
    }

    /** Elections were won, which extends the row as well; {@code first} if nothing was held before. */
    void won(Reading sentAt, boolean first) {
        extended(sentAt, true);
        if (first) {
            provenAt = sentAt;
            nextRenewal = sentAt.plus(heartbeatInterval);
        }
    }

    private void extended(Reading sentAt, boolean holds) {
        Duration length = length(holds);
        trust = Deadline.after(sentAt, holds ? timings.trust() : length);
        extendedAt = sentAt;
        end = sentAt.plus(length);
    }

    /** Returns whether an answer that arrives now is too late to count. */
    boolean isLate(Reading now) {
        return trust.isPast(now);
    }

    /** Returns when the row's time is over at the latest, by this machine's monotonic clock. */
    Reading end() {
        return end;
    }

    /** Returns when the renewal was sent by whose answer the row was last known to run. */
    Reading provenAt() {
        return provenAt;
    }

    /** The row is over. */
    void spend() {
        row = Row.SPENT;
    }

    /** The row was removed. */
    void left() {
        row = Row.LEFT;
    }

    Reading nextRenewal() {
        return nextRenewal;
    }

    /** A renewal goes out at {@code now}; the next one is due an interval later. */
    void renewing(Reading now, boolean holds) {
        nextRenewal = now.plus(holds ? heartbeatInterval : PRESENCE_INTERVAL);
    }

    /** Something that should have worked did not: a renewal, which says whether the row is still there, is due within a heartbeat. */
    void doubted(Reading now) {
        Reading soon = extendedAt.plus(heartbeatInterval);
        nextRenewal = Reading.earlier(nextRenewal, now.hasReached(soon) ? now : soon);
    }

    /** A renewal is due now. */
    void renewAt(Reading now) {
        nextRenewal = now;
    }
}
