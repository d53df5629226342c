package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.Optional;

/**
 * The answer to "may I take over?", drawn from one look and from the evidence of those before. The database judges once more,
 * by the rows as they are then.
 *
 * <p>One clock that jumps must not elect anybody, so a leader's session is over only when the database says that its time has
 * passed <em>and</em> one second witness agrees:
 *
 * <ol>
 *   <li>its advisory lock is free on the very server on which it was taken, where both rows are the library's own writing and the
 *       database's clock is not known to have outrun this candidate's; or
 *   <li>the row has stood still for a whole lease on the candidate's own clock.
 * </ol>
 *
 * <p>Either is enough, so a server process that is stuck with the lock delays a takeover by next to nothing. A session with more
 * time left than its own lease proves that the database's clock stepped back; the second witness decides alone then, as it does
 * for rows whose session is missing, and for vacant rows that other hands have made or that come from another history.
 */
sealed interface Verdict {

    /**
     * Take it.
     *
     * @param ripeSince since when it may be taken, as far as this candidate knows
     */
    record Take(Reading ripeSince) implements Verdict {}

    /**
     * Nothing can change before {@code delay} without a change of the row.
     *
     * @param ripeSince since when it may be taken, where only others are to go first
     */
    record Wait(Duration delay, Optional<Reading> ripeSince) implements Verdict {

        static Wait of(Duration delay) {
            return new Wait(delay, Optional.empty());
        }
    }

    /** The row names this very candidate, which does not lead by it: its session or an answer was lost. */
    record Own(Reading ripeSince) implements Verdict {}

    /**
     * The row names the session of this very process, which leads nothing by it: other hands have edited it. As long as that
     * session lives the row would never stand still.
     */
    record Stray() implements Verdict {}

    /** Judges one look at a row by a candidate that does not lead; {@code evidence} is that after this look. */
    static Verdict of(Candidate me, Evidence evidence, Sighting seen) {
        Verdict verdict = ofRow(me, evidence, seen);
        return verdict instanceof Take take && seen.row().isMeantForOthersThan(me)
                ? afterOthers(me, take, seen)
                : verdict;
    }

    /** Those who are to go first may be dead, or not know it: they are waited for, for so long by this candidate's clock. */
    private static Verdict afterOthers(Candidate me, Take take, Sighting seen) {
        Duration left = me.timings().courtesy().minus(seen.askedAt().since(take.ripeSince()));
        return isPositive(left) ? new Wait(left, Optional.of(take.ripeSince())) : take;
    }

    private static Verdict ofRow(Candidate me, Evidence evidence, Sighting seen) {
        Row row = seen.row();
        Vigil vigil = evidence.vigil().orElseThrow();
        boolean historyIsWhole = row.ownHand() && seen.seenOn().hasHistoryOf(row.writtenOn());
        if (row.term() >= Row.LARGEST_TERM) {
            return Wait.of(me.timings().retry());
        }
        if (row.holder().isEmpty()) {
            return row.isReleased() && historyIsWhole ? new Take(vigil.since()) : onceStoodStill(vigil, seen);
        }
        if (row.names(me)) {
            boolean runs = evidence.former()
                    .filter(had -> had.isSureAt(seen.answeredAt(), Duration.ZERO))
                    .isPresent();
            if (historyIsWhole || (runs && !me.timings().onSessionEnd())) {
                return new Own(vigil.since());
            }
        }
        if (seen.byOwnSession()) {
            return new Stray();
        }
        return row.session()
                .map(session -> ofSession(me, evidence, seen, session))
                .orElseGet(() -> onceStoodStill(vigil, seen));
    }

    private static Verdict ofSession(Candidate me, Evidence evidence, Sighting seen, Row.HolderSession session) {
        Vigil vigil = evidence.vigil().orElseThrow();
        boolean lockTells =
                seen.row().isUntouched() && session.locked() && seen.seenOn().sharesLocksWith(session.server());
        boolean expired = !isPositive(seen.remaining());
        if (expired && lockTells && vigil.clockKeptStep()) {
            return byLock(me, vigil, seen);
        }
        boolean steppedBack =
                seen.remaining().compareTo(seen.row().outwaited(me.timings().lease())) > 0;
        if (expired || steppedBack) {
            return onceStoodStill(vigil, seen);
        }
        return evidence.freed()
                .filter(freed -> lockTells)
                .map(freed -> onceWaited(freed, seen))
                .orElseGet(() -> Wait.of(seen.remaining()));
    }

    /** The lock of a session whose time is over should be free any moment; if it stays, its server process is stuck. */
    private static Verdict byLock(Candidate me, Vigil vigil, Sighting seen) {
        Reading expiredAt = seen.answeredAt().plus(seen.remaining());
        if (seen.lockFree().orElse(true)) {
            return new Take(expiredAt);
        }
        Verdict otherwise = onceStoodStill(vigil, seen);
        if (otherwise instanceof Wait wait) {
            Duration nextTry =
                    Patience.nextTry(me, expiredAt, seen.answeredAt()).since(seen.answeredAt());
            return Wait.of(nextTry.compareTo(wait.delay()) < 0 ? nextTry : wait.delay());
        }
        return otherwise;
    }

    private static Verdict onceWaited(FreeLock freed, Sighting seen) {
        Duration left = freed.until().since(seen.answeredAt());
        return isPositive(left) ? Wait.of(left) : new Take(freed.until());
    }

    private static Verdict onceStoodStill(Vigil vigil, Sighting seen) {
        Duration left = vigil.remaining(seen.answeredAt());
        return isPositive(left) ? Wait.of(left) : new Take(vigil.provenAt());
    }

    private static boolean isPositive(Duration length) {
        return !length.isNegative() && !length.isZero();
    }
}
