package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The states in which the row and the lock are ours and heartbeats go out.
 *
 * <p>Whatever casts doubt on either ends the leadership: a refused heartbeat, an answer that came after trust had ended,
 * a look that shows somebody else, the end of the session. None of it is ever undone; a new leadership needs a new term.
 */
sealed interface Holding extends State permits Governing, Draining {

    /** Returns what is known of the leadership's time. */
    Tenure tenure();

    /** Returns the phase that heartbeats write. */
    Phase phase();

    /** Returns this state with its lease extended. */
    Step extended(Tenure renewed);

    /** Returns what follows when the leadership is lost although the session lives. */
    Step deposed(Tenure lost, Loss loss);

    @Override
    default Step renewed(Candidate me, long term, Reading sentAt, Reading now) {
        if (term != tenure().term()) {
            return stay();
        }
        if (tenure().trust().isPast(now)) {
            return deposed(tenure().outrun(me, sentAt), Loss.EXPIRED);
        }
        return extended(tenure().renewed(me, sentAt));
    }

    @Override
    default Step renewalRefused(Candidate me, long term, Reading now) {
        return term == tenure().term() ? deposed(tenure(), Loss.DEPOSED) : stay();
    }

    @Override
    default Step looked(Candidate me, Sighting seen) {
        boolean ours = seen.row().term() == tenure().term()
                && seen.row()
                        .holder()
                        .map(holder -> holder.candidate().equals(me.id()))
                        .orElse(false);
        if (!ours) {
            return deposed(tenure(), Loss.DEPOSED);
        }
        return seen.row()
                .succession()
                .request()
                .map(request -> resignAsked(me, request, seen.answeredAt()))
                .orElseGet(this::stay);
    }

    @Override
    default Step rowMissing(Candidate me, Reading now) {
        return deposed(tenure(), Loss.DEPOSED);
    }

    @Override
    default Step beatDue(Candidate me, Reading now) {
        if (tenure().trust().isPast(now)) {
            return deposed(tenure(), Loss.EXPIRED);
        }
        return Step.to(this, new Command.Heartbeat(tenure().term(), phase()));
    }

    @Override
    default Step ticked(Candidate me, Reading now) {
        return tenure().trust().isPast(now) ? deposed(tenure(), Loss.EXPIRED) : stay();
    }

    /** All work has stopped, because it was asked to or because the watchdog was quicker than this news. */
    @Override
    default Step workStopped(Candidate me, long term, Reading now) {
        return term == tenure().term() ? Vacating.begin(tenure(), exit(Loss.EXPIRED), now) : stay();
    }

    /** Returns how the leadership ends, if it is because of {@code loss} and nothing was decided before. */
    default Exit exit(Loss loss) {
        return Exit.of(loss, new Aim.StandAgain());
    }

    @Override
    default Optional<Reading> wakesAt() {
        return Optional.of(tenure().trust().at());
    }

    @Override
    default Step lookDue(Candidate me, Reading now) {
        return stay();
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
    default Step vacated(Candidate me, Reading now) {
        throw impossible("vacated");
    }

    @Override
    default Step vacateRefused(Candidate me, Reading now) {
        throw impossible("vacate refused");
    }
}
