package dev.pgleader.internal.election;

import java.util.Optional;

/**
 * What a candidate has seen that may give it the right to take an election. Immutable. All of it belongs to the server on which it
 * was seen, and begins anew on another.
 *
 * @param vigil how long the row has stood still; empty until it is seen
 * @param freed that the leader's lock was seen free while its lease ran
 * @param former the leadership that this candidate had and did not give up
 * @param ripeSince since when the row may be taken, as far as this candidate knows
 */
public record Evidence(
        Optional<Vigil> vigil, Optional<FreeLock> freed, Optional<Former> former, Optional<Reading> ripeSince) {

    /** Nothing was seen yet. */
    static final Evidence NONE = of(Optional.empty());

    /** Returns the evidence of a candidate that only knows of its own former leadership. */
    static Evidence of(Optional<Former> former) {
        return new Evidence(Optional.empty(), Optional.empty(), former, Optional.empty());
    }

    /** Returns what another look leaves of it, and adds to it. */
    Evidence after(Candidate me, Sighting seen) {
        return new Evidence(
                Optional.of(Vigil.after(vigil, me.timings().lease(), seen)),
                FreeLock.after(freed, me, seen),
                former.filter(had -> had.isIn(seen.row())),
                ripeSince.filter(since -> isOf(seen)));
    }

    /** Returns whether this is about the version of the row that was seen, on the server on which it was. */
    private boolean isOf(Sighting seen) {
        return vigil.filter(kept -> kept.row().sameVersionAs(seen.row())
                        && kept.last().server().equals(seen.seenOn()))
                .isPresent();
    }

    /** Returns the same evidence for a row that may be taken since {@code moment}, or not at all. */
    Evidence ripeSince(Optional<Reading> moment) {
        return new Evidence(vigil, freed, former, moment);
    }

    /** Returns from when on those who were to go first have had their time. */
    public Optional<Reading> insistsFrom(Candidate me) {
        return ripeSince.map(since -> since.plus(me.timings().courtesy()));
    }
}
