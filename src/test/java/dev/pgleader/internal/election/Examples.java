package dev.pgleader.internal.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** One candidate, one server, one leader: what the tests of the core are about unless they say otherwise. */
final class Examples {

    static final Duration LEASE = Duration.ofSeconds(5);
    static final Duration REFRACTORY = Duration.ofMillis(1500);
    static final Duration RETRY = Duration.ofSeconds(2);
    static final Duration DRAIN = Duration.ofSeconds(30);

    static final Candidate ME = new Candidate(
            new UUID(0, 1), "10.0.0.7:8080", Preference.ORDINARY, new Timings(LEASE, REFRACTORY, RETRY, DRAIN, false));
    static final Candidate ME_ON_SESSION_END =
            new Candidate(ME.id(), ME.address(), ME.preference(), new Timings(LEASE, REFRACTORY, RETRY, DRAIN, true));

    static final Server HERE = new Server(7, 1, 1000);
    static final Server ELSEWHERE = new Server(7, 1, 2000);

    static final int LOCK = 3;
    static final long TERM = 8;
    static final long BEAT = 40;

    private Examples() {}

    /** Returns a reading of three clocks that were started together. */
    static Reading at(Duration sinceStart) {
        long nanos = sinceStart.toNanos();
        return new Reading(nanos, nanos, nanos);
    }

    static Reading atMillis(long millis) {
        return at(Duration.ofMillis(millis));
    }

    static Row vacantRow() {
        return new Row(LOCK, TERM, BEAT, HERE, Optional.empty(), Succession.OPEN);
    }

    /** Returns a row that {@code candidate} holds under {@code term}, at its {@code beat}. */
    static Row rowOf(UUID candidate, long term, long beat) {
        Row.Holder holder = new Row.Holder(
                candidate,
                "10.0.0.1:8080",
                0,
                "",
                Phase.LEADING,
                LEASE,
                REFRACTORY,
                Instant.EPOCH,
                Instant.EPOCH.plus(LEASE),
                new Row.Backend(99, 1));
        return new Row(LOCK, term, beat, HERE, Optional.of(holder), Succession.OPEN);
    }

    /** Returns a row that this candidate itself holds under {@code term}. */
    static Row myRow(long term) {
        return rowOf(ME.id(), term, BEAT + 1);
    }

    /** Returns a row that somebody else holds. */
    static Row rowOfAnother() {
        return rowOf(new UUID(0, 2), TERM, BEAT);
    }

    /** Returns the same row one heartbeat later. */
    static Row renewedRowOfAnother() {
        return rowOf(new UUID(0, 2), TERM, BEAT + 1);
    }

    /** Returns a look that was asked and answered at {@code at}. */
    static Sighting sighting(Row row, Server seenOn, Duration remaining, Reading at) {
        return new Sighting(row, seenOn, remaining, at, at);
    }

    static Duration nano() {
        return Duration.ofNanos(1);
    }
}
