package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The work has been cancelled by choice and has not returned yet; heartbeats go on so that no other candidate starts before.
 *
 * @param tenure the leadership's time
 * @param exit how it ends, and what follows
 * @param until when to stop waiting, and to let go of the row
 */
record Draining(Tenure tenure, Exit exit, Reading until) implements Holding {

    @Override
    public Step extended(Tenure renewed) {
        return Step.to(new Draining(renewed, exit, until));
    }

    @Override
    public Step deposed(Tenure lost, Loss loss, boolean spent) {
        return Step.to(new Stopping(lost, exit, spent));
    }

    /** News of an expiry that came just before the cancellation; what counts now is this state's own tenure. */
    @Override
    public Step trustEnded(Candidate me, long term, Reading now) {
        return Holding.super.ticked(me, now);
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        return now.hasReached(until) ? Detaching.begin(tenure, exit, now) : Holding.super.ticked(me, now);
    }

    @Override
    public Optional<Reading> wakesAt() {
        Reading trustEnd = tenure.trust().at();
        return Optional.of(Reading.earlier(until, trustEnd));
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(new Outlived(tenure, exit));
    }

    @Override
    public Step closeAsked(Candidate me, Reading now) {
        if (exit.aim() instanceof Aim.Close) {
            return stay();
        }
        return Step.to(new Draining(tenure, exit.aiming(Aim.closing(me, now, tenure.leaseEnd())), until));
    }

    @Override
    public Step resignAsked(Candidate me, Succession.Request request, Reading now) {
        return stay();
    }

    /** All that is wanted of it happens already. */
    @Override
    public Step announced(Candidate me, News news, Reading now) {
        return stay();
    }

    @Override
    public Exit exit(Loss loss) {
        return exit;
    }

    /** The row was written before the work was cancelled. */
    @Override
    public Step led(Candidate me, long term, Reading now) {
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
    public Stage stage() {
        return Stage.DRAINING;
    }
}
