package dev.pgleader.internal.election;

import java.time.Duration;

/** How soon to try again for what somebody else's lock keeps away. */
final class Patience {

    /** The shortest pause. A lock in the way should be free any moment. */
    static final Duration GRACE = Duration.ofMillis(50);

    private Patience() {}

    /**
     * Returns when to try again for something that could have been had since {@code ripeSince}, had it not been locked.
     * The pauses double as time goes by, until the routine looks, one every retry interval, come first.
     */
    static Reading nextTry(Candidate me, Reading ripeSince, Reading now) {
        Duration longest = me.timings().retry().multipliedBy(2);
        Duration waited = now.since(ripeSince);
        Duration pause = waited.compareTo(GRACE) > 0 ? waited : GRACE;
        return now.plus(pause.compareTo(longest) < 0 ? pause : longest);
    }
}
