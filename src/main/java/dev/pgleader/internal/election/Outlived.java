package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The cancelled work has outlived its leadership: the lock is gone, and only its return is waited for. This candidate
 * does not stand again before.
 *
 * @param tenure the leadership that has ended
 * @param aim what follows
 */
record Outlived(Tenure tenure, Aim aim) implements Unwinding {

    @Override
    public Unwinding with(Tenure outrun) {
        return new Outlived(outrun, aim);
    }

    @Override
    public Unwinding aiming(Aim other) {
        return new Outlived(tenure, other);
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        if (term != tenure.term()) {
            return stay();
        }
        return aim instanceof Aim.Close ? Clearing.begin(tenure, aim) : aim.reached(me, now);
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        return aim instanceof Aim.Close close && now.hasReached(close.by()) ? aim.reached(me, now) : stay();
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Optional<Reading> wakesAt() {
        return aim instanceof Aim.Close close ? Optional.of(close.by()) : Optional.empty();
    }

    @Override
    public Step beatDue(Candidate me, Reading now) {
        return stay();
    }
}
