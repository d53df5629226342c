package dev.pgleader.internal.election;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Somebody else leads, or nobody does, or it is not known.
 *
 * @param vigil how long the row has stood still, once it was seen
 * @param holdBackUntil before this nothing is taken, so that others may go first
 * @param wakesAt when the row is worth another look although nothing was announced
 */
record Following(Optional<Vigil> vigil, Reading holdBackUntil, Optional<Reading> wakesAt) implements Standing {

    static Following from(Optional<Vigil> vigil, Reading holdBackUntil) {
        return new Following(vigil, holdBackUntil, Optional.empty());
    }

    Following wakingAt(Reading moment) {
        return new Following(vigil, holdBackUntil, Optional.of(moment));
    }

    Step lookingAfter(Command... before) {
        List<Command> commands = new ArrayList<>(List.of(before));
        commands.add(new Command.Look());
        return new Step(this, List.copyOf(commands));
    }

    @Override
    public Step looked(Candidate me, Sighting seen) {
        Vigil watched = Vigil.after(vigil, seen);
        Following still = from(Optional.of(watched), holdBackUntil);
        Verdict verdict = Verdict.of(me, watched, seen);
        if (verdict instanceof Verdict.Leftover leftover) {
            return Step.to(still, new Command.Vacate(leftover.term(), Loss.SESSION_LOST, Optional.empty()));
        }
        if (me.preference().neverLeads()) {
            return Step.to(still);
        }
        if (verdict instanceof Verdict.Wait wait) {
            Following waiting = still.wakingAt(seen.answeredAt().plus(wait.delay()));
            return new Step(waiting, wishes(me, seen));
        }
        if (!seen.answeredAt().hasReached(holdBackUntil)) {
            return Step.to(still.wakingAt(holdBackUntil));
        }
        List<Command> commands = new ArrayList<>(wishes(me, seen));
        commands.add(new Command.TryLock(seen.row().lockId()));
        return new Step(new Locking(watched, seen, verdict, holdBackUntil), List.copyOf(commands));
    }

    /** What this candidate would rather have than wait. */
    private static List<Command> wishes(Candidate me, Sighting seen) {
        boolean alive = !seen.remaining().isNegative() && !seen.remaining().isZero();
        return alive && seen.row().isForthcomingTo(me)
                ? List.of(new Command.AskToResign(seen.row().term()))
                : List.of();
    }

    @Override
    public Step rowMissing(Candidate me, Reading now) {
        return Step.to(from(Optional.empty(), holdBackUntil), new Command.Register());
    }

    @Override
    public Step vacated(Candidate me, Reading now) {
        return lookingAfter(new Command.Announce());
    }

    @Override
    public Step vacateRefused(Candidate me, Reading now) {
        Reading leftSince = vigil.map(Vigil::since).orElse(now);
        return Step.to(wakingAt(Patience.nextTry(me, leftSince, now)));
    }

    @Override
    public Step lookDue(Candidate me, Reading now) {
        return Step.to(this, new Command.Look());
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        if (wakesAt.isEmpty() || !now.hasReached(wakesAt.get())) {
            return stay();
        }
        return from(vigil, holdBackUntil).lookDue(me, now);
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(from(vigil, holdBackUntil));
    }

    @Override
    public Step closeAsked(Candidate me, Reading now) {
        return Step.to(new Closed());
    }
}
