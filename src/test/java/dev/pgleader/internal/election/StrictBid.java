package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One bid as it reaches a {@link StrictDatabase}, and the judgement that the database draws from its own rows. It shares no code
 * with {@link Verdict}: each checks the other.
 *
 * @param known the version that the bidder has seen last, for which alone counts what it claims
 * @param stoodStill whether it has stood still for long enough
 * @param freed whether its lock was seen free a refractory period ago
 * @param former the leadership that may be claimed wherever it is found
 * @param claims whether a row that names the bidder is to be taken
 * @param trustsClockUntil the latest time of the database's clock that does not prove a step, less the refractory period
 * @param insists whether others have had the time to go first
 * @param notBefore a term: the row is left to others unless it has a later one, or was handed over to the bidder
 */
record StrictBid(
        Optional<Version> known,
        boolean stoodStill,
        boolean freed,
        Optional<Former> former,
        boolean claims,
        OptionalLong trustsClockUntil,
        boolean insists,
        OptionalLong notBefore) {

    private static final long NANOS_PER_MICRO = 1_000;

    /** One version of a row, on one server. */
    record Version(Row row, Server seenOn) {}

    /** Puts a bid into the database's terms, in a statement that is sent at {@code sentAt} and takes {@code atMost} so long. */
    static StrictBid of(Candidate me, Command.Bid bid, Reading sentAt, Duration atMost) {
        Evidence evidence = bid.evidence();
        return new StrictBid(
                evidence.vigil()
                        .map(vigil -> new Version(vigil.row(), vigil.last().server())),
                evidence.vigil().filter(vigil -> vigil.isOver(sentAt)).isPresent(),
                evidence.freed().filter(freed -> freed.isOver(sentAt)).isPresent(),
                evidence.former().filter(had -> had.isSureAt(sentAt, atMost)),
                bid.claims(),
                evidence.vigil()
                        .map(vigil -> OptionalLong.of(vigil.clockTrustedUntil(sentAt)))
                        .orElse(OptionalLong.empty()),
                evidence.insistsFrom(me).filter(sentAt::hasReached).isPresent(),
                bid.holdBack().isOver(sentAt)
                        ? OptionalLong.empty()
                        : OptionalLong.of(bid.holdBack().term()));
    }

    /** Returns whether the row may be taken by {@code me}, over the session {@code mySession}. */
    boolean wins(Sighting seen, Candidate me, int mySession) {
        return isRipe(seen, me, mySession) && isPolite(seen, me);
    }

    private boolean isRipe(Sighting seen, Candidate me, int mySession) {
        Row row = seen.row();
        boolean unbroken = row.ownHand()
                && row.writtenOn().systemIdentifier() == seen.seenOn().systemIdentifier()
                && row.writtenOn().timeline() == seen.seenOn().timeline();
        boolean hasStoodStill = stoodStill && isUnchanged(seen);
        if (row.holder().isEmpty()) {
            return (unbroken && row.released() == row.term()) || hasStoodStill;
        }
        Row.Holder holder = row.holder().get();
        boolean hadIt = former.filter(had -> had.term() == row.term() && had.session() == holder.sessionId())
                .isPresent();
        if (claims && holder.candidate().equals(me.id()) && (hadIt || isUnchanged(seen))) {
            return unbroken || (hadIt && !me.timings().onSessionEnd()) || hasStoodStill;
        }
        if (holder.sessionId() == mySession) {
            return false;
        }
        if (holder.session().isEmpty()) {
            return hasStoodStill;
        }
        Row.HolderSession session = holder.session().get();
        Duration longest = session.lease().compareTo(row.lease()) > 0 ? session.lease() : row.lease();
        if (seen.remaining().compareTo(longest) > 0) {
            return hasStoodStill;
        }
        boolean ended = row.ownHand() && session.ownHand() && seen.lockFree().orElse(false);
        if (seen.isAlive()) {
            return ended && freed && isUnchanged(seen);
        }
        return (ended && trustsClock(seen, holder.refractory())) || hasStoodStill;
    }

    private boolean trustsClock(Sighting seen, Duration refractory) {
        long harmless = refractory.toNanos() / NANOS_PER_MICRO;
        return trustsClockUntil.isEmpty() || seen.time().micros() - harmless <= trustsClockUntil.getAsLong();
    }

    private boolean isUnchanged(Sighting seen) {
        return known.filter(version -> version.seenOn().equals(seen.seenOn())
                        && identity(version.row()).equals(identity(seen.row())))
                .isPresent();
    }

    /** Returns which writings made the row and that of its holder's session. */
    private static String identity(Row row) {
        String session =
                row.session().map(line -> line.writing() + " at " + line.beat()).orElse("none");
        return row.writing() + " in " + row.term() + ", " + session;
    }

    private boolean isPolite(Sighting seen, Candidate me) {
        Row row = seen.row();
        boolean own = row.holder()
                .filter(holder -> holder.candidate().equals(me.id()))
                .isPresent();
        Optional<String> named = row.holder().isEmpty() ? row.succession().successor() : Optional.empty();
        boolean isNamed = named.filter(me::isNamedBy).isPresent();
        boolean best = row.succession().bestRival().orElse(Integer.MIN_VALUE)
                <= me.preference().priority();
        boolean courteous = (insists && isUnchanged(seen)) || own || (named.isPresent() ? isNamed : best);
        return courteous && (notBefore.isEmpty() || row.term() > notBefore.getAsLong() || isNamed);
    }
}
