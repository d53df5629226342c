package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;

/**
 * One look at an election's row. Immutable.
 *
 * @param row what it said
 * @param time the database's time of the look, and on which server
 * @param remaining the time left of the holder's session on the database's clock, negative when over; meaningless where the
 *     row is vacant or its session has no row
 * @param lockFree whether the holder's advisory lock was free; empty where that was not asked
 * @param byOwnSession whether the row names the very session that looked
 */
public record Sighting(
        Row row, DatabaseTime time, Duration remaining, Optional<Boolean> lockFree, boolean byOwnSession) {

    /** Makes one of a row that names another session, or none. */
    public Sighting(Row row, DatabaseTime time, Duration remaining, Optional<Boolean> lockFree) {
        this(row, time, remaining, lockFree, false);
    }

    /** Returns the server that said it. */
    public Server seenOn() {
        return time.server();
    }

    /** Returns this machine's clocks before the question was sent. */
    public Reading askedAt() {
        return time.askedAt();
    }

    /** Returns this machine's clocks after the answer came. */
    public Reading answeredAt() {
        return time.answeredAt();
    }

    /** Returns whether the holder's session has time left on the database's clock. */
    boolean isAlive() {
        return row.session().isPresent() && !remaining.isNegative() && !remaining.isZero();
    }
}
