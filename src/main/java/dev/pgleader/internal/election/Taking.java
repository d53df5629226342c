package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The lock is held and the next term has been asked for.
 *
 * @param vigil how long the row has stood still
 * @param claim what is being taken
 * @param ripeSince since when it could have been taken
 * @param lockId the lock that is held
 */
record Taking(Vigil vigil, Claim claim, Reading ripeSince, int lockId) implements Standing {

    static Step begin(Vigil vigil, Claim claim, Reading ripeSince, int lockId) {
        return Step.to(new Taking(vigil, claim, ripeSince, lockId), new Command.Take(claim, vigil.seenOn()));
    }

    @Override
    public Step taken(Candidate me, long term, Reading sentAt, Reading now) {
        Tenure tenure = Tenure.from(me, lockId, term, sentAt);
        if (tenure.trust().isPast(now)) {
            return Vacating.begin(tenure, Exit.of(Loss.EXPIRED, new Aim.StandAgain()), now);
        }
        return Step.to(new Recovering(tenure), new Command.StartWork(tenure, claim.basis()), new Command.Announce());
    }

    @Override
    public Step takeRefused(Candidate me, Reading now) {
        Following following = Following.from(Optional.of(vigil), now);
        return Step.to(following.wakingAt(Patience.nextTry(me, ripeSince, now)), new Command.Unlock(lockId));
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(Following.from(Optional.of(vigil), now));
    }

    @Override
    public Step looked(Candidate me, Sighting seen) {
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
