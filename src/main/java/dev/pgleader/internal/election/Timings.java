package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * The lengths by which a candidate lives. Immutable; checked by whoever builds it.
 *
 * @param lease how long a heartbeat is good for in the row
 * @param refractory the last part of the lease, in which the leader has stopped and nobody leads
 * @param retry how often a follower looks anyway
 * @param drain how long to wait for work to stop before giving up on a graceful release
 * @param onSessionEnd whether a lock that comes free before the lease is over may be used
 */
public record Timings(Duration lease, Duration refractory, Duration retry, Duration drain, boolean onSessionEnd) {

    /**
     * Returns how long to leave a row to those who are to go first: a routine look and its jitter, so that they find it even
     * where every announcement is lost.
     */
    public Duration courtesy() {
        return retry.plus(retry.dividedBy(4));
    }

    /**
     * Returns how long a leader may believe in a heartbeat, counted from before it was sent: the lease without the
     * refractory period, less what the clock rates may differ by.
     */
    public Duration trust() {
        return Clocks.hurried(lease.minus(refractory));
    }
}
