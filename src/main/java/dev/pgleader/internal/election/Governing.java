package dev.pgleader.internal.election;

/** The states in which the work runs and may believe that it leads. Each way out of them cancels the work. */
sealed interface Governing extends Holding permits Recovering, Leading {

    @Override
    default Step deposed(Tenure lost, Loss loss, boolean spent) {
        return Step.to(new Stopping(lost, exit(loss), spent), new Command.StopWork(lost.term(), loss));
    }

    @Override
    default Step trustEnded(Candidate me, long term, Reading now) {
        return term == tenure().term() ? deposed(tenure(), Loss.EXPIRED, false) : stay();
    }

    @Override
    default Step sessionLost(Candidate me, Reading now) {
        Exit exit = exit(Loss.SESSION_LOST);
        return Step.to(new Outlived(tenure(), exit), new Command.StopWork(tenure().term(), exit.loss()));
    }

    @Override
    default Step workFailed(Candidate me, long term, Reading now) {
        Aim retreat = new Aim.Retreat(tenure().failuresAt(me, now));
        return term == tenure().term() ? draining(me, now, Exit.of(Loss.FAILED, retreat)) : stay();
    }

    @Override
    default Step resignAsked(Candidate me, Succession.Request request, Reading now) {
        boolean meantForMe = request.successor().filter(me::isNamedBy).isPresent();
        return meantForMe ? stay() : draining(me, now, Exit.askedFor(request));
    }

    /** Perhaps another is to lead. */
    @Override
    default Step announced(Candidate me, News news, Reading now) {
        return Step.to(this, new Command.Look());
    }

    @Override
    default Step closeAsked(Candidate me, Reading now) {
        return draining(me, now, Exit.of(Loss.CLOSED, Aim.closing(me, now, tenure().leaseEnd())));
    }

    private Step draining(Candidate me, Reading now, Exit exit) {
        Reading until = now.plus(me.timings().drain());
        return Step.to(new Draining(tenure(), exit, until), new Command.StopWork(tenure().term(), exit.loss()));
    }
}
