package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The work has been cancelled by choice and has not returned yet; heartbeats go on so that nobody else starts before.
 *
 * @param tenure the leadership's time
 * @param phase what heartbeats write
 * @param exit how it ends, and what follows
 * @param until when to stop waiting, and to let the lease run out
 */
record Draining(Tenure tenure, Phase phase, Exit exit, Reading until) implements Holding {

    @Override
    public Step extended(Tenure renewed) {
        return Step.to(new Draining(renewed, phase, exit, until));
    }

    @Override
    public Step deposed(Tenure lost, Loss loss) {
        return Step.to(new Stopping(lost, exit));
    }

    /** News of an expiry that came just before the cancellation; what counts now is this state's own tenure. */
    @Override
    public Step trustEnded(Candidate me, long term, Reading now) {
        return ticked(me, now);
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        if (now.hasReached(until)) {
            return Step.to(new Stopping(tenure, exit));
        }
        return Holding.super.ticked(me, now);
    }

    @Override
    public Optional<Reading> wakesAt() {
        Reading trustEnd = tenure.trust().at();
        return Optional.of(trustEnd.hasReached(until) ? until : trustEnd);
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
        Exit closing = exit.aiming(Aim.closing(me, now, tenure.leaseEnd()));
        return Step.to(new Draining(tenure, phase, closing, until));
    }

    @Override
    public Step resignAsked(Candidate me, Succession.Request request, Reading now) {
        return stay();
    }

    /** All that is wanted of it happens already. */
    @Override
    public Step announced(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Exit exit(Loss loss) {
        return exit;
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
