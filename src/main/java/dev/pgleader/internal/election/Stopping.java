package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * No longer leader, and the cancelled work has not returned yet. The session, and with it the lock, is kept until it does, for
 * as long as the lease lasts: it keeps out a candidate whose database clock has jumped.
 *
 * @param tenure the leadership that has ended
 * @param exit how it ended, and what follows
 * @param spent whether the session's row is over, so that nothing extends it any more
 */
record Stopping(Tenure tenure, Exit exit, boolean spent) implements Unwinding {

    @Override
    public Unwinding with(Tenure outrun) {
        return new Stopping(outrun, exit, spent);
    }

    @Override
    public Unwinding with(Exit other) {
        return new Stopping(tenure, other, spent);
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return term == tenure.term() ? Vacating.begin(tenure, exit, spent, now) : stay();
    }

    @Override
    public Step leaseLost(Candidate me, Loss loss, Reading leaseEnd, Reading now) {
        return Step.to(new Stopping(tenure.outrun(leaseEnd), exit, true));
    }

    /** A session that lives on would hold the row for ever. */
    @Override
    public Step ticked(Candidate me, Reading now) {
        if (!now.hasReached(tenure.leaseEnd())) {
            return stay();
        }
        if (!spent) {
            return Detaching.begin(tenure, exit, now);
        }
        boolean patienceOver = exit.aim() instanceof Aim.Close close && now.hasReached(close.by());
        return patienceOver ? exit.aim().reached(me, tenure, now) : Step.to(new Outlived(tenure, exit));
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(new Outlived(tenure, exit));
    }

    @Override
    public Optional<Reading> wakesAt() {
        return Optional.of(tenure.leaseEnd());
    }
}
