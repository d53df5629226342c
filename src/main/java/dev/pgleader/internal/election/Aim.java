package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;

/** What a candidate will do once its work has stopped and nothing is left to release. */
public sealed interface Aim {

    /** Stand again at once: it was deposed and did not choose to go. */
    record StandAgain() implements Aim {}

    /** Stand again after a retry interval, so that others may go first: it resigned, or its work failed. */
    record HoldBack() implements Aim {}

    /**
     * End.
     *
     * @param by when to end even if the work still runs
     */
    record Close(Reading by) implements Aim {}

    /** Returns the state that this aim leads to when all is released at {@code now}, with a look where that helps. */
    default Step reached(Candidate me, Reading now, Command... before) {
        if (this instanceof Close) {
            return Step.to(new Closed(), before);
        }
        Duration pause = this instanceof HoldBack ? me.timings().retry() : Duration.ZERO;
        return Following.from(Optional.empty(), now.plus(pause)).lookingAfter(before);
    }

    /** Returns this aim after a request to close, made while the lease runs until {@code leaseEnd}. */
    static Close closing(Candidate me, Reading now, Reading leaseEnd) {
        Reading drained = now.plus(me.timings().drain());
        return new Close(drained.hasReached(leaseEnd) ? drained : leaseEnd);
    }
}
