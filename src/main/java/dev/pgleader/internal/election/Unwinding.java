package dev.pgleader.internal.election;

/**
 * The states after a leadership: no heartbeat goes out any more, and something of it is still to be stopped or released.
 * Nothing is revived.
 */
sealed interface Unwinding extends State permits Stopping, Outlived, Clearing, Vacating {

    /** Returns the leadership that is being unwound. */
    Tenure tenure();

    /** Returns how it ended, and what follows. */
    Exit exit();

    /** Returns this state with another end of its lease. */
    Unwinding with(Tenure outrun);

    /** Returns this state with another exit. */
    Unwinding with(Exit other);

    @Override
    default Step closeAsked(Candidate me, Reading now) {
        if (exit().aim() instanceof Aim.Close) {
            return stay();
        }
        return Step.to(with(exit().aiming(Aim.closing(me, now, tenure().leaseEnd()))));
    }

    @Override
    default Step resignAsked(Candidate me, Succession.Request request, Reading now) {
        return exit().aim() instanceof Aim.StandAgain ? Step.to(with(exit().aiming(new Aim.HoldBack()))) : stay();
    }

    @Override
    default Step announced(Candidate me, Reading now) {
        return stay();
    }

    /** A last heartbeat has been answered too late to count, but the row's lease ends later for it. */
    @Override
    default Step renewed(Candidate me, long term, Reading sentAt, Reading now) {
        return term == tenure().term() ? Step.to(with(tenure().outrun(me, sentAt))) : stay();
    }

    @Override
    default Step renewalRefused(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    default Step looked(Candidate me, Sighting seen) {
        return stay();
    }

    @Override
    default Step rowMissing(Candidate me, Reading now) {
        return stay();
    }

    @Override
    default Step lookDue(Candidate me, Reading now) {
        return stay();
    }

    @Override
    default Step recovered(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    default Step workFailed(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    default Step trustEnded(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    default Step vacated(Candidate me, Reading now) {
        throw impossible("vacated");
    }

    @Override
    default Step vacateRefused(Candidate me, Reading now) {
        throw impossible("vacate refused");
    }

    @Override
    default Step lockTaken(Candidate me, Reading now) {
        throw impossible("lock taken");
    }

    @Override
    default Step lockRefused(Candidate me, Reading now) {
        throw impossible("lock refused");
    }

    @Override
    default Step taken(Candidate me, long term, Reading sentAt, Reading now) {
        throw impossible("taken");
    }

    @Override
    default Step takeRefused(Candidate me, Reading now) {
        throw impossible("take refused");
    }

    @Override
    default Stage stage() {
        return Stage.UNWINDING;
    }
}
