package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The work does not return, and the session lives on for other elections: the row is let go, as one that must stand still for a
 * lease before it is taken. That costs the others what a crash would.
 *
 * @param tenure the leadership that has ended
 * @param exit how it ended, and what follows
 * @param since when that was first tried
 * @param wakesAt when to try again, where the row was locked
 */
record Detaching(Tenure tenure, Exit exit, Reading since, Optional<Reading> wakesAt) implements Unwinding {

    static Step begin(Tenure tenure, Exit exit, Reading now) {
        return new Detaching(tenure, exit, now, Optional.empty()).again();
    }

    private Step again() {
        return Step.to(
                new Detaching(tenure, exit, since, Optional.empty()),
                new Command.Detach(tenure.term(), tenure.session(), exit.loss(), Optional.empty()));
    }

    @Override
    public Unwinding with(Tenure outrun) {
        return new Detaching(outrun, exit, since, wakesAt);
    }

    @Override
    public Unwinding with(Exit other) {
        return new Detaching(tenure, other, since, wakesAt);
    }

    @Override
    public Step vacated(Candidate me, Reading now) {
        return Step.to(new Outlived(tenure, exit));
    }

    @Override
    public Step vacateRefused(Candidate me, Reading now) {
        return Step.to(new Detaching(tenure, exit, since, Optional.of(Patience.nextTry(me, since, now))));
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return term == tenure.term() ? Vacating.begin(tenure, exit, false, now) : stay();
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        if (exit.aim() instanceof Aim.Close close && now.hasReached(close.by())) {
            return exit.aim().reached(me, tenure, now);
        }
        return wakesAt.filter(now::hasReached).isPresent() ? again() : stay();
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(new Outlived(tenure, exit));
    }

    @Override
    public Optional<Reading> wakesAt() {
        return wakesAt;
    }
}
