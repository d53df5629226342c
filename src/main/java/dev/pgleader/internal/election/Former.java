package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * A leadership that this candidate had and did not give up: the work has returned, and the row may still name it. Immutable.
 *
 * <p>While this candidate's own clock says that the lease runs, nobody can have taken the row in any history of the server, so
 * that it may be claimed even where a promotion has lost the last commits.
 *
 * @param term its term
 * @param session the session by which it was held
 * @param leaseEnd when, by whichever of this machine's clocks is furthest on, the last lease that was acknowledged is over
 */
public record Former(long term, int session, Deadline leaseEnd) {

    /** Returns whether a statement that takes {@code atMost} so long arrives before the lease is over. */
    public boolean isSureAt(Reading sentAt, Duration atMost) {
        return !leaseEnd.isPast(sentAt.plus(atMost));
    }

    /** Returns whether the row names just this leadership. */
    boolean isIn(Row row) {
        return term == row.term()
                && row.holder().filter(holder -> holder.sessionId() == session).isPresent();
    }
}
