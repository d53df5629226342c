package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The cancelled work has outlived its leadership: the session's lease is over or the row let go, and only the work's return is
 * waited for. This candidate does not stand again before.
 *
 * @param tenure the leadership that has ended
 * @param exit how it ended, and what follows
 */
record Outlived(Tenure tenure, Exit exit) implements Unwinding {

    @Override
    public Unwinding with(Tenure outrun) {
        return new Outlived(outrun, exit);
    }

    @Override
    public Unwinding with(Exit other) {
        return new Outlived(tenure, other);
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        if (term != tenure.term()) {
            return stay();
        }
        return exit.aim() instanceof Aim.Close
                ? Clearing.begin(tenure, exit)
                : exit.aim().reached(me, tenure, now);
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        return exit.aim() instanceof Aim.Close close && now.hasReached(close.by())
                ? exit.aim().reached(me, tenure, now)
                : stay();
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Optional<Reading> wakesAt() {
        return exit.aim() instanceof Aim.Close close ? Optional.of(close.by()) : Optional.empty();
    }

    @Override
    public Stage stage() {
        return Stage.OUTLIVED;
    }
}
