package dev.pgleader.internal.election;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What a server's clock said, and when by this machine's clocks. Immutable.
 *
 * <p>Two of them tell whether the database's clock kept step with this machine's: what it says lies between the two readings,
 * so a difference that the readings cannot explain is a step of the clock.
 *
 * @param server the server whose clock it is
 * @param micros what it said, in microseconds since 1970
 * @param askedAt this machine's clocks before the question was sent
 * @param answeredAt this machine's clocks after the answer came
 */
public record DatabaseTime(Server server, long micros, Reading askedAt, Reading answeredAt) {

    private static final long NANOS_PER_MICRO = 1_000;

    /** Returns by how much at least the database's clock has gained on this machine's since {@code earlier}; zero if it need not. */
    Duration gainedSince(DatabaseTime earlier) {
        Duration most = Clocks.slowed(answeredAt.since(earlier.askedAt));
        return atLeastZero(elapsedSince(earlier).minus(most));
    }

    /** Returns by how much at least the database's clock has fallen behind this machine's since {@code earlier}; zero if it need not. */
    Duration lostSince(DatabaseTime earlier) {
        Duration least = Clocks.hurried(askedAt.since(earlier.answeredAt));
        return atLeastZero(least.minus(elapsedSince(earlier)));
    }

    /** Returns whether nothing speaks against the clock's having kept step since {@code earlier}, on the same server. */
    boolean inStepWith(DatabaseTime earlier) {
        return server.equals(earlier.server)
                && gainedSince(earlier).isZero()
                && lostSince(earlier).isZero();
    }

    /**
     * Returns the latest time that the database's clock can say at {@code moment} if it keeps step, in microseconds since 1970.
     */
    public long latestAt(Reading moment) {
        return micros + Clocks.slowed(moment.since(askedAt)).toNanos() / NANOS_PER_MICRO;
    }

    /** Returns what has passed since {@code earlier} on the database's clock; negative where it was set back by more than that. */
    Duration elapsedSince(DatabaseTime earlier) {
        return Duration.of(micros - earlier.micros, ChronoUnit.MICROS);
    }

    private static Duration atLeastZero(Duration length) {
        return length.isNegative() ? Duration.ZERO : length;
    }
}
