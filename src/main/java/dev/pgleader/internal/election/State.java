package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * Where one candidate stands in one election. Immutable; every event gives the next state and the commands to carry out.
 *
 * <p>The paths a state can take; sessions that are lost and failures lead back to the left:
 *
 * <pre>
 *   Following &rarr; Recovering &rarr; Leading
 *       ^            |            |
 *       |            +-----+------+
 *       |  asked to stop:  v         deposed, time over:    session lost:
 *       |              Draining  &rarr;  Stopping            &rarr;  Outlived
 *       |              |   |  work does not stop: &rarr; Detaching &rarr;   |
 *       |              |   |             |                     |
 *       +--- Vacating &lt;+---+-------------+                     |
 *       +-------------------------------------------------------+
 *   and from everywhere, once nothing of ours is left to stop: Closed
 * </pre>
 *
 * <p>There is one method per event, so that a new event does not compile until every state answers it. Answers to
 * commands come before anything else can happen to an election; an answer that no command asked for is a bug and throws
 * {@link IllegalStateException}. Events of an earlier term, and requests that are already being served, change nothing.
 */
public sealed interface State permits Following, Holding, Unwinding, Closed {

    /** The row was read. */
    Step looked(Candidate me, Sighting seen);

    /** The election has no row yet. */
    Step rowMissing(Candidate me, Reading now);

    /** A bid has read the row, and not taken it. */
    Step bidLost(Candidate me, Sighting seen);

    /** A bid was not answered: it could not be made, or a lock was in its way. */
    Step notNow(Candidate me, Reading now);

    /** The row, which was as {@code before}, is ours under {@code term} by {@code session}. */
    Step taken(Candidate me, Sighting before, int session, long term, Reading now);

    /** A heartbeat of {@code session} that was sent at {@code sentAt} has been answered, and the row is still ours. */
    Step renewed(Candidate me, int session, Reading sentAt, Reading now);

    /**
     * The session's row is over, although the connection may live: nothing extends it any more.
     *
     * @param leaseEnd when, by this machine's clock, it ends at the latest
     */
    Step leaseLost(Candidate me, Loss loss, Reading leaseEnd, Reading now);

    /** The row says that we are ready to serve, under {@code term}. */
    Step led(Candidate me, long term, Reading now);

    /** The row does not name us under that term any more, whether or not it did before. */
    Step vacated(Candidate me, Reading now);

    /** The row was locked for the moment and has not been vacated. */
    Step vacateRefused(Candidate me, Reading now);

    /** It is time to look. */
    Step lookDue(Candidate me, Reading now);

    /** A change of the row, or a wish, was announced, perhaps by this process itself. */
    Step announced(Candidate me, News news, Reading now);

    /** Time has passed, at least until {@link #wakesAt}. */
    Step ticked(Candidate me, Reading now);

    /** The session has ended and its lock with it. */
    Step sessionLost(Candidate me, Reading now);

    /** The work has restored its state and is ready to lead. */
    Step recovered(Candidate me, long term, Reading now);

    /** The work threw an exception while it was leading. */
    Step workFailed(Candidate me, long term, Reading now);

    /** The work was cancelled and all of it has returned. */
    Step workStopped(Candidate me, long term, Reading now);

    /** The watchdog has cancelled the work because its trust ran out. */
    Step trustEnded(Candidate me, long term, Reading now);

    /** Another is to lead. */
    Step resignAsked(Candidate me, Succession.Request request, Reading now);

    /** The user wants this candidate to end. */
    Step closeAsked(Candidate me, Reading now);

    /** Returns when {@link #ticked} has something to do if nothing happens before; empty for never. */
    Optional<Reading> wakesAt();

    /** Returns what this state is to those outside the core. */
    Stage stage();

    /** Returns the state in which every candidate begins. */
    static State initial(Reading now) {
        return Following.after(Optional.empty(), now);
    }

    /** Stays as it is. */
    default Step stay() {
        return Step.to(this);
    }

    /** Returns what to throw at an answer that no command asked for. */
    default IllegalStateException impossible(String event) {
        return new IllegalStateException("'" + event + "' cannot happen in " + this);
    }
}
