package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * All work has stopped and the row is being given up. The lock follows only after that is committed.
 *
 * @param tenure the leadership that has ended
 * @param exit how it ended, and what follows
 * @param since when that was first tried
 * @param wakesAt when to try again, where the row was locked by somebody else
 */
record Vacating(Tenure tenure, Exit exit, Reading since, Optional<Reading> wakesAt) implements Unwinding {

    static Step begin(Tenure tenure, Exit exit, Reading now) {
        return new Vacating(tenure, exit, now, Optional.empty()).again();
    }

    private Step again() {
        return Step.to(
                new Vacating(tenure, exit, since, Optional.empty()),
                new Command.Vacate(tenure.term(), exit.loss(), exit.heir()));
    }

    @Override
    public Unwinding with(Tenure outrun) {
        return new Vacating(outrun, exit, since, wakesAt);
    }

    @Override
    public Unwinding with(Exit other) {
        return new Vacating(tenure, other, since, wakesAt);
    }

    @Override
    public Step vacated(Candidate me, Reading now) {
        return exit.aim().reached(me, now, new Command.Unlock(tenure.lockId()), new Command.Announce());
    }

    @Override
    public Step vacateRefused(Candidate me, Reading now) {
        Reading nextTry = Patience.nextTry(me, since, now);
        Reading wake = nextTry.hasReached(tenure.leaseEnd()) ? tenure.leaseEnd() : nextTry;
        return leaseIsOver(now) ? vacated(me, now) : Step.to(new Vacating(tenure, exit, since, Optional.of(wake)));
    }

    /** Anybody may take the row as it is then, and the lock would only be in the way. */
    private boolean leaseIsOver(Reading now) {
        return now.hasReached(tenure.leaseEnd());
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        if (wakesAt.isEmpty() || !now.hasReached(wakesAt.get())) {
            return stay();
        }
        return leaseIsOver(now) ? vacated(me, now) : again();
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return exit.aim().reached(me, now);
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Optional<Reading> wakesAt() {
        return wakesAt;
    }

    /** No heartbeat, but a sign of life: the server ends a session that falls silent, and would free the lock too soon. */
    @Override
    public Step beatDue(Candidate me, Reading now) {
        return Step.to(this, new Command.Look());
    }
}
