package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heartbeat of everything that this process holds: one statement that extends its row, whatever the number of elections. Loop
 * thread only.
 *
 * <p>A leadership is extended only if its own row is known to be untouched. The heartbeat's answer tells which rows of this
 * session other hands have changed, as a rule none; those are looked at, and extended when they are found to be as they were.
 */
final class Heartbeats {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    /** How many rows one statement looks at. */
    private static final int MOST_ROWS = 2_000;

    private final Ticker ticker;
    private final Punctuality punctuality;
    private final SessionLease lease;
    private final Contenders contenders;
    private final Round round;

    /** Candidates of whose row it is not known whether it is as it was. */
    private final Set<Contender> unproven = new LinkedHashSet<>();

    /** Those of them that are to be looked at now. */
    private final Set<Contender> toCheck = new LinkedHashSet<>();

    private boolean renewalDue;

    Heartbeats(Ticker ticker, Pace pace, SessionLease lease, Contenders contenders, Round round) {
        this.ticker = ticker;
        this.punctuality = new Punctuality(pace.heartbeatInterval(), pace.statementTimeout());
        this.lease = lease;
        this.contenders = contenders;
        this.round = round;
    }

    /** Has the row extended; that was due at {@code due}. */
    void renew(Reading due) {
        renewalDue = true;
        punctuality.due(due);
    }

    boolean isDue() {
        return renewalDue || !toCheck.isEmpty();
    }

    /** Forgets everything: there is no session, and so nothing to extend. */
    void drop() {
        renewalDue = false;
        unproven.clear();
        toCheck.clear();
    }

    /** Extends the row, or looks at what other hands have changed. */
    void execute(Session session) throws SessionException {
        if (!renewalDue) {
            check(session);
            return;
        }
        renewalDue = false;
        if (lease.runs()) {
            try {
                renew(session);
            } finally {
                punctuality.judge();
            }
        } else if (lease.isSpent()) {
            // A sign of life: the server ends a session that falls silent, and would free its lock too soon.
            Round.orNothing(() -> session.watch(List.of()));
        }
    }

    private void renew(Session session) throws SessionException {
        boolean holds = contenders.anyNeedsSession();
        Duration length = lease.length(holds);
        Reading sentAt = ticker.read();
        if (lease.isLate(sentAt)) {
            round.spend(Loss.EXPIRED, lease.end(), sentAt);
            return;
        }
        punctuality.sent(sentAt);
        Session.Renewal answer;
        try {
            answer = session.renew(lease.id(), length, holds);
        } catch (BusyException busy) {
            return;
        }
        Reading now = ticker.read();
        punctuality.answered(now);
        if (lease.isLate(now)) {
            round.spend(Loss.EXPIRED, sentAt.plus(length), now);
        } else if (answer instanceof Session.Renewal.Renewed renewed) {
            lease.renewed(sentAt, holds);
            if (holds) {
                extendAll(renewed, sentAt, now);
            }
        } else if (answer instanceof Session.Renewal.Refused) {
            LOG.info("the database does not extend session {} any more", lease.id());
            round.spend(Loss.DEPOSED, lease.end(), now);
        } else {
            contenders.toAll(round, now, (state, me, at) -> state.ticked(me, at));
        }
    }

    private void extendAll(Session.Renewal.Renewed renewed, Reading sentAt, Reading now) {
        note(renewed.disturbed());
        toCheck.addAll(unproven);
        for (Contender contender : contenders.held()) {
            contender.principal().renewed(renewed.expiresAt(), sentAt);
            if (!unproven.contains(contender)) {
                extend(contender, sentAt, now);
            }
        }
    }

    private void note(Disturbance disturbed) {
        if (disturbed.everything()) {
            unproven.addAll(contenders.held());
        } else {
            disturbed.elections().forEach(election -> contenders
                    .in(election)
                    .filter(contender -> contender.stage().isHeld())
                    .ifPresent(unproven::add));
        }
    }

    private void extend(Contender contender, Reading sentAt, Reading now) {
        contender.step(round, now, (state, me, at) -> state.renewed(me, lease.id(), sentAt, at));
    }

    /** A row that is as it was is proven as of the last renewal, which was sent before. */
    private void check(Session session) throws SessionException {
        List<Contender> looking =
                new ArrayList<>(toCheck.stream().limit(MOST_ROWS).toList());
        looking.forEach(toCheck::remove);
        looking.removeIf(contender -> !contender.stage().isHeld());
        Reading provenAt = lease.provenAt();
        Reading askedAt = ticker.read();
        Optional<Session.Looked> looked = Round.orNothing(
                () -> session.look(looking.stream().map(Contender::election).toList()));
        Reading now = ticker.read();
        if (looked.isEmpty()) {
            return;
        }
        looking.forEach(unproven::remove);
        for (Contender contender : looking) {
            Optional<Sighting> row = Optional.ofNullable(looked.get().rows().get(contender.election()))
                    .map(found -> Bids.sighting(found, looked.get(), lease, askedAt, now));
            round.show(contender, row, now);
            extend(contender, provenAt, now);
        }
        unproven.removeIf(contender -> !contender.stage().isHeld());
    }
}
