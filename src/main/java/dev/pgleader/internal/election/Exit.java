package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * How a leadership ends. Immutable.
 *
 * @param loss why
 * @param successor to whom it is handed over: an identity or an address; empty where any candidate may be next
 * @param aim what this candidate does then
 */
public record Exit(Loss loss, Optional<String> successor, Aim aim) {

    /** Returns an end that names nobody. */
    static Exit of(Loss loss, Aim aim) {
        return new Exit(loss, Optional.empty(), aim);
    }

    /** Returns how a leadership ends that is asked to resign; others may go first then. */
    static Exit askedFor(Succession.Request request) {
        Loss named = request.preempting() ? Loss.PREEMPTED : Loss.HANDED_OVER;
        return new Exit(
                request.successor().isPresent() ? named : Loss.RESIGNED, request.successor(), new Aim.LetOthersLead());
    }

    /** Returns this end followed by something else. */
    Exit aiming(Aim other) {
        return new Exit(loss, successor, other);
    }
}
