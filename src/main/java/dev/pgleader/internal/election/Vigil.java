package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;

/**
 * For how long one version of a row has been seen to stand still, on the candidate's own clock. Immutable.
 *
 * <p>This is the witness that needs no agreement about the time of day: a leader that has not renewed for a whole lease,
 * as timed here, has lost its trust by its own clock too, given that clock rates differ by less than one per cent. Any
 * change starts the vigil anew, a change backwards as well, and so does a change of server: after a failover that lost
 * the last commits this waits out the leases that were lost. (Gray and Cheriton, "Leases", 1989; the DynamoDB lock
 * client times an unchanged record in the same way.)
 *
 * <p>It counts from the arrival of the answer that first showed the version to the sending of the statement that relies on it.
 *
 * @param row the version that was seen
 * @param since when an answer first showed it
 * @param needed how long it must stand still to prove its leader gone
 * @param gained by how much at least the database's clock has outrun this machine's since the holder's lease was extended last
 * @param last the time of the last look
 */
public record Vigil(Row row, Reading since, Duration needed, Duration gained, DatabaseTime last) {

    private static final long NANOS_PER_MICRO = 1_000;

    /** Returns the vigil after another look: the same one, continued, if nothing has changed, else a new one. */
    static Vigil after(Optional<Vigil> before, Duration ownLease, Sighting seen) {
        Optional<Vigil> earlier = before.filter(vigil -> vigil.last.server().equals(seen.seenOn()));
        Duration gained = earlier.map(vigil -> gained(vigil, seen)).orElse(Duration.ZERO);
        return earlier.filter(vigil -> vigil.row.sameVersionAs(seen.row()))
                .map(vigil -> new Vigil(seen.row(), vigil.since, vigil.needed, gained, seen.time()))
                .orElseGet(() -> new Vigil(
                        seen.row(),
                        seen.answeredAt(),
                        neededFrom(earlier, ownLease, seen, gained),
                        gained,
                        seen.time()));
    }

    /** What was gained before counts until the lease is extended: a leader that only writes into its row does not do so. */
    private static Duration gained(Vigil earlier, Sighting seen) {
        Duration gain = gainedSince(earlier, seen);
        return seen.row().isRenewedSince(earlier.row) ? gain : earlier.gained.plus(gain);
    }

    /*
     * A heartbeat that came after the earlier look, and is stamped before it, was written while the clock was set back. If the clock
     * keeps step all the same, it has gained as much since.
     */
    private static Duration gainedSince(Vigil earlier, Sighting seen) {
        Duration gained = seen.time().gainedSince(earlier.last);
        Duration setBack = seen.row()
                .session()
                .filter(session -> seen.row().isRenewedSince(earlier.row))
                .map(session -> session.lease()
                        .minus(seen.remaining())
                        .minus(seen.time().elapsedSince(earlier.last)))
                .orElse(Duration.ZERO);
        return gained.compareTo(setBack) > 0 ? gained : setBack;
    }

    /**
     * Returns whether the database's clock has not outrun this machine's since the lease was extended, as far as looks can tell.
     * Less than the refractory period does no harm: the leader has stopped by then all the same.
     */
    boolean clockKeptStep() {
        Duration harmless = row.holder().map(Row.Holder::refractory).orElse(Duration.ZERO);
        return gained.compareTo(harmless) <= 0;
    }

    /**
     * Returns the latest time of the database's clock, in microseconds since 1970, that does not prove a step forward at
     * {@code moment}, before the refractory period is added; {@link Long#MIN_VALUE} where a step was seen.
     */
    public long clockTrustedUntil(Reading moment) {
        return clockKeptStep() ? last.latestAt(moment) - gained.toNanos() / NANOS_PER_MICRO : Long.MIN_VALUE;
    }

    /*
     * The version was written between two looks, by which the database's clock has kept step with this one. So what was left
     * of the lease at the second of them is right on this clock too, and no more than that need be waited for.
     */
    private static Duration neededFrom(Optional<Vigil> earlier, Duration ownLease, Sighting seen, Duration gained) {
        Duration whole = seen.row().outwaited(ownLease);
        boolean measured = gained.isZero()
                && seen.isAlive()
                && seen.remaining().compareTo(whole) <= 0
                && seen.row().isUntouched()
                && earlier.filter(vigil -> vigil.row.term() == seen.row().term()
                                && vigil.row.holder().isPresent()
                                && seen.time().inStepWith(vigil.last))
                        .isPresent();
        return measured ? seen.remaining() : whole;
    }

    /** Returns how much longer the row must stand still, at {@code moment}, to prove its leader gone; negative when it has. */
    public Duration remaining(Reading moment) {
        return Clocks.slowed(needed).minus(moment.since(since));
    }

    /** Returns whether a statement that is sent at {@code moment} may rely on the row's having stood still. */
    public boolean isOver(Reading moment) {
        return moment.hasReached(provenAt());
    }

    /** Returns when, with nothing changing, the row has stood still for long enough. */
    Reading provenAt() {
        return since.plus(Clocks.slowed(needed));
    }
}
