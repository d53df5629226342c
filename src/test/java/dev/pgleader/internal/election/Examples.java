package dev.pgleader.internal.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** One candidate, one server, one leader: what the tests of the core are about unless they say otherwise. */
final class Examples {

    static final Duration LEASE = Duration.ofSeconds(5);
    static final Duration REFRACTORY = Duration.ofMillis(1500);
    static final Duration RETRY = Duration.ofSeconds(2);
    static final Duration DRAIN = Duration.ofSeconds(30);

    /** A lease as another clock measures it that may be 1 % slower. */
    static final Duration STILL = Duration.ofMillis(5050);

    /** The refractory period, measured in the same way. */
    static final Duration STOPPED = Duration.ofMillis(1515);

    private static final Timings TIMINGS = new Timings(LEASE, REFRACTORY, RETRY, DRAIN, false);

    static final Candidate ME = new Candidate(new UUID(0, 1), "10.0.0.7:8080", Preference.ORDINARY, TIMINGS);
    static final Candidate ANOTHER = new Candidate(new UUID(0, 2), "10.0.0.1:8080", Preference.ORDINARY, TIMINGS);
    static final Candidate ME_ON_SESSION_END =
            new Candidate(ME.id(), ME.address(), ME.preference(), new Timings(LEASE, REFRACTORY, RETRY, DRAIN, true));

    static final Candidate ME_PREEMPTING = me(new Preference(1, true, false));
    static final Candidate ME_NEVER_LEADING = me(new Preference(1, false, true));

    static final Server HERE = new Server(7, 1, 1000);
    static final Server RESTARTED = new Server(7, 1, 2000);
    static final Server PROMOTED = new Server(7, 2, 3000);

    /** The session by which this candidate leads, where it does, and that of another leader. */
    static final int MY_SESSION = 4;

    static final int SESSION = 3;
    static final long TERM = 8;
    static final long BEAT = 40;

    private static final UUID PROCESS = new UUID(9, 9);
    private static final long CLOCK_AT_ZERO_MICROS = 1_700_000_000_000_000L;

    private Examples() {}

    /** Returns a reading of three clocks that were started together. */
    static Reading at(Duration sinceStart) {
        long nanos = sinceStart.toNanos();
        return new Reading(nanos, nanos, nanos);
    }

    static Reading atMillis(long millis) {
        return at(Duration.ofMillis(millis));
    }

    static Duration nano() {
        return Duration.ofNanos(1);
    }

    /** Returns this candidate when it is wanted as much as {@code preference} says. */
    static Candidate me(Preference preference) {
        return new Candidate(ME.id(), ME.address(), preference, TIMINGS);
    }

    // Rows

    /** Returns a row that the library itself vacated. */
    static Row vacantRow() {
        return vacated(Succession.OPEN);
    }

    /** Returns a row of another leader, whose session runs. */
    static Row rowOfAnother() {
        return rowOf(ANOTHER.id(), TERM, SESSION, BEAT);
    }

    /** Returns the same row one heartbeat later. */
    static Row renewedRowOfAnother() {
        return rowOf(ANOTHER.id(), TERM, SESSION, BEAT + 1);
    }

    /** Returns a row that this candidate itself holds under {@code term}, by {@link #MY_SESSION}. */
    static Row myRow(long term) {
        return rowOf(ME.id(), term, MY_SESSION, BEAT + 1);
    }

    /** Returns a row that {@code candidate} holds under {@code term} by {@code session}, which is at its {@code beat}. */
    static Row rowOf(UUID candidate, long term, int session, long beat) {
        Row.HolderSession line =
                new Row.HolderSession(PROCESS, beat, true, beat, true, LEASE, Instant.EPOCH.plus(LEASE), HERE);
        Row.Holder holder = new Row.Holder(
                candidate,
                ANOTHER.address(),
                0,
                "",
                Phase.LEADING,
                REFRACTORY,
                Instant.EPOCH,
                session,
                Optional.of(line));
        return new Row(term, term - 1, true, session, HERE, LEASE, Optional.of(holder), Succession.OPEN);
    }

    /** Returns a row that was handed over to {@code successor} by another. */
    static Row vacatedFor(Candidate successor) {
        Optional<String> named = Optional.of(successor.id().toString());
        return vacated(new Succession(named, Optional.empty(), Optional.empty(), OptionalInt.empty()));
    }

    /** Returns a vacant row while a candidate of {@code priority} is present. */
    static Row vacantBeside(int priority) {
        return vacated(new Succession(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.of(priority)));
    }

    private static Row vacated(Succession succession) {
        return new Row(TERM, TERM, true, 0, HERE, LEASE, Optional.empty(), succession);
    }

    /** Returns a vacant row that must stand still: {@code released} is not its term. */
    static Row detachedRow() {
        return new Row(TERM, -1, true, 1, HERE, LEASE, Optional.empty(), Succession.OPEN);
    }

    /** Returns {@code row} after other hands have written it, by an edit, a copy or a restored dump. */
    static Row byOtherHands(Row row) {
        return new Row(
                row.term(), row.released(), false, 0, row.writtenOn(), row.lease(), row.holder(), row.succession());
    }

    /** Returns {@code held} after other hands have written the row of its holder's session. */
    static Row withEditedSession(Row held) {
        Row.HolderSession was = held.session().orElseThrow();
        return withSession(
                held,
                Optional.of(new Row.HolderSession(
                        was.process(),
                        was.beat(),
                        false,
                        was.writing(),
                        was.locked(),
                        was.lease(),
                        was.expiresAt(),
                        was.server())));
    }

