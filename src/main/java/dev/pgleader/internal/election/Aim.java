package dev.pgleader.internal.election;

import java.util.Optional;

/** What a candidate will do once its work has stopped and nothing is left to release. */
public sealed interface Aim {

    /** Stand again at once: it was deposed and did not choose to go. */
    record StandAgain() implements Aim {}

    /** Stand again when another has led, or after a retry interval: it resigned. */
    record LetOthersLead() implements Aim {}

    /**
     * Stand again after a pause that grows with each failure: its work failed.
     *
     * @param failures how many leaderships have failed in a row
     */
    record Retreat(int failures) implements Aim {}

    /**
     * End.
     *
     * @param by when to end even if the work still runs
     */
    record Close(Reading by) implements Aim {}

    /** Returns the state that this aim leads to when all is released at {@code now}, after that leadership. */
    default Step reached(Candidate me, Tenure ended, Reading now) {
        return reached(me, ended, Optional.of(ended.former(me)), now);
    }

    /**
     * Returns the same where the row was given up, or may have been: others may have taken it since, so it is not claimed, although a
     * promotion that lost this shows it as it was.
     */
    default Step reachedReleased(Candidate me, Tenure ended, Reading now) {
        return reached(me, ended, Optional.empty(), now);
    }

    private Step reached(Candidate me, Tenure ended, Optional<Former> former, Reading now) {
        if (this instanceof Close) {
            return Step.to(new Closed());
        }
        if (this instanceof Retreat retreat) {
            return Following.holdingBack(HoldBack.afterFailing(me, retreat.failures(), now), retreat.failures())
                    .lettingOthersGoFirst(me, now);
        }
        if (this instanceof LetOthersLead) {
            return Following.holdingBack(HoldBack.afterResigning(me, ended.term(), now), 0)
                    .lettingOthersGoFirst(me, now);
        }
        return Following.after(former, now).bidding(me, now);
    }

    /** Returns this aim after a request to close, made while the lease runs until {@code leaseEnd}. */
    static Close closing(Candidate me, Reading now, Reading leaseEnd) {
        Reading drained = now.plus(me.timings().drain());
        return new Close(drained.hasReached(leaseEnd) ? drained : leaseEnd);
    }
}
