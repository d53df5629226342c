package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * How a leadership ends. Immutable.
 *
 * @param loss why
 * @param heir to whom it is handed over: an identity or an address; empty where anybody may be next
 * @param aim what this candidate does then
 */
public record Exit(Loss loss, Optional<String> heir, Aim aim) {

    /** Returns an end that names nobody. */
    static Exit of(Loss loss, Aim aim) {
        return new Exit(loss, Optional.empty(), aim);
    }

    /** Returns how a leadership ends that somebody wants to end; others may go first then. */
    static Exit askedFor(Succession.Request request) {
        Loss named = request.preempting() ? Loss.PREEMPTED : Loss.HANDED_OVER;
        return new Exit(request.heir().isPresent() ? named : Loss.RESIGNED, request.heir(), new Aim.HoldBack());
    }

    /** Returns this end followed by something else. */
    Exit aiming(Aim other) {
        return new Exit(loss, heir, other);
    }
}
