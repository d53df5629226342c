package dev.pgleader.internal.election;

import java.util.List;
import java.util.Optional;

/**
 * Another candidate leads, or none does, or it is not known; and no work of a leadership is running.
 *
 * @param evidence what was seen that may give the right to lead
 * @param holdBack for how long others go first
 * @param failures how many leaderships of this candidate have failed in a row
 * @param registered whether the row was missing at the last look, and has been created since
 * @param barredSince since when bids could not even be made; empty while they can
 * @param wakesAt when the row is worth another look although nothing was announced
 */
record Following(
        Evidence evidence,
        HoldBack holdBack,
        int failures,
        boolean registered,
        Optional<Reading> barredSince,
        Optional<Reading> wakesAt)
        implements State {

    /** For one of them a candidate that has resigned asks nothing: far longer than a hand-over takes. */
    private static final int PARTS_OF_A_RETRY = 8;

    /** Returns the state after a leadership that was lost, or at the beginning. */
    static Following after(Optional<Former> former, Reading now) {
        return new Following(Evidence.of(former), HoldBack.none(now), 0, false, Optional.empty(), Optional.empty());
    }

    /** Returns the state of a candidate that lets others go first. */
    static Following holdingBack(HoldBack holdBack, int failures) {
        return new Following(Evidence.NONE, holdBack, failures, false, Optional.empty(), Optional.empty());
    }

    private Following with(Evidence other) {
        return new Following(other, holdBack, failures, false, Optional.empty(), Optional.empty());
    }

    private Following wakingAt(Reading moment) {
        return new Following(evidence, holdBack, failures, false, barredSince, Optional.of(moment));
    }

    Step looking() {
        return Step.to(this, new Command.Look());
    }

    /** Lets others go first: what it would ask the database now would keep it from them. As a rule they have come before it asks. */
    Step lettingOthersGoFirst(Candidate me, Reading now) {
        Reading soon = now.plus(me.timings().retry().dividedBy(PARTS_OF_A_RETRY));
        return Step.to(wakingAt(Reading.earlier(soon, holdBack.until())));
    }

    /** Takes the row if the database lets it; looks, if it never leads. */
    Step bidding(Candidate me, Reading now) {
        return me.preference().neverLeads() ? looking() : Step.to(this, bid(now));
    }

    private Command.Bid bid(Reading now) {
        return new Command.Bid(evidence, holdBack.isOver(now), holdBack);
    }

    @Override
    public Step looked(Candidate me, Sighting seen) {
        return judge(me, seen, true);
    }

    /** Another bid at once would be lost to the same, unless it says what only the answer to this one has shown. */
    @Override
    public Step bidLost(Candidate me, Sighting seen) {
        Optional<FreeLock> found = evidence.after(me, seen).freed().filter(freed -> freed.isOver(seen.answeredAt()));
        return judge(me, seen, found.isPresent() && !found.equals(evidence.freed()));
    }

    private Step judge(Candidate me, Sighting seen, boolean mayBid) {
        Evidence known = evidence.after(me, seen);
        Reading now = seen.answeredAt();
        Verdict verdict = Verdict.of(me, known, seen);
        if (verdict instanceof Verdict.Wait wait) {
            return waiting(me, seen, known.ripeSince(wait.ripeSince()), now.plus(wait.delay()));
        }
        if (verdict instanceof Verdict.Stray) {
            Row.Holder holder = seen.row().holder().orElseThrow();
            return Step.to(
                    with(known),
                    new Command.Detach(
                            seen.row().term(), holder.sessionId(), Loss.DEPOSED, Optional.of(holder.candidate())));
        }
        boolean gives = me.preference().neverLeads() || !holdBack.isOver(now);
        if (verdict instanceof Verdict.Own && gives) {
            return Step.to(with(known), lettingGo(seen.row()));
        }
        Reading ripeSince =
                verdict instanceof Verdict.Take take ? take.ripeSince() : ((Verdict.Own) verdict).ripeSince();
        Following ripe = with(known.ripeSince(Optional.of(ripeSince)));
        if (me.preference().neverLeads()) {
            return Step.to(ripe);
        }
        if (!holdBack.lets(me, seen.row(), now)) {
            return Step.to(ripe.wakingAt(holdBack.until()));
        }
        return mayBid ? Step.to(ripe, ripe.bid(now)) : Step.to(ripe.wakingAt(Patience.nextTry(me, ripeSince, now)));
    }

    /** Gives up a row that names this candidate, which does not lead by it and is not to claim it. */
    private static Command lettingGo(Row row) {
        int session = row.holder().orElseThrow().sessionId();
        return new Command.Vacate(row.term(), session, Loss.SESSION_LOST, Optional.empty());
    }

    private Step waiting(Candidate me, Sighting seen, Evidence known, Reading until) {
        Following still = with(known);
        if (me.preference().neverLeads()) {
            return Step.to(still);
        }
        boolean wishes = seen.isAlive() && seen.row().isForthcomingTo(me);
        return new Step(
                still.wakingAt(until),
                wishes ? List.of(new Command.AskToResign(seen.row().term())) : List.of());
    }

    @Override
    public Step notNow(Candidate me, Reading now) {
        Reading since = evidence.ripeSince().or(() -> barredSince).orElse(now);
        Optional<Reading> wake = Optional.of(Patience.nextTry(me, since, now));
        return Step.to(new Following(evidence, holdBack, failures, false, Optional.of(barredSince.orElse(now)), wake));
    }

    @Override
    public Step taken(Candidate me, Sighting before, int session, long term, Reading now) {
        Tenure tenure = Tenure.from(me, session, term, before.askedAt(), failures);
        if (tenure.trust().isPast(now)) {
            return Vacating.begin(tenure, Exit.of(Loss.EXPIRED, new Aim.StandAgain()), false, now);
        }
        return Step.to(
                new Recovering(tenure),
                new Command.StartWork(tenure, Basis.of(me, evidence, before)),
                new Command.Announce());
    }

    /** A row that stays away although it was created, as one that this role may not see, is left for the next look. */
    @Override
    public Step rowMissing(Candidate me, Reading now) {
        if (registered) {
            return Step.to(with(Evidence.NONE));
        }
        return Step.to(
                new Following(Evidence.NONE, holdBack, failures, true, Optional.empty(), Optional.empty()),
                new Command.Register());
    }

    @Override
    public Step vacated(Candidate me, Reading now) {
        return looking();
    }

    @Override
    public Step vacateRefused(Candidate me, Reading now) {
        Reading leftSince = evidence.vigil().map(Vigil::since).orElse(now);
        return Step.to(wakingAt(Patience.nextTry(me, leftSince, now)));
    }

    /** Where the end of a session counts before its lease, each look asks for the lock. */
    @Override
    public Step lookDue(Candidate me, Reading now) {
        return me.timings().onSessionEnd() ? bidding(me, now) : looking();
    }

    /**
     * To bid at once saves a look. A candidate that lets others go first, and has seen nothing since, is told of what it has done
     * itself: a bid or a look would only keep the database from its successor.
     */
    @Override
    public Step announced(Candidate me, News news, Reading now) {
        if (news != News.VACATED) {
            return looking();
        }
        return holdBack.isOver(now) || evidence.vigil().isPresent() ? bidding(me, now) : stay();
    }

    @Override
    public Step ticked(Candidate me, Reading now) {
        if (wakesAt.isEmpty() || !now.hasReached(wakesAt.get())) {
            return stay();
        }
        return new Following(evidence, holdBack, failures, false, barredSince, Optional.empty()).bidding(me, now);
    }

    @Override
    public Step sessionLost(Candidate me, Reading now) {
        return Step.to(with(evidence));
    }

    @Override
    public Step closeAsked(Candidate me, Reading now) {
        return Step.to(new Closed());
    }

    @Override
    public Step renewed(Candidate me, int session, Reading sentAt, Reading now) {
        return stay();
    }

    @Override
    public Step leaseLost(Candidate me, Loss loss, Reading leaseEnd, Reading now) {
        return stay();
    }

    /** The row was written before the leadership was lost. */
    @Override
    public Step led(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step recovered(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step workFailed(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step workStopped(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step trustEnded(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Step resignAsked(Candidate me, Succession.Request request, Reading now) {
        return stay();
    }

    @Override
    public Stage stage() {
        return Stage.STANDING;
    }
}
