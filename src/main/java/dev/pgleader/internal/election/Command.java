package dev.pgleader.internal.election;

import java.util.Optional;
import java.util.UUID;

/** What the core orders done for one election. Everything here is bounded, and its answer comes back as an event. */
public sealed interface Command {

    /** Read the row; answered by {@link State#looked} or {@link State#rowMissing}. Dropped when there is no session. */
    record Look() implements Command {}

    /** Create the row if it is missing, then look. */
    record Register() implements Command {}

    /**
     * Take the election if it may be taken, and read it in any case; answered by {@link State#taken}, {@link State#bidLost},
     * {@link State#rowMissing}, or {@link State#notNow} where there was no answer.
     *
     * @param evidence what was seen that may give the right to
     * @param claims whether a row that names this candidate is to be taken
     * @param holdBack for how long this candidate lets others go first
     */
    record Bid(Evidence evidence, boolean claims, HoldBack holdBack) implements Command {}

    /** Write into the row that the leader of this term is ready to serve, and announce it; answered by {@link State#led}. */
    record Lead(Tenure tenure) implements Command {}

    /**
     * Empty the row if it still names this candidate, term and session, say how the term ended and who shall be next, and
     * announce it; answered by {@link State#vacated} or {@link State#vacateRefused}.
     */
    record Vacate(long term, int session, Loss loss, Optional<String> successor) implements Command {}

    /**
     * Empty the row in the same way, but so that it must stand still for a lease before it is taken: the work may still be
     * running. Answered like {@link Vacate}.
     *
     * @param holder whom the row names, if that is not this candidate
     */
    record Detach(long term, int session, Loss loss, Optional<UUID> holder) implements Command {}

    /** Ask the leader of this term to resign in favour of this candidate. Best effort. */
    record AskToResign(long term) implements Command {}

    /** Tell everybody who listens that the row has changed. Best effort. */
    record Announce() implements Command {}

    /** Call the user's work, as leader of this tenure. */
    record StartWork(Tenure tenure, Basis basis) implements Command {}

    /** Let the running work believe in itself for longer. */
    record ExtendTrust(Tenure tenure) implements Command {}

    /** Cancel the user's work; answered by {@link State#workStopped} once all of it has returned. */
    record StopWork(long term, Loss loss) implements Command {}
}
