package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * The states in which the row is ours and heartbeats extend the session that it points to.
 *
 * <p>Any doubt about either ends the leadership: a refused heartbeat, an answer that came after trust had ended, a look that
 * shows another holder, the end of the session. None of it is ever undone; a new leadership needs a new term.
 */
sealed interface Holding extends State permits Governing, Draining {

    /** Returns what is known of the leadership's time. */
    Tenure tenure();

    /** Returns this state with its lease extended. */
    Step extended(Tenure renewed);

    /**
     * Returns what follows when the leadership is lost although the connection lives.
     *
     * @param spent whether the session's row is over as well
     */
    Step deposed(Tenure lost, Loss loss, boolean spent);

    @Override
    default Step renewed(Candidate me, int session, Reading sentAt, Reading now) {
        if (session != tenure().session()) {
            return stay();
        }
        if (tenure().trust().isPast(now)) {
            return deposed(tenure().outrun(sentAt.plus(me.timings().lease())), Loss.EXPIRED, false);
        }
        return extended(tenure().renewed(me, sentAt));
    }

    @Override
    default Step leaseLost(Candidate me, Loss loss, Reading leaseEnd, Reading now) {
        return deposed(tenure().outrun(leaseEnd), loss, true);
    }

    @Override
    default Step looked(Candidate me, Sighting seen) {
        boolean ours = seen.row().term() == tenure().term()
                && seen.row().names(me)
                && seen.row().holder().orElseThrow().sessionId() == tenure().session();
        if (!ours) {
            return deposed(tenure(), Loss.DEPOSED, false);
        }
        return seen.row()
                .succession()
                .request()
                .map(request -> resignAsked(me, request, seen.answeredAt()))
                .orElseGet(this::stay);
    }

    @Override
    default Step rowMissing(Candidate me, Reading now) {
        return deposed(tenure(), Loss.DEPOSED, false);
    }

    @Override
    default Step ticked(Candidate me, Reading now) {
        return tenure().trust().isPast(now) ? deposed(tenure(), Loss.EXPIRED, false) : stay();
    }

    /** All work has stopped, because it was asked to or because the watchdog was quicker than this news. */
    @Override
    default Step workStopped(Candidate me, long term, Reading now) {
        return term == tenure().term() ? Vacating.begin(tenure(), exit(Loss.EXPIRED), false, now) : stay();
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
    default Step vacated(Candidate me, Reading now) {
        throw impossible("vacated");
    }

    @Override
    default Step vacateRefused(Candidate me, Reading now) {
        throw impossible("vacate refused");
    }
}
