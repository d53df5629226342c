package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * For how long a candidate lets others go first. Immutable.
 *
 * @param until when it is over at the latest
 * @param term the term after which another leadership ends it as well; {@link Long#MAX_VALUE} where none does
 */
public record HoldBack(Reading until, long term) {

    /** What the pause after a failure grows to: retry intervals. */
    private static final int MOST_RETRIES = 8;

    /** Returns none, at {@code now} and later. */
    static HoldBack none(Reading now) {
        return new HoldBack(now, 0);
    }

    /** Returns that of a candidate that resigned its leadership of {@code term}. */
    static HoldBack afterResigning(Candidate me, long term, Reading now) {
        return new HoldBack(now.plus(me.timings().retry()), term);
    }

    /**
     * Returns that of a candidate whose work has failed, for the {@code failures}th time in a row. That others have led since
     * does not end it, or two broken candidates would hand over to each other without a pause.
     */
    static HoldBack afterFailing(Candidate me, int failures, Reading now) {
        int doublings = Math.min(failures - 1, Integer.numberOfTrailingZeros(MOST_RETRIES));
        return new HoldBack(now.plus(me.timings().retry().multipliedBy(1L << doublings)), Long.MAX_VALUE);
    }

    /** Returns the longest pause after a failure. */
    static Duration longest(Candidate me) {
        return me.timings().retry().multipliedBy(MOST_RETRIES);
    }

    /** Returns whether it is over by the clock. */
    public boolean isOver(Reading now) {
        return now.hasReached(until);
    }

    /** Returns whether {@code me} may take the row as far as this goes. */
    boolean lets(Candidate me, Row row, Reading now) {
        return isOver(now) || row.term() > term || row.isHandedTo(me);
    }
}
