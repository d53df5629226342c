package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * The answer to "may I take over?", drawn from one look and from how long the row has stood still.
 *
 * <p>One clock that jumps must not elect anybody, so an unexpired row needs more than the database's word that its time
 * is over: either the leader's advisory lock comes free on the very server on which it was taken, or the row stands
 * still for a whole lease on the candidate's own clock. A row with more time left than its own lease proves that the
 * database's clock stepped back; it says nothing then about when the leader died, and the candidate's clock decides.
 */
public sealed interface Verdict {

    /** Take it, if the lock can be had. */
    record Take(Claim claim) implements Verdict {}

    /** If the lock can be had then the leader's session has ended: keep it, wait {@code refractory}, and take. */
    record TakeAfter(Claim claim, Duration refractory) implements Verdict {}

    /** Somebody leads, or may still believe so: nothing can change before {@code delay} without a change of the row. */
    record Wait(Duration delay) implements Verdict {}

    /** The row names this very candidate, which knows of no leadership: an answer was lost. Vacate it. */
    record Leftover(long term) implements Verdict {}

    /** Judges one look at a row by a candidate that does not lead. */
    static Verdict of(Candidate me, Vigil vigil, Sighting seen) {
        Row row = seen.row();
        if (row.holder().isEmpty()) {
            return new Take(new Claim(Claim.Basis.VACANT, row));
        }
        Row.Holder holder = row.holder().get();
        if (holder.candidate().equals(me.id())) {
            return new Leftover(row.term());
        }
        boolean lockIsWitness = holder.electedOn().equals(seen.seenOn());
        boolean expired = seen.remaining().isNegative() || seen.remaining().isZero();
        if (expired && lockIsWitness) {
            return new Take(new Claim(Claim.Basis.LEASE_OVER, row));
        }
        boolean steppedBack = seen.remaining().compareTo(holder.lease()) > 0;
        Duration standstill = vigil.remaining(holder, seen);
        if ((expired || steppedBack) && standstill.isZero()) {
            return new Take(new Claim(Claim.Basis.STOOD_STILL, row));
        }
        if (me.timings().onSessionEnd() && lockIsWitness) {
            return new TakeAfter(new Claim(Claim.Basis.SESSION_ENDED, row), holder.refractory());
        }
        return new Wait(expired || steppedBack ? standstill : seen.remaining());
    }
}
