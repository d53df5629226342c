package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * The answer to "may I take over?", drawn from one look and from how long the row has stood still.
 *
 * <p>One clock that jumps must not elect anybody, so an unexpired row needs more than the database's word that its time
 * is over: either the leader's advisory lock comes free on the very server on which it was taken, or the row stands
 * still for a whole lease on the candidate's own clock. A row with more time left than its own lease proves that the
 * database's clock stepped back; it says nothing then about when the leader died, and the candidate's clock decides.
 *
 * <p>A vacant row may be taken at once, unless a standby has been promoted since it was written: the last commits may be
 * lost then, a taking among them, and whoever took it leads for another lease at most.
 */
public sealed interface Verdict {

    /**
     * Take it, if the lock can be had.
     *
     * @param claim what gives the right to
     * @param ripeSince since when that has been so, as far as this candidate knows
     */
    record Take(Claim claim, Reading ripeSince) implements Verdict {}

    /** If the lock can be had then the leader's session has ended: keep it, wait {@code refractory}, and take. */
    record TakeAfter(Claim claim, Duration refractory) implements Verdict {}

    /** Somebody leads, or may still believe so: nothing can change before {@code delay} without a change of the row. */
    record Wait(Duration delay) implements Verdict {}

    /** The row names this very candidate, which knows of no leadership: an answer was lost. Vacate it. */
    record Leftover(long term) implements Verdict {}

    /** Judges one look at a row by a candidate that does not lead. */
    static Verdict of(Candidate me, Vigil vigil, Sighting seen) {
        Verdict verdict = ofRow(me, vigil, seen);
        return verdict instanceof Take take && seen.row().isMeantForOthersThan(me)
                ? afterOthers(me, take, seen)
                : verdict;
    }

    /** Those who are to go first may be dead, or not know it: they are waited for, for so long by this candidate's clock. */
    private static Verdict afterOthers(Candidate me, Take take, Sighting seen) {
        Duration left = me.timings().courtesy().minus(seen.askedAt().since(take.ripeSince()));
        return isPositive(left) ? new Wait(left) : take;
    }

    private static Verdict ofRow(Candidate me, Vigil vigil, Sighting seen) {
        Row row = seen.row();
        if (row.holder().isEmpty()) {
            return row.writtenOn().hasHistoryOf(seen.seenOn())
                    ? new Take(new Claim(Claim.Basis.VACANT, row), vigil.since())
                    : onceStoodStill(me.timings().lease(), vigil, seen);
        }
        Row.Holder holder = row.holder().get();
        if (holder.candidate().equals(me.id())) {
            return new Leftover(row.term());
        }
        Duration remaining = seen.remaining();
        boolean lockIsWitness = seen.seenOn().sharesLocksWith(row.writtenOn());
        boolean expired = remaining.isNegative() || remaining.isZero();
        if (expired && lockIsWitness) {
            Reading expiredAt = seen.answeredAt().plus(remaining);
            return new Take(new Claim(Claim.Basis.LEASE_OVER, row), expiredAt);
        }
        boolean steppedBack = remaining.compareTo(holder.lease()) > 0;
        boolean stoodStill = !isPositive(vigil.remaining(holder.lease(), seen));
        if (me.timings().onSessionEnd() && lockIsWitness && !(steppedBack && stoodStill)) {
            return new TakeAfter(new Claim(Claim.Basis.SESSION_ENDED, row), holder.refractory());
        }
        return expired || steppedBack ? onceStoodStill(holder.lease(), vigil, seen) : new Wait(remaining);
    }

    private static Verdict onceStoodStill(Duration lease, Vigil vigil, Sighting seen) {
        Duration left = vigil.remaining(lease, seen);
        return isPositive(left)
                ? new Wait(left)
                : new Take(new Claim(Claim.Basis.STOOD_STILL, seen.row()), vigil.provenAt(lease));
    }

    private static boolean isPositive(Duration length) {
        return !length.isNegative() && !length.isZero();
    }
}
