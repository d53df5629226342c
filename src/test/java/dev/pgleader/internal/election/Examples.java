package dev.pgleader.internal.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** One candidate, one server, one leader: what the tests of the core are about unless they say otherwise. */
final class Examples {

    static final Duration LEASE = Duration.ofSeconds(5);
    static final Duration REFRACTORY = Duration.ofMillis(1500);
    static final Duration RETRY = Duration.ofSeconds(2);
    static final Duration DRAIN = Duration.ofSeconds(30);

    private static final Timings TIMINGS = new Timings(LEASE, REFRACTORY, RETRY, DRAIN, false);

    static final Candidate ME = new Candidate(new UUID(0, 1), "10.0.0.7:8080", Preference.ORDINARY, TIMINGS);
    static final Candidate ANOTHER = new Candidate(new UUID(0, 2), "10.0.0.1:8080", Preference.ORDINARY, TIMINGS);
    static final Candidate ME_ON_SESSION_END =
            new Candidate(ME.id(), ME.address(), ME.preference(), new Timings(LEASE, REFRACTORY, RETRY, DRAIN, true));

    static final Candidate ME_PREEMPTING = me(new Preference(1, true, false));
    static final Candidate ME_NEVER_LEADING = me(new Preference(1, false, true));

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

    /** Returns this candidate when it is wanted as much as {@code preference} says. */
    static Candidate me(Preference preference) {
        return new Candidate(ME.id(), ME.address(), preference, TIMINGS);
    }

    static Row vacantRow() {
        return new Row(LOCK, TERM, BEAT, HERE, Optional.empty(), Succession.OPEN);
    }

    /** Returns a row that {@code candidate} holds under {@code term}, at its {@code beat}. */
    static Row rowOf(UUID candidate, long term, long beat) {
        Row.Holder holder = new Row.Holder(
                candidate,
                ANOTHER.address(),
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
        return rowOf(ANOTHER.id(), TERM, BEAT);
    }

    /** Returns the same row one heartbeat later. */
    static Row renewedRowOfAnother() {
        return rowOf(ANOTHER.id(), TERM, BEAT + 1);
    }

    /** Returns the row after that, handed over to {@code heir} by somebody. */
    static Row vacatedFor(Candidate heir) {
        Optional<String> named = Optional.of(heir.id().toString());
        return vacated(new Succession(named, Optional.empty(), Optional.empty(), OptionalInt.empty()));
    }

    /** Returns the row after that, vacant while a candidate of {@code priority} is present. */
    static Row vacantBeside(int priority) {
        return vacated(new Succession(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.of(priority)));
    }

    private static Row vacated(Succession succession) {
        return new Row(LOCK, TERM, BEAT + 1, HERE, Optional.empty(), succession);
    }

    /** Returns {@code held} with what its leader has been asked for. */
    static Row asked(Row held, Succession.Request request) {
        return with(
                held, new Succession(Optional.empty(), Optional.empty(), Optional.of(request), OptionalInt.empty()));
    }

    /** Returns {@code held} by somebody to whom it was handed over. */
    static Row appointed(Row held) {
        Optional<String> named = held.holder().map(holder -> holder.candidate().toString());
        return with(held, new Succession(named, Optional.empty(), Optional.empty(), OptionalInt.empty()));
    }

    static Row with(Row row, Succession succession) {
        return new Row(row.lockId(), row.term(), row.beat(), row.writtenOn(), row.holder(), succession);
    }

    /** Returns a look that was asked and answered at {@code at}. */
    static Sighting sighting(Row row, Server seenOn, Duration remaining, Reading at) {
        return new Sighting(row, seenOn, remaining, at, at);
    }

    static Duration nano() {
        return Duration.ofNanos(1);
    }
}
