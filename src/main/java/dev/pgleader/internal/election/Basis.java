package dev.pgleader.internal.election;

import java.time.Duration;

/** What gave a candidate the right to take an election. */
public enum Basis {
    /** The library itself had vacated the row. */
    VACANT,
    /** The leader's session was over on the database's clock, and its lock free. */
    LEASE_OVER,
    /** The row stood still for a whole lease on the candidate's own clock. */
    STOOD_STILL,
    /** The leader's session had ended, and the candidate has waited one refractory period since. */
    SESSION_ENDED,
    /** The row named this very candidate, whose session or whose answer had been lost. */
    CLAIMED;

    /** Returns what it was, by what had been seen before and by the row as it was when it was taken. */
    static Basis of(Candidate me, Evidence known, Sighting before) {
        if (before.row().names(me)) {
            return CLAIMED;
        }
        if (before.row().isReleased()) {
            return VACANT;
        }
        Duration longest = before.row().outwaited(me.timings().lease());
        boolean steppedBack = before.remaining().compareTo(longest) > 0;
        if (!before.row().isUntouched() || !before.lockFree().orElse(false) || steppedBack) {
            return STOOD_STILL;
        }
        if (before.isAlive()) {
            return SESSION_ENDED;
        }
        return known.after(me, before).vigil().orElseThrow().clockKeptStep() ? LEASE_OVER : STOOD_STILL;
    }
}
