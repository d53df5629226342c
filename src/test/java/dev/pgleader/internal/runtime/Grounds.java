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
 * @param still what has stood still
 * @param freed whose lock was seen free
 * @param former what the candidate led formerly
 * @param claims whether it claims rows that name it
 * @param trustsClockUntil until when it trusts the database's clock
 * @param insists whether it lets nobody go first
 * @param notBefore which term it waits for
 */
public record Grounds(
        Optional<Version> still,
        Optional<Version> freed,
        Optional<Former> former,
        boolean claims,
        OptionalLong trustsClockUntil,
        boolean insists,
        OptionalLong notBefore) {

    /** None but what the tables say, and no courtesy. */
    public static final Grounds NONE = new Grounds(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            OptionalLong.empty(),
            true,
            OptionalLong.empty());

    /** Returns these and a version that has stood still. */
    public Grounds still(Version version) {
        return new Grounds(Optional.of(version), freed, former, claims, trustsClockUntil, insists, notBefore);
    }

    /** Returns these and a version whose lock was seen free. */
    public Grounds freed(Version version) {
        return new Grounds(still, Optional.of(version), former, claims, trustsClockUntil, insists, notBefore);
    }

    /** Returns these and a former leadership. */
    public Grounds former(long term, int session) {
        Optional<Former> led = Optional.of(new Former(term, session));
        return new Grounds(still, freed, led, claims, trustsClockUntil, insists, notBefore);
    }

    /** Returns these, claiming rows that name the candidate. */
    public Grounds claiming() {
        return new Grounds(still, freed, former, true, trustsClockUntil, insists, notBefore);
    }

    /** Returns these, trusting the database's clock until it says this. */
    public Grounds trustingClockUntil(long micros) {
        return new Grounds(still, freed, former, claims, OptionalLong.of(micros), insists, notBefore);
    }

    /** Returns these, letting others go first. */
    public Grounds politely() {
        return new Grounds(still, freed, former, claims, trustsClockUntil, false, notBefore);
    }

    /** Returns these, waiting for a later term than this. */
    public Grounds notBefore(long term) {
        return new Grounds(still, freed, former, claims, trustsClockUntil, insists, OptionalLong.of(term));
    }

    /** Returns the bid. */
    public Bid by(Enrolment who) {
        return new Bid(who, 1000, still, freed, former, claims, trustsClockUntil, insists, notBefore);
    }
}
