package dev.pgleader.internal.runtime;

import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Former;
import dev.pgleader.internal.runtime.Session.Version;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * On which grounds a test bids: see {@link Session.Bid}, whose components these are. Immutable.
 *
 * @param seen what the candidate has seen last
 * @param stoodStill whether it has stood still
 * @param freed whether its lock was seen free
 * @param former what the candidate led formerly
 * @param claims whether it claims rows that name it
 * @param trustsClockUntil until when it trusts the database's clock
 * @param insists whether it lets nobody go first
 * @param notBefore which term it waits for
 */
public record Grounds(
        Optional<Version> seen,
        boolean stoodStill,
        boolean freed,
        Optional<Former> former,
        boolean claims,
        OptionalLong trustsClockUntil,
        boolean insists,
        OptionalLong notBefore) {

    /** None but what the tables say. */
    public static final Grounds NONE = new Grounds(
            Optional.empty(), false, false, Optional.empty(), false, OptionalLong.empty(), false, OptionalLong.empty());

    /** Returns these and a version that has stood still. */
    public Grounds still(Version version) {
        return new Grounds(Optional.of(version), true, freed, former, claims, trustsClockUntil, insists, notBefore);
    }

    /** Returns these and a version whose lock was seen free. */
    public Grounds freed(Version version) {
        return new Grounds(
                Optional.of(version), stoodStill, true, former, claims, trustsClockUntil, insists, notBefore);
    }

    /** Returns these and a former leadership. */
    public Grounds former(long term, int session) {
        Optional<Former> led = Optional.of(new Former(term, session));
        return new Grounds(seen, stoodStill, freed, led, claims, trustsClockUntil, insists, notBefore);
    }

    /** Returns these, claiming the row if it names the candidate in this version. */
    public Grounds claiming(Version version) {
        return new Grounds(Optional.of(version), stoodStill, freed, former, true, trustsClockUntil, insists, notBefore);
    }

    /** Returns these, claiming the row if it names the candidate as its former leadership. */
    public Grounds claiming() {
        return new Grounds(seen, stoodStill, freed, former, true, trustsClockUntil, insists, notBefore);
    }

    /** Returns these, trusting the database's clock until it says this. */
    public Grounds trustingClockUntil(long micros) {
        return new Grounds(seen, stoodStill, freed, former, claims, OptionalLong.of(micros), insists, notBefore);
    }

    /** Returns these, letting nobody go first in this version. */
    public Grounds insisting(Version version) {
        return new Grounds(Optional.of(version), stoodStill, freed, former, claims, trustsClockUntil, true, notBefore);
    }

    /** Returns these, waiting for a later term than this. */
    public Grounds notBefore(long term) {
        return new Grounds(seen, stoodStill, freed, former, claims, trustsClockUntil, insists, OptionalLong.of(term));
    }

    /** Returns the bid. */
    public Bid by(Enrolment who) {
        return new Bid(who, 1000, seen, stoodStill, freed, former, claims, trustsClockUntil, insists, notBefore);
    }
}
