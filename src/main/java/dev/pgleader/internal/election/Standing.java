package dev.pgleader.internal.election;

/**
 * The states of a candidate that does not lead and of which no work is running: what is said of work or of a row that it
 * held belongs to an earlier term. Answers about the lock and the row concern only the state that asked.
 */
sealed interface Standing extends State permits Following, Locking, Waiting, Taking {

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
    default Step vacated(Candidate me, Reading now) {
        throw impossible("vacated");
    }

    @Override
    default Step vacateRefused(Candidate me, Reading now) {
        throw impossible("vacate refused");
    }

    @Override
    default Step renewed(Candidate me, long term, Reading sentAt, Reading now) {
        return stay();
    }

    @Override
    default Step renewalRefused(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    default Step beatDue(Candidate me, Reading now) {
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
    default Step workStopped(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    default Step trustEnded(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    default Step resignAsked(Candidate me, Succession.Request request, Reading now) {
        return stay();
    }

    /** Somebody else's change is found out by looking. */
    @Override
    default Step announced(Candidate me, Reading now) {
        return lookDue(me, now);
    }

    @Override
    default Stage stage() {
        return Stage.STANDING;
    }
}
