package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * All work has stopped after the session was lost, and this candidate is about to end: the row is given up, if another session
 * serves to do so, so that others need not wait for the end of the lease.
 *
 * @param tenure the leadership that has ended
 * @param exit how it ended, and what follows
 */
record Clearing(Tenure tenure, Exit exit) implements Unwinding {

    static Step begin(Tenure tenure, Exit exit) {
        return Step.to(
                new Clearing(tenure, exit),
                new Command.Vacate(tenure.term(), tenure.session(), exit.loss(), exit.successor()));
    }

    @Override
    public Unwinding with(Tenure outrun) {
        return new Clearing(outrun, exit);
    }

    @Override
    public Unwinding with(Exit other) {
        return new Clearing(tenure, other);
    }

    @Override
    public Step vacated(Candidate me, Reading now) {
        return exit.aim().reached(me, tenure, now);
    }

    @Override
    public Step vacateRefused(Candidate me, Reading now) {
        return exit.aim().reached(me, tenure, now);
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return exit.aim().reached(me, tenure, now);
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Optional<Reading> wakesAt() {
        return Optional.empty();
    }

    @Override
    public Stage stage() {
        return Stage.OUTLIVED;
    }
}
