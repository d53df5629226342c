package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;

/** One process that stands in the election of a {@link ScenarioWorld}: its clocks, session, loop and work. */
final class Participant {

    /** An event on its way to the core. */
    record Event(String name, Happening happening) {}

    /** How an event befalls a state. */
    interface Happening {
        Step befall(State state, Candidate me, Reading now);
    }

    /**
     * A statement that was sent and whose answer has not been read.
     *
     * @param statement what it is
     * @param sentAt the process's clocks before it was sent
     * @param executesAt when the server runs it, in real nanoseconds
     * @param answeredAt when the process hears of it, or gives up
     * @param answer what it will hear; empty before the server has run it, and when the answer is lost
     */
    record Flight(Statement statement, Reading sentAt, long executesAt, long answeredAt, Optional<Event> answer) {}

    /** The work of one term as the shell sees it: it may still believe in itself, and it may still run. */
    static final class Work {
        final long term;
        Deadline trust;
        boolean cancelled;
        /** When it was cancelled; earlier where it slept when it should have been. */
        long untrustedSince;

        long returnsAt = Long.MAX_VALUE;

        Work(Tenure tenure) {
            term = tenure.term();
            trust = tenure.trust();
        }

        boolean isHeld(Reading now) {
            return !cancelled && !trust.isPast(now);
        }
    }

    final String name;
    final Candidate me;
    /** What is to be asked of the database, by kind. */
    final Map<String, Statement> orders = new HashMap<>();

    final Queue<Event> mail = new ArrayDeque<>();
    /** Sessions that this process has given up, of which the server does not know that yet. */
    final Queue<StrictSessions.Connection> orphans = new ArrayDeque<>();

    final ProcessLease lease;
    State state;
    Optional<StrictSessions.Connection> session = Optional.empty();
    Optional<Flight> flight = Optional.empty();
    Optional<Work> work = Optional.empty();
    boolean recoversAtOnce = true;
    Duration stopsAfter = Duration.ZERO;
    boolean neverStops;
    boolean frozen;
    boolean cut;
    boolean deaf;
    long connectsAt;
    long looksAt;
    /** Whether a turn of the loop has begun: what is ordered now is carried out before any mail is read. */
    boolean busy;
    /** Whether it leads other elections as well, so that its session lives on. */
    boolean leadsElsewhere;
    /** Whether a pooler stands between it and the server, so that its sessions mean nothing. */
    boolean pooled;
    /** The end of the lease as this process may know it, in real nanoseconds. */
    long leaseEndsAt;

    private final long ratePpm;
    private long monotonicOffset;
    private long uptimeOffset;
    private long wallOffset;

    Participant(String name, Preference preference, Timings timings, long clockOffset, long ratePpm, long realNow) {
        this.name = name;
        this.ratePpm = ratePpm;
        me = new Candidate(new UUID(0, name.hashCode()), name, preference, timings);
        monotonicOffset = clockOffset;
        uptimeOffset = -clockOffset;
        wallOffset = clockOffset / 2;
        connectsAt = realNow;
        looksAt = realNow;
        lease = new ProcessLease(new UUID(1, name.hashCode()), timings, clocks(realNow));
        state = State.initial(clocks(realNow));
    }

    Reading clocks(long realNow) {
        long measured = realNow + realNow * ratePpm / 1_000_000;
        return new Reading(measured + monotonicOffset, measured + uptimeOffset, measured + wallOffset);
    }

    /** Returns the real time by which this process's clock has gone on for {@code length}, a nanosecond at least. */
    long realAfter(long realNow, Duration length) {
        long real = length.toNanos() * 1_000_000 / (1_000_000 + ratePpm);
        return realNow + Math.max(real, 1);
    }

    void suspendedFor(Duration length) {
        monotonicOffset -= length.toNanos();
    }

    void setWallClockBy(Duration step) {
        wallOffset += step.toNanos();
    }

    boolean isHeld(long realNow) {
        return work.map(running -> running.isHeld(clocks(realNow))).orElse(false);
    }

    /** Returns whether the core itself holds that this candidate leads. */
    boolean believes(long realNow) {
        return state instanceof Governing governing
                && !governing.tenure().trust().isPast(clocks(realNow));
    }

    boolean isClosed() {
        return state.stage() == Stage.CLOSED;
    }

    /** Returns whether something hangs on its session. */
    boolean needsSession() {
        return leadsElsewhere || state.stage().needsSession();
    }

    /** Has something asked of the database; what was to be asked of the same kind before is replaced. */
    void order(Statement statement) {
        orders.put(statement.kind(), statement);
    }

    /** Returns the most urgent of what is to be asked. */
    Optional<Statement> nextOrder() {
        return Statement.KINDS.stream().filter(orders::containsKey).findFirst().map(orders::remove);
    }
}
