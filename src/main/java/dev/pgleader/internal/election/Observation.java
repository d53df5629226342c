package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;

/**
 * What an onlooker, who stands for nothing and writes nothing, makes of an election's row. Immutable.
 *
 * <p>A leader is believed in for as long as the row gives it, counted from before the row was asked for, so never for longer
 * than its lease; and for no longer than a lease, on the onlooker's own clock, in which the row has stood still. So nobody
 * comes back to life when the database's clock steps back. After {@link #goodUntil} nothing can be told any more.
 *
 * @param vigil how long the row has stood still; empty while there is none
 * @param led the row, where somebody leads by it
 * @param goodUntil until when, by this machine's clocks, this may be told
 * @param lookAgainAt when the row is worth another look if nothing was announced and no routine look has come before
 */
public record Observation(Optional<Vigil> vigil, Optional<Row> led, Deadline goodUntil, Reading lookAgainAt) {

    /** What was seen is looked at once more when one part in four is left of the time for which it may be told. */
    private static final int LAST_PART = 4;

    /**
     * Nobody has ever led: there is not even a row.
     *
     * @param patience for how long this may be told without another look
     */
    public static Observation ofNothing(Reading askedAt, Duration patience) {
        return nobody(Optional.empty(), askedAt, patience);
    }

    /**
     * Draws the conclusion from one look.
     *
     * @param before from the look before; empty at first
     * @param patience for how long it may be told without another look that nobody leads; the onlooker's own lease
     */
    public static Observation of(Optional<Observation> before, Sighting seen, Duration patience) {
        Vigil vigil = Vigil.after(before.flatMap(Observation::vigil), patience, seen);
        Row row = seen.row();
        boolean tells = row.holder().isPresent() ? row.session().isPresent() : isFree(seen);
        if (!tells && !vigil.isOver(seen.answeredAt())) {
            return unknown(vigil, seen);
        }
        Duration left =
                row.believed().map(lease -> timeLeft(lease, vigil, seen)).orElse(Duration.ZERO);
        if (!left.isNegative() && !left.isZero()) {
            return somebody(vigil, seen, left);
        }
        return runs(vigil, seen) ? unknown(vigil, seen) : nobody(Optional.of(vigil), seen.askedAt(), patience);
    }

    /**
     * Returns whether the holder's session may still be extended: one whose lease is longer than the leader's, because other hands
     * have written one of them, is not believed in for as long, and is not over either.
     */
    private static boolean runs(Vigil vigil, Sighting seen) {
        return seen.isAlive() && !vigil.isOver(seen.answeredAt());
    }

    /** A row that other hands have emptied, or that comes from another history, does not say that nobody leads. */
    private static boolean isFree(Sighting seen) {
        return seen.row().isReleased() && seen.seenOn().hasHistoryOf(seen.row().writtenOn());
    }

    /** Returns what is left by whichever of the two clocks is further on. */
    private static Duration timeLeft(Duration lease, Vigil vigil, Sighting seen) {
        Duration still = Clocks.slowed(lease).minus(seen.askedAt().since(vigil.since()));
        return seen.remaining().compareTo(still) < 0 ? seen.remaining() : still;
    }

    private static Observation somebody(Vigil vigil, Sighting seen, Duration left) {
        Duration lease = seen.row().believed().orElseThrow();
        Duration lastPart = lease.dividedBy(LAST_PART);
        Duration pause = left.compareTo(lastPart) > 0 ? left.minus(lastPart) : left;
        return new Observation(
                Optional.of(vigil),
                Optional.of(seen.row()),
                Deadline.after(seen.askedAt(), left.compareTo(lease) < 0 ? left : lease),
                seen.answeredAt().plus(pause));
    }

    /** What cannot be told now can be when the row has stood still. */
    private static Observation unknown(Vigil vigil, Sighting seen) {
        return new Observation(
                Optional.of(vigil),
                Optional.empty(),
                new Deadline(seen.askedAt()),
                seen.answeredAt().plus(vigil.remaining(seen.answeredAt())));
    }

    private static Observation nobody(Optional<Vigil> vigil, Reading askedAt, Duration patience) {
        Reading last = askedAt.plus(patience.minus(patience.dividedBy(LAST_PART)));
        return new Observation(vigil, Optional.empty(), Deadline.after(askedAt, patience), last);
    }
}
