package dev.pgleader.internal.election;

/**
 * What a leader knows of its own time. Immutable.
 *
 * @param lockId the advisory lock that came with the leadership
 * @param term the term
 * @param trust when this leader stops believing that it leads
 * @param leaseEnd when, by this machine's monotonic clock, the row's lease is about to end
 */
public record Tenure(int lockId, long term, Deadline trust, Reading leaseEnd) {

    /** Returns the tenure that a taking or a heartbeat gives, when it was sent at {@code sentAt}. */
    static Tenure from(Candidate me, int lockId, long term, Reading sentAt) {
        Timings timings = me.timings();
        return new Tenure(lockId, term, Deadline.after(sentAt, timings.trust()), sentAt.plus(timings.lease()));
    }

    /**
     * Returns this tenure after a heartbeat that was sent at {@code sentAt} and answered too late: nothing is believed for
     * longer, but the row's lease does end later.
     */
    Tenure outrun(Candidate me, Reading sentAt) {
        Reading later = sentAt.plus(me.timings().lease());
        return new Tenure(lockId, term, trust, later.hasReached(leaseEnd) ? later : leaseEnd);
    }

    /** Returns this tenure after a heartbeat that was sent at {@code sentAt} and answered in time. */
    Tenure renewed(Candidate me, Reading sentAt) {
        return from(me, lockId, term, sentAt);
    }
}
