package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * What a leader knows of its own time. Immutable.
 *
 * @param session the session by which it leads
 * @param term the term
 * @param trust when this leader stops believing that it leads
 * @param leaseEnd when, by this machine's monotonic clock, the session's lease is about to end
 * @param since when it was elected
 * @param failures how many leaderships of this candidate had failed in a row before
 */
public record Tenure(int session, long term, Deadline trust, Reading leaseEnd, Reading since, int failures) {

    /** Returns the tenure that a taking gives, when it was sent at {@code sentAt}. */
    static Tenure from(Candidate me, int session, long term, Reading sentAt, int failures) {
        Timings timings = me.timings();
        return new Tenure(
                session, term, Deadline.after(sentAt, timings.trust()), sentAt.plus(timings.lease()), sentAt, failures);
    }

    /** Returns this tenure with a lease that ends at {@code end}, if that is later: nothing is believed for longer. */
    Tenure outrun(Reading end) {
        Reading later = end.hasReached(leaseEnd) ? end : leaseEnd;
        return new Tenure(session, term, trust, later, since, failures);
    }

    /** Returns this tenure after a heartbeat that was sent at {@code sentAt} and answered in time. */
    Tenure renewed(Candidate me, Reading sentAt) {
        Timings timings = me.timings();
        return new Tenure(
                session, term, Deadline.after(sentAt, timings.trust()), sentAt.plus(timings.lease()), since, failures);
    }

    /** Returns how many leaderships have failed in a row, this one included, if it fails at {@code now}. */
    int failuresAt(Candidate me, Reading now) {
        boolean lasted = now.since(since).compareTo(HoldBack.longest(me)) > 0;
        return lasted ? 1 : failures + 1;
    }

    /** Returns what this candidate may claim of it afterwards: for as long as the last heartbeat lasts that was answered in time. */
    Former former(Candidate me) {
        Timings timings = me.timings();
        Duration untrusted = timings.lease().minus(timings.trust());
        return new Former(term, session, new Deadline(trust.at().plus(untrusted)));
    }
}
