package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.UUID;

/** What a process of a {@link ScenarioWorld} knows of its own session's row. */
final class ProcessLease {

    private static final Duration PRESENCE_INTERVAL = Duration.ofSeconds(5);
    private static final Duration PRESENT_FOR = Duration.ofSeconds(15);
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);

    /** What this connection has of a row. */
    enum Row {
        NONE,
        RUNS,
        SPENT
    }

    final UUID process;
    private final Timings timings;
    private Row row = Row.NONE;
    private int id;
    private Deadline trust;
    private Reading end;
    private Reading provenAt;
    /** Whether other hands may have changed the election's row since it was last looked at. */
    private boolean unproven;
    /** When the next renewal is due, in real nanoseconds. */
    private long renewsAt;

    ProcessLease(UUID process, Timings timings, Reading now) {
        this.process = process;
        this.timings = timings;
        this.trust = new Deadline(now);
        this.end = now;
        this.provenAt = now;
    }

    void connectionChanged() {
        row = Row.NONE;
        unproven = false;
    }

    boolean is(Row what) {
        return row == what;
    }

    int id() {
        return id;
    }

    Duration presence() {
        return PRESENT_FOR;
    }

    Duration length(boolean holds) {
        return holds ? timings.lease() : PRESENT_FOR;
    }

    void begun(int newId, Reading sentAt, boolean holds, long realNow) {
        row = Row.RUNS;
        id = newId;
        extended(sentAt, false);
        renewing(realNow, holds);
    }

    void renewed(Reading sentAt, boolean holds) {
        extended(sentAt, holds);
        provenAt = sentAt;
    }

    void won(Reading sentAt, boolean first, long realNow) {
        extended(sentAt, true);
        if (first) {
            provenAt = sentAt;
            renewsAt = realNow + HEARTBEAT_INTERVAL.toNanos();
        }
    }

    private void extended(Reading sentAt, boolean holds) {
        Duration length = length(holds);
        trust = Deadline.after(sentAt, holds ? timings.trust() : length);
        end = sentAt.plus(length);
    }

    boolean isLate(Reading now) {
        return trust.isPast(now);
    }

    Reading end() {
        return end;
    }

    Reading provenAt() {
        return provenAt;
    }

    void spend() {
        row = Row.SPENT;
    }

    long renewsAt() {
        return row == Row.RUNS ? renewsAt : Long.MAX_VALUE;
    }

    void renewing(long realNow, boolean holds) {
        renewsAt = realNow + (holds ? HEARTBEAT_INTERVAL : PRESENCE_INTERVAL).toNanos();
    }

    boolean isUnproven() {
        return unproven;
    }

    void proven(boolean isProven) {
        unproven = !isProven;
    }
}
