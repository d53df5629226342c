package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The row may be taken if the advisory lock can be had; the lock has been asked for.
 *
 * @param vigil how long the row has stood still
 * @param seen the look that gave the right to try
 * @param verdict what that right is
 * @param holdBackUntil carried on from following
 */
record Locking(Vigil vigil, Sighting seen, Verdict verdict, Reading holdBackUntil) implements Standing {

    @Override
    public Step lockTaken(Candidate me, Reading now) {
        int lockId = seen.row().lockId();
        if (verdict instanceof Verdict.TakeAfter after) {
            Reading until = now.plus(Clocks.slowed(after.refractory()));
            return new Waiting(vigil, after.claim(), lockId, until).ticked(me, now);
        }
        if (verdict instanceof Verdict.Take take) {
            return Taking.begin(vigil, take.claim(), take.ripeSince(), lockId);
        }
        throw impossible("lock taken");
    }

    @Override
    public Step lockRefused(Candidate me, Reading now) {
        Following following = Following.from(Optional.of(vigil), holdBackUntil);
        if (!(verdict instanceof Verdict.Take take)) {
            return Step.to(following.wakingAt(seen.answeredAt().plus(seen.remaining())));
        }
        if (seen.row().holder().isEmpty()) {
            return Step.to(following.wakingAt(Patience.nextTry(me, take.ripeSince(), now)));
        }
        return afterDeadLeader(
                me, following, take.ripeSince(), seen.row().holder().get(), now);
    }

    /*
     * A leader whose lease is over but whose lock is still held is either hung, or alive under a database clock that
     * jumped forwards. Its session may be ended only in the first case, which the database's clock cannot tell from the
     * second: the row must also have stood still for a whole lease on this candidate's own clock.
     */
    private Step afterDeadLeader(Candidate me, Following following, Reading ripeSince, Row.Holder holder, Reading now) {
        boolean lockIsTheLeaders = seen.seenOn().sharesLocksWith(seen.row().writtenOn());
        Reading provenAt = vigil.provenAt(holder.lease());
        if (lockIsTheLeaders && seen.askedAt().hasReached(provenAt)) {
            return Step.to(following.wakingAt(now.plus(Patience.GRACE)), new Command.EndBackend(seen.row()));
        }
        Reading nextTry = Patience.nextTry(me, ripeSince, now);
        boolean provenBefore = lockIsTheLeaders && nextTry.hasReached(provenAt);
        return Step.to(following.wakingAt(provenBefore ? provenAt : nextTry));
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(Following.from(Optional.of(vigil), holdBackUntil));
    }

    @Override
    public Step looked(Candidate me, Sighting seenSince) {
        return stay();
    }

    @Override
    public Step rowMissing(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step lookDue(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step closeAsked(Candidate me, Reading now) {
        throw impossible("close asked");
    }

    @Override
    public Optional<Reading> wakesAt() {
        return Optional.empty();
    }
}
