package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;

/**
 * For how long one version of a row has been seen to stand still, on the candidate's own clock. Immutable.
 *
 * <p>This is the witness that needs no agreement about the time of day: a leader that has not renewed for a whole lease,
 * as timed here, has lost its trust by its own clock too, given that clock rates differ by less than one per cent. Any
 * change starts the vigil anew, a change backwards as well, and so does a change of server: after a failover that lost
 * the last commits this waits out the leases that were lost. (Gray and Cheriton, "Leases", 1989; the DynamoDB lock
 * client times an unchanged record in the same way.)
 *
 * @param row the version that was seen
 * @param seenOn the server on which it was seen
 * @param since when an answer first showed it
 */
public record Vigil(Row row, Server seenOn, Reading since) {

    /** Returns the vigil after another look: {@code before} if nothing has changed, else a new one. */
    static Vigil after(Optional<Vigil> before, Sighting seen) {
        return before.filter(vigil -> vigil.isOf(seen))
                .orElseGet(() -> new Vigil(seen.row(), seen.seenOn(), seen.answeredAt()));
    }

    private boolean isOf(Sighting seen) {
        return row.sameVersionAs(seen.row()) && seenOn.equals(seen.seenOn());
    }

    /** Returns how much longer the row must stand still to prove a leader of that lease gone; negative when it has. */
    Duration remaining(Duration lease, Sighting seen) {
        return Clocks.slowed(lease).minus(seen.askedAt().since(since));
    }

    /** Returns when, with nothing changing, the row has stood still for long enough. */
    Reading provenAt(Duration lease) {
        return since.plus(Clocks.slowed(lease));
    }
}