    /** Returns {@code held} without the row of its holder's session. */
    static Row withoutSession(Row held) {
        return withSession(held, Optional.empty());
    }

    /** Returns {@code held} by a session without an advisory lock behind it. */
    static Row rowOnly(Row held) {
        Row.HolderSession was = held.session().orElseThrow();
        return withSession(
                held,
                Optional.of(new Row.HolderSession(
                        was.process(),
                        was.beat(),
                        was.ownHand(),
                        was.writing(),
                        false,
                        was.lease(),
                        was.expiresAt(),
                        HERE.sessionless())));
    }

    /** Returns {@code held} by a session that was last extended by {@code length}. */
    static Row extendedBy(Row held, Duration length) {
        Row.HolderSession was = held.session().orElseThrow();
        return withSession(
                held,
                Optional.of(new Row.HolderSession(
                        was.process(),
                        was.beat(),
                        was.ownHand(),
                        was.writing(),
                        was.locked(),
                        length,
                        was.expiresAt(),
                        was.server())));
    }

    private static Row withSession(Row held, Optional<Row.HolderSession> session) {
        return withHolder(held, was -> holder(was, was.phase(), was.refractory(), session));
    }

    /** Returns {@code held} by a leader that has {@code length} for its work to stop. */
    static Row withRefractory(Row held, Duration length) {
        return withHolder(held, was -> holder(was, was.phase(), length, was.session()));
    }

    /** Returns {@code held} by a leader that has not recovered yet. */
    static Row recovering(Row held) {
        return withHolder(held, was -> holder(was, Phase.RECOVERING, was.refractory(), was.session()));
    }

    private static Row.Holder holder(
            Row.Holder was, Phase phase, Duration refractory, Optional<Row.HolderSession> session) {
        return new Row.Holder(
                was.candidate(),
                was.address(),
                was.priority(),
                was.version(),
                phase,
                refractory,
                was.electedAt(),
                was.sessionId(),
                session);
    }

    private static Row withHolder(Row held, UnaryOperator<Row.Holder> change) {
        return withHolder(held, held.holder().map(change));
    }

    static Row withHolder(Row row, Optional<Row.Holder> holder) {
        return new Row(
                row.term(),
                row.released(),
                row.ownHand(),
                row.writing(),
                row.writtenOn(),
                row.lease(),
                holder,
                row.succession());
    }

    /** Returns {@code held} with what its leader has been asked for. */
    static Row asked(Row held, Succession.Request request) {
        return with(
                held, new Succession(Optional.empty(), Optional.empty(), Optional.of(request), OptionalInt.empty()));
    }

    /** Returns {@code held} by a candidate to which it was handed over. */
    static Row appointed(Row held) {
        Optional<String> named = held.holder().map(holder -> holder.candidate().toString());
        return with(held, new Succession(named, Optional.empty(), Optional.empty(), OptionalInt.empty()));
    }

    static Row with(Row row, Succession succession) {
        return new Row(
                row.term(),
                row.released(),
                row.ownHand(),
                row.writing(),
                row.writtenOn(),
                row.lease(),
                row.holder(),
                succession);
    }

    // Looks

    /** Returns a look that was asked and answered at {@code at}, and did not ask for a lock. */
    static Sighting sighting(Row row, Server seenOn, Duration remaining, Reading at) {
        return look(row, seenOn, remaining, at, at);
    }

    /** Returns a look, at a database whose clock keeps step with this machine's. */
    static Sighting look(Row row, Server seenOn, Duration remaining, Reading askedAt, Reading answeredAt) {
        return new Sighting(row, databaseTime(seenOn, askedAt, answeredAt), remaining, Optional.empty());
    }

    /** Returns the time of a database whose clock keeps step with this machine's, read when it was asked. */
    static DatabaseTime databaseTime(Server server, Reading askedAt, Reading answeredAt) {
        long micros = CLOCK_AT_ZERO_MICROS + askedAt.monotonicNanos() / 1000;
        return new DatabaseTime(server, micros, askedAt, answeredAt);
    }

    /** Returns {@code seen} by a look that has asked for the lock of the holder's session. */
    static Sighting withLock(Sighting seen, boolean free) {
        return new Sighting(seen.row(), seen.time(), seen.remaining(), Optional.of(free));
    }

    /** Returns {@code seen} on a database whose clock is {@code by} further on than it should be. */
    static Sighting clockSet(Sighting seen, Duration by) {
        return new Sighting(seen.row(), clockSet(seen.time(), by), seen.remaining(), seen.lockFree());
    }

    static DatabaseTime clockSet(DatabaseTime time, Duration by) {
        return new DatabaseTime(time.server(), time.micros() + by.toNanos() / 1000, time.askedAt(), time.answeredAt());
    }

    // Leadership and evidence

    /** Returns the leadership of {@link #TERM} that this candidate won at zero. */
    static Tenure tenure() {
        return Tenure.from(ME, MY_SESSION, TERM, atMillis(0), 0);
    }

    /** Returns what a candidate knows that has seen {@code row} on {@link #HERE} since {@code since}. */
    static Evidence watched(Row row, Reading since) {
        return Evidence.NONE.after(ME, sighting(row, HERE, LEASE, since));
    }

    /** Returns a candidate that knows {@code evidence}, and lets others go first for so long. */
    static Following following(Evidence evidence, HoldBack holdBack) {
        return new Following(evidence, holdBack, 0, false, Optional.empty(), Optional.empty());
    }
}
