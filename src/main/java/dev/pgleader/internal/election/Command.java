package dev.pgleader.internal.election;

import java.util.Optional;

/** What the core orders done for one election. Everything here is bounded, and its answer comes back as an event. */
public sealed interface Command {

    /** Read the row; answered by {@link State#looked} or {@link State#rowMissing}. Dropped when there is no session. */
    record Look() implements Command {}

    /** Create the row if it is missing, then look. */
    record Register() implements Command {}

    /** Try for the advisory lock, without waiting; answered by {@link State#lockTaken} or {@link State#lockRefused}. */
    record TryLock(int lockId) implements Command {}

    /** Write the next term if the row is still as claimed; answered by {@link State#taken} or {@link State#takeRefused}. */
    record Take(Claim claim, Server seenOn) implements Command {}

    /**
     * Extend the row; answered by {@link State#renewed} or {@link State#renewalRefused}, or by nothing where the row was
     * locked by somebody else for the moment.
     */
    record Heartbeat(long term, Phase phase) implements Command {}

    /**
     * Empty the row if it still names this candidate and term, and say how the term ended and who shall be next; answered
     * by {@link State#vacated} in either case.
     */
    record Vacate(long term, Loss loss, Optional<String> heir) implements Command {}

    /** Ask the leader of this term to resign in favour of this candidate. Best effort. */
    record AskToResign(long term) implements Command {}

    /** Give the advisory lock back. */
    record Unlock(int lockId) implements Command {}

    /** Tell everybody who listens that the row has changed. Best effort. */
    record Announce() implements Command {}

    /**
     * End the server process that still holds the lock of a leader whose lease is long over, if the row still is the
     * version that showed this: the same process may have begun to lead anew since. Best effort.
     */
    record EndBackend(Row condemned) implements Command {}

    /** Call the user's work, as leader of this tenure. */
    record StartWork(Tenure tenure, Claim.Basis basis) implements Command {}

    /** Let the running work believe in itself for longer. */
    record ExtendTrust(Tenure tenure) implements Command {}

    /** Cancel the user's work; answered by {@link State#workStopped} once all of it has returned. */
    record StopWork(long term, Loss loss) implements Command {}
}
