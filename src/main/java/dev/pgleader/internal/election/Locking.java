package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;

/**
 * The row may be taken if the advisory lock can be had; the lock has been asked for.
 *
 * @param vigil how long the row has stood still
 * @param seen the look that gave the right to try
 * @param verdict what that right is
 * @param holdBackUntil carried on from following
 */
record Locking(Vigil vigil, Sighting seen, Verdict verdict, Reading holdBackUntil) implements Standing {

    /**
     * How soon to look again at a row that could be taken but for a lock which should be free any moment. Doubled as
     * time goes by, up to the retry interval.
     */
    static final Duration GRACE = Duration.ofMillis(50);

    @Override
    public Step lockTaken(Candidate me, Reading now) {
        int lockId = seen.row().lockId();
        if (verdict instanceof Verdict.TakeAfter after) {
            Reading until = now.plus(after.refractory());
            return new Waiting(vigil, after.claim(), lockId, until).ticked(me, now);
        }
        if (verdict instanceof Verdict.Take take) {
            return Step.to(new Taking(vigil, take.claim(), lockId), new Command.Take(take.claim()));
        }
        return impossible("lock taken");
    }

    @Override
    public Step lockRefused(Candidate me, Reading now) {
        Following following = Following.from(Optional.of(vigil), holdBackUntil);
        if (seen.row().holder().isEmpty()) {
            return Step.to(following);
        }
        Row.Holder holder = seen.row().holder().get();
        Duration overdue = seen.remaining().negated();
        if (overdue.isNegative()) {
            return Step.to(following.wakingAt(seen.answeredAt().plus(seen.remaining())));
        }
        Following soon = following.wakingAt(now.plus(patience(me, overdue)));
        return mayEndBackendOf(holder) ? Step.to(soon, new Command.EndBackend(holder.backend())) : Step.to(soon);
    }

    private static Duration patience(Candidate me, Duration overdue) {
        Duration longest = me.timings().retry();
        Duration wanted = overdue.compareTo(GRACE) > 0 ? overdue : GRACE;
        return wanted.compareTo(longest) < 0 ? wanted : longest;
    }

    /*
     * A leader whose lease is over but whose lock is still held is either hung, or alive under a database clock that
     * jumped forwards. Its session may be ended only in the first case, which the database's clock cannot tell from the
     * second: the row must also have stood still for a whole lease on this candidate's own clock.
     */
    private boolean mayEndBackendOf(Row.Holder holder) {
        return holder.electedOn().equals(seen.seenOn())
                && vigil.remaining(holder, seen).isZero();
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(Following.from(Optional.of(vigil), holdBackUntil));
    }

    @Override
    public Step looked(Candidate me, Sighting seenSince) {
        return stay();
    }

    @Override
    public Step rowMissing(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step lookDue(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        return stay();
    }

    @Override
    public Step closeAsked(Candidate me, Reading now) {
        return impossible("close asked");
    }

    @Override
    public Optional<Reading> wakesAt() {
        return Optional.empty();
    }
}
