package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The leader's session has ended before its lease: the lock is held, and its refractory period is being waited out.
 *
 * @param vigil how long the row has stood still
 * @param claim what may be taken then
 * @param lockId the lock that is held
 * @param until when the old leader's work has had its time to stop
 */
record Waiting(Vigil vigil, Claim claim, int lockId, Reading until) implements Standing {

    @Override
    public Step ticked(Candidate me, Reading now) {
        return now.hasReached(until) ? Taking.begin(vigil, claim, until, lockId) : stay();
    }

    @Override
    public Step looked(Candidate me, Sighting seen) {
        Vigil watched = Vigil.after(Optional.of(vigil), seen);
        if (Verdict.of(me, watched, seen) instanceof Verdict.Take sooner) {
            return Taking.begin(watched, sooner.claim(), sooner.ripeSince(), lockId);
        }
        if (seen.row().sameVersionAs(claim.row())) {
            return stay();
        }
        return Following.from(Optional.empty(), seen.answeredAt()).lookingAfter(new Command.Unlock(lockId));
    }

    @Override
    public Step rowMissing(Candidate me, Reading now) {
        return Following.from(Optional.empty(), now).lookingAfter(new Command.Unlock(lockId));
    }

    @Override
    public Step lookDue(Candidate me, Reading now) {
        return Step.to(this, new Command.Look());
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(Following.from(Optional.of(vigil), now));
    }

    @Override
    public Step closeAsked(Candidate me, Reading now) {
        return Step.to(new Closed(), new Command.Unlock(lockId));
    }

    @Override
    public Optional<Reading> wakesAt() {
        return Optional.of(until);
    }
}
