package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * No longer leader, and the cancelled work has not returned yet. The lock is kept until it does, for as long as the
 * lease that the row still shows: it keeps out a candidate whose database clock has jumped.
 *
 * @param tenure the leadership that has ended
 * @param exit how it ended, and what follows
 */
record Stopping(Tenure tenure, Exit exit) implements Unwinding {

    @Override
    public Unwinding with(Tenure outrun) {
        return new Stopping(outrun, exit);
    }

    @Override
    public Unwinding with(Exit other) {
        return new Stopping(tenure, other);
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return term == tenure.term() ? Vacating.begin(tenure, exit, now) : stay();
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        if (!now.hasReached(tenure.leaseEnd())) {
            return stay();
        }
        Command unlock = new Command.Unlock(tenure.lockId());
        Command announce = new Command.Announce();
        boolean patienceOver = exit.aim() instanceof Aim.Close close && now.hasReached(close.by());
        return patienceOver
                ? exit.aim().reached(me, now, unlock, announce)
                : Step.to(new Outlived(tenure, exit), unlock, announce);
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(new Outlived(tenure, exit));
    }

    @Override
    public Optional<Reading> wakesAt() {
        return Optional.of(tenure.leaseEnd());
    }

    /** No heartbeat, but a sign of life: the server ends a session that falls silent, and would free the lock too soon. */
    @Override
    public Step beatDue(Candidate me, Reading now) {
        return Step.to(this, new Command.Look());
    }
}
