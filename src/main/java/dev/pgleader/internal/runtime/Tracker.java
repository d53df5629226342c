package dev.pgleader.internal.runtime;

import dev.pgleader.FollowerReason;
import dev.pgleader.LeadershipChangedException;
import dev.pgleader.LeadershipTracker;
import dev.pgleader.StableWork;
import dev.pgleader.Ticket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The open tickets of one tracker. Thread-safe.
 *
 * <p><b>None is forgotten.</b> Whoever asks first puts the ticket where it will be found, and then looks once more whether it
 * should have been answered already; whoever brings news changes what is seen before it goes through the tickets. So one of
 * the two finds it. A ticket that both answer keeps the first answer.
 */
final class Tracker implements LeadershipTracker {

    /** The candidacy that is tracked; any thread. */
    interface Candidature {

        String election();

        /** Returns the newest leadership, held or not. */
        @Nullable
        Tenancy tenancy();

        /** Has a heartbeat sent, and {@code then} run when it was answered or has failed, or cannot be sent any more. */
        void beat(Runnable then);

        void dismiss(Tracker tracker);
    }

    private static final Ticket<Boolean> YES = Promise.kept(true);
    private static final Ticket<Boolean> NO = Promise.kept(false);

    private final Candidature candidature;
    private final Duration guarantee;
    private final Executor executor;
    private final Set<Promise<Boolean>> awaitingStart = ConcurrentHashMap.newKeySet();
    private final Set<Open<Boolean>> claims = ConcurrentHashMap.newKeySet();
    private final Set<Open<FollowerReason>> awaitingEnd = ConcurrentHashMap.newKeySet();
    private final Runnable review = this::review;
    private volatile boolean closed;

    /** A ticket on one leadership, and on no later one. */
    private record Open<T>(Tenancy tenancy, Promise<T> promise) {}

    /**
     * Tracks a candidacy.
     *
     * @param executor where the users' stages run
     */
    Tracker(Candidature candidature, Duration guarantee, Executor executor) {
        this.candidature = candidature;
        this.guarantee = guarantee;
        this.executor = executor;
    }

    @Override
    public String electionName() {
        return candidature.election();
    }

    @Override
    public Duration guarantee() {
        return guarantee;
    }

    @Override
    public Ticket<Boolean> claimLeader() {
        Tenancy mine = held();
        if (mine == null) {
            return NO;
        }
        return mine.isCertainFor(guarantee) ? YES : claimByHeartbeat(mine);
    }

    private Ticket<Boolean> claimByHeartbeat(Tenancy mine) {
        Open<Boolean> claim = new Open<>(mine, new Promise<>(executor, () -> {}));
        claims.add(claim);
        candidature.beat(() -> settle(claims, claim, !closed && mine.isCertainFor(guarantee)));
        if (closed || !mine.isHeld()) {
            settle(claims, claim, false);
        }
        return claim.promise();
    }

    @Override
    public Ticket<Boolean> waitLeader() {
        return awaitStart(() -> {});
    }

    private Promise<Boolean> awaitStart(Runnable whenKept) {
        Promise<Boolean> start = new Promise<>(executor, whenKept);
        awaitingStart.add(start);
        if (closed) {
            settle(start, false);
        } else if (held() != null) {
            settle(start, true);
        }
        return start;
    }

    @Override
    public Ticket<FollowerReason> waitFollower() {
        Tenancy mine = held();
        return mine == null
                ? Promise.kept(closed ? FollowerReason.CLOSED : FollowerReason.NOT_LEADING)
                : awaitEnd(mine, () -> {}).promise();
    }

    private Open<FollowerReason> awaitEnd(Tenancy mine, Runnable whenKept) {
        Open<FollowerReason> end = new Open<>(mine, new Promise<>(executor, whenKept));
        awaitingEnd.add(end);
        if (closed) {
            settle(awaitingEnd, end, FollowerReason.CLOSED);
        } else {
            reviewEnd(end);
        }
        return end;
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T withStableLeadership(StableWork<T, X> work) throws X {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        Interruption interruption = new Interruption(Thread.currentThread());
        Tenancy mine = held();
        if (mine == null) {
            Promise<Boolean> start = awaitStart(interruption::fire);
            try {
                return run(work, false, interruption);
            } finally {
                awaitingStart.remove(start);
            }
        }
        Open<FollowerReason> end = awaitEnd(mine, interruption::fire);
        try {
            return run(work, true, interruption);
        } finally {
            awaitingEnd.remove(end);
        }
    }

    private <T extends @Nullable Object, X extends Exception> T run(
            StableWork<T, X> work, boolean leads, Interruption interruption) throws X {
        T result;
        try {
            result = work.run(leads);
        } catch (Throwable thrown) {
            if (interruption.end()) {
                throw new LeadershipChangedException(electionName(), whatChanged(leads), thrown);
            }
            throw thrown;
        }
        if (interruption.end()) {
            throw new LeadershipChangedException(electionName(), whatChanged(leads));
        }
        return result;
    }

    private String whatChanged(boolean led) {
        if (closed) {
            return "the tracker was closed";
        }
        return led
                ? "it is no longer certain that this process leads for another " + guarantee
                : "this process has begun to lead";
    }

    /** Returns the leadership that is held at this moment, while this tracker is open. */
    private @Nullable Tenancy held() {
        Tenancy newest = candidature.tenancy();
        return newest != null && !closed && newest.isHeld() ? newest : null;
    }

    // What the candidacy tells

    /** From now on every leadership is told; one may have begun before. */
    void begin() {
        Tenancy newest = candidature.tenancy();
        if (newest != null) {
            gained(newest);
        }
    }

    /** A leadership has begun, or was there when this tracker was made; harmless if told twice. */
    void gained(Tenancy mine) {
        mine.forget(review);
        mine.warn(guarantee, review);
        mine.whenOver(review);
        awaitingStart.forEach(start -> settle(start, true));
    }

    /** Answers what the time, or the loss of a leadership, has decided; each ticket by the leadership that it is on. */
    private void review() {
        awaitingEnd.forEach(this::reviewEnd);
        for (Open<Boolean> claim : claims) {
            if (!claim.tenancy().isHeld()) {
                settle(claims, claim, false);
            }
        }
    }

    private void reviewEnd(Open<FollowerReason> end) {
        // By all three clocks, as the alarm that may have led here.
        boolean certain = end.tenancy().remaining().compareTo(guarantee) > 0;
        if (!end.tenancy().isHeld()) {
            settle(awaitingEnd, end, FollowerReason.LOST);
        } else if (!certain) {
            settle(awaitingEnd, end, FollowerReason.UNCERTAIN);
        }
    }

    @Override
    public void close() {
        closed = true;
        candidature.dismiss(this);
        Tenancy newest = candidature.tenancy();
        if (newest != null) {
            newest.forget(review);
        }
        awaitingStart.forEach(start -> settle(start, false));
        claims.forEach(claim -> settle(claims, claim, false));
        awaitingEnd.forEach(end -> settle(awaitingEnd, end, FollowerReason.CLOSED));
    }

    private void settle(Promise<Boolean> start, boolean answer) {
        awaitingStart.remove(start);
        start.keep(answer);
    }

    private static <T> void settle(Set<Open<T>> open, Open<T> ticket, T answer) {
        open.remove(ticket);
        ticket.promise().keep(answer);
    }

    @Override
    public String toString() {
        return "tracker of '" + electionName() + "', " + (held() == null ? "not leading" : "leading");
    }
}
