package dev.pgleader.internal.election;

/**
 * The states after a leadership: no heartbeat goes out any more, and something of it is still to be stopped or released.
 * Nothing is revived.
 */
sealed interface Unwinding extends State permits Stopping, Detaching, Outlived, Clearing, Vacating {

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
        return exit().aim() instanceof Aim.StandAgain ? Step.to(with(exit().aiming(new Aim.LetOthersLead()))) : stay();
    }

    @Override
    default Step announced(Candidate me, News news, Reading now) {
        return stay();
    }

    /** Nothing is believed again, and how long this waits for its work does not depend on what else the session holds. */
    @Override
    default Step renewed(Candidate me, int session, Reading sentAt, Reading now) {
        return stay();
    }

    @Override
    default Step leaseLost(Candidate me, Loss loss, Reading leaseEnd, Reading now) {
        return Step.to(with(tenure().outrun(leaseEnd)));
    }

    /** The row was written before the leadership was lost. */
    @Override
    default Step led(Candidate me, long term, Reading now) {
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
    default Step bidLost(Candidate me, Sighting seen) {
        throw impossible("bid lost");
    }

    @Override
    default Step notNow(Candidate me, Reading now) {
        throw impossible("not now");
    }

    @Override
    default Step taken(Candidate me, Sighting before, int session, long term, Reading now) {
        throw impossible("taken");
    }

    @Override
    default Stage stage() {
        return Stage.UNWINDING;
    }
}
