package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The work does not return, and the session lives on for other elections: the row is let go, as one that must stand still for a
 * lease before it is taken. That costs the others what a crash would.
 *
 * @param tenure the leadership that has ended
 * @param exit how it ended, and what follows
 * @param spent whether the session's row is over, so that others may take the row as it is, in the end
 * @param since when that was first tried
 * @param wakesAt when to try again, where the row was locked
 */
record Detaching(Tenure tenure, Exit exit, boolean spent, Reading since, Optional<Reading> wakesAt)
        implements Unwinding {

    static Step begin(Tenure tenure, Exit exit, Reading now) {
        return new Detaching(tenure, exit, false, now, Optional.empty()).again();
    }

    private Step again() {
        return Step.to(
                new Detaching(tenure, exit, spent, since, Optional.empty()),
                new Command.Detach(tenure.term(), tenure.session(), exit.loss(), Optional.empty()));
    }

    @Override
    public Unwinding with(Tenure outrun) {
        return new Detaching(outrun, exit, spent, since, wakesAt);
    }

    @Override
    public Unwinding with(Exit other) {
        return new Detaching(tenure, other, spent, since, wakesAt);
    }

    @Override
    public Step vacated(Candidate me, Reading now) {
        return Step.to(new Outlived(tenure, exit));
    }

    @Override
    public Step vacateRefused(Candidate me, Reading now) {
        if (isPointless(now)) {
            return vacated(me, now);
        }
        Reading nextTry = Patience.nextTry(me, since, now);
        Reading wake = spent ? Reading.earlier(nextTry, tenure.leaseEnd()) : nextTry;
        return Step.to(new Detaching(tenure, exit, spent, since, Optional.of(wake)));
    }

    /** Others may take the row as it is then, and this process needs another session. */
    private boolean isPointless(Reading now) {
        return spent && now.hasReached(tenure.leaseEnd());
    }

    @Override
    public Step leaseLost(Candidate me, Loss loss, Reading leaseEnd, Reading now) {
        return Step.to(new Detaching(tenure.outrun(leaseEnd), exit, true, since, wakesAt));
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return term == tenure.term() ? Vacating.begin(tenure, exit, spent, now) : stay();
    }

    /** A candidate that is to end goes on as well: the session lives, and would hold the row for ever. */
    @Override
    public Step ticked(Candidate me, Reading now) {
        if (wakesAt.isEmpty() || !now.hasReached(wakesAt.get())) {
            return stay();
        }
        return isPointless(now) ? vacated(me, now) : again();
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
