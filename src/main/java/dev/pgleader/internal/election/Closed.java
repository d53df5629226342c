package dev.pgleader.internal.election;

import java.util.Optional;

/** The end: nothing is held, nothing runs that is still waited for, and nothing comes back to life. */
record Closed() implements State {

    @Override
    public Step looked(Candidate me, Sighting seen) {
        return stay();
    }

    @Override
    public Step rowMissing(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step bidLost(Candidate me, Sighting seen) {
        throw impossible("bid lost");
    }

    @Override
    public Step notNow(Candidate me, Reading now) {
        throw impossible("not now");
    }

    @Override
    public Step taken(Candidate me, Sighting before, int session, long term, Reading now) {
        throw impossible("taken");
    }

    /** The row was written before the leadership was lost. */
    @Override
    public Step led(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step renewed(Candidate me, int session, Reading sentAt, Reading now) {
        return stay();
    }

    @Override
    public Step leaseLost(Candidate me, Loss loss, Reading leaseEnd, Reading now) {
        return stay();
    }

    @Override
    public Step vacated(Candidate me, Reading now) {
        throw impossible("vacated");
    }

    @Override
    public Step vacateRefused(Candidate me, Reading now) {
        throw impossible("vacate refused");
    }

    @Override
    public Step lookDue(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step announced(Candidate me, News news, Reading now) {
        return stay();
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step recovered(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step workFailed(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step trustEnded(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step resignAsked(Candidate me, Succession.Request request, Reading now) {
        return stay();
    }

    @Override
    public Step closeAsked(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Optional<Reading> wakesAt() {
        return Optional.empty();
    }

    @Override
    public Stage stage() {
        return Stage.CLOSED;
    }
}
