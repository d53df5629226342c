package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * Where one candidate stands in one election. Immutable; every event gives the next state and the commands to carry out.
 *
 * <p>The paths a state can take; sessions that are lost and failures lead back to the left:
 *
 * <pre>
 *   Following &rarr; Locking &rarr; Taking &rarr; Recovering &rarr; Leading
 *       ^          &rarr; Waiting &rarr; Taking         |            |
 *       |                                       +-----+------+
 *       |                  asked to stop:             v         deposed, time over:    session lost:
 *       |                                         Draining  &rarr;  Stopping            &rarr;  Outlived
 *       |                                             |            |                     |
 *       +------------------- Vacating &lt;---------------+------------+                     |
 *       +--------------------------------------------------------------------------------+
 *   and from everywhere, once nothing of ours is left to stop: Closed
 * </pre>
 *
 * <p>There is one method per event, so that a new event does not compile until every state answers it. Answers to
 * commands come before anything else can happen to an election; an answer that no command asked for is a bug and throws
 * {@link IllegalStateException}. Events of an earlier term, and requests that are already being served, change nothing.
 */
public sealed interface State permits Standing, Holding, Unwinding, Closed {

    /** The row was read. */
    Step looked(Candidate me, Sighting seen);

    /** The election has no row yet. */
    Step rowMissing(Candidate me, Reading now);

    /** The advisory lock was granted. */
    Step lockTaken(Candidate me, Reading now);

    /** The advisory lock is somebody else's, or could not be asked for just now. */
    Step lockRefused(Candidate me, Reading now);

    /** The row is ours under {@code term}, by a statement that was sent at {@code sentAt}. */
    Step taken(Candidate me, long term, Reading sentAt, Reading now);

    /** The row had changed, or was locked by somebody else for the moment. */
    Step takeRefused(Candidate me, Reading now);

    /** A heartbeat that was sent at {@code sentAt} has been answered. */
    Step renewed(Candidate me, long term, Reading sentAt, Reading now);

    /** A heartbeat found the row no longer ours, or its lease over. */
    Step renewalRefused(Candidate me, long term, Reading now);

    /** The row does not name us under that term any more, whether or not it did before. */
    Step vacated(Candidate me, Reading now);

    /** The row was locked by somebody else for the moment and has not been vacated. */
    Step vacateRefused(Candidate me, Reading now);

    /** It is time to look. */
    Step lookDue(Candidate me, Reading now);

    /** Somebody has announced a change of the row, or a wish. */
    Step announced(Candidate me, Reading now);

    /** It is time for the heartbeat of everything this process leads. */
    Step beatDue(Candidate me, Reading now);

    /** Time has passed, at least until {@link #wakesAt}. */
    Step ticked(Candidate me, Reading now);

    /** The session has ended and every lock with it. */
    Step sessionLost(Candidate me, Reading now);

    /** The work has restored its state and is ready to lead. */
    Step recovered(Candidate me, long term, Reading now);

    /** The work threw an exception while it was leading. */
    Step workFailed(Candidate me, long term, Reading now);

    /** The work was cancelled and all of it has returned. */
    Step workStopped(Candidate me, long term, Reading now);

    /** The watchdog has cancelled the work because its trust ran out. */
    Step trustEnded(Candidate me, long term, Reading now);

    /** Somebody wants another to lead. */
    Step resignAsked(Candidate me, Succession.Request request, Reading now);

    /** The user wants this candidate to end. */
    Step closeAsked(Candidate me, Reading now);

    /** Returns when {@link #ticked} has something to do if nothing happens before; empty for never. */
    Optional<Reading> wakesAt();

    /** Returns what this state is to those outside the core. */
    Stage stage();

    /** Returns the state in which every candidate begins. */
    static State initial(Reading now) {
        return Following.from(Optional.empty(), now);
    }

    /** Stays as it is. */
    default Step stay() {
        return Step.to(this);
    }

    /** Returns what to throw at an answer that nobody asked for. */
    default IllegalStateException impossible(String event) {
        return new IllegalStateException("'" + event + "' cannot happen in " + this);
    }
}
