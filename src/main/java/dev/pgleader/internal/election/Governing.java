package dev.pgleader.internal.election;

/** The states in which the work runs and may believe that it leads. Each way out of them cancels the work. */
sealed interface Governing extends Holding permits Recovering, Leading {

    @Override
    default Step deposed(Tenure lost, Loss loss) {
        return Step.to(new Stopping(lost, aim()), new Command.StopWork(lost.term(), loss));
    }

    @Override
    default Step trustEnded(Candidate me, long term, Reading now) {
        return term == tenure().term() ? deposed(tenure(), Loss.EXPIRED) : stay();
    }

    @Override
    default Step sessionLost(Candidate me, Reading now) {
        return Step.to(new Outlived(tenure(), aim()), new Command.StopWork(tenure().term(), Loss.SESSION_LOST));
    }

    @Override
    default Step workFailed(Candidate me, long term, Reading now) {
        return term == tenure().term() ? draining(me, now, new Aim.HoldBack(), Loss.FAILED) : stay();
    }

    @Override
    default Step resignAsked(Candidate me, Reading now) {
        return draining(me, now, new Aim.HoldBack(), Loss.RESIGNED);
    }

    @Override
    default Step closeAsked(Candidate me, Reading now) {
        return draining(me, now, Aim.closing(me, now, tenure().leaseEnd()), Loss.CLOSED);
    }

    private Step draining(Candidate me, Reading now, Aim aim, Loss loss) {
        Reading until = now.plus(me.timings().drain());
        return Step.to(new Draining(tenure(), phase(), aim, until), new Command.StopWork(tenure().term(), loss));
    }
}
