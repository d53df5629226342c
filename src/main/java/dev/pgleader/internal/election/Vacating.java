package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * All work has stopped and the row is being given up.
 *
 * @param tenure the leadership that has ended
 * @param exit how it ended, and what follows
 * @param spent whether the session's row is over, so that others may take the row as it is, in the end
 * @param since when that was first tried
 * @param wakesAt when to try again, where the row was locked
 */
record Vacating(Tenure tenure, Exit exit, boolean spent, Reading since, Optional<Reading> wakesAt)
        implements Unwinding {

    static Step begin(Tenure tenure, Exit exit, boolean spent, Reading now) {
        return new Vacating(tenure, exit, spent, now, Optional.empty()).again();
    }

    private Step again() {
        return Step.to(
                new Vacating(tenure, exit, spent, since, Optional.empty()),
                new Command.Vacate(tenure.term(), tenure.session(), exit.loss(), exit.successor()));
    }

    @Override
    public Unwinding with(Tenure outrun) {
        return new Vacating(outrun, exit, spent, since, wakesAt);
    }

    @Override
    public Unwinding with(Exit other) {
        return new Vacating(tenure, other, spent, since, wakesAt);
    }

    @Override
    public Step vacated(Candidate me, Reading now) {
        return exit.aim().reachedReleased(me, tenure, now);
    }

    @Override
    public Step vacateRefused(Candidate me, Reading now) {
        if (isPointless(now)) {
            return vacated(me, now);
        }
        Reading nextTry = Patience.nextTry(me, since, now);
        Reading wake = spent ? Reading.earlier(nextTry, tenure.leaseEnd()) : nextTry;
        return Step.to(new Vacating(tenure, exit, spent, since, Optional.of(wake)));
    }

    /** Others may take the row as it is then. While the session lives they may not, even if this candidate is to end. */
    private boolean isPointless(Reading now) {
        return spent && now.hasReached(tenure.leaseEnd());
    }

    @Override
    public Step leaseLost(Candidate me, Loss loss, Reading leaseEnd, Reading now) {
        return Step.to(new Vacating(tenure.outrun(leaseEnd), exit, true, since, wakesAt));
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        if (wakesAt.isEmpty() || !now.hasReached(wakesAt.get())) {
            return stay();
        }
        return isPointless(now) ? vacated(me, now) : again();
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return exit.aim().reachedReleased(me, tenure, now);
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Optional<Reading> wakesAt() {
        return wakesAt;
    }
}
