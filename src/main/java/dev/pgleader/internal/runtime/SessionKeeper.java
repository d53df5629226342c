package dev.pgleader.internal.runtime;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.State;
import java.time.Duration;
import java.util.Optional;

/**
 * Sees to it that a process which stands in elections has a session with a row of its own: makes the row, has it extended, notices
 * the end of the session, and has another take the place of one that is over. Loop thread only.
 */
final class SessionKeeper {

    /** How often a leader finds out whether its session still lives, between statements and at no cost to the server. */
    private static final Duration PULSE = Duration.ofMillis(100);

    private final Ticker ticker;
    private final Link link;
    private final SessionLease lease;
    private final Round round;
    private final Contenders contenders;
    private Reading nextPulse;

    SessionKeeper(Ticker ticker, Link link, SessionLease lease, Round round, Contenders contenders) {
        this.ticker = ticker;
        this.link = link;
        this.lease = lease;
        this.round = round;
        this.contenders = contenders;
        this.nextPulse = ticker.read();
    }

    /** Makes the session's row as soon as there is a candidate. */
    void enter() {
        if (link.session().isPresent() && !contenders.isEmpty() && lease.canBegin()) {
            round.enter();
        }
    }

    /** Returns whether there is a row to extend, or a session that needs signs of life because something hangs on it. */
    boolean beats() {
        return lease.runs() || (lease.isSpent() && contenders.anyNeedsSession());
    }

    /** Sends a heartbeat, or a sign of life, where one is due. */
    void beat() {
        Reading now = ticker.read();
        if (now.hasReached(lease.nextRenewal()) && beats()) {
            round.renew(lease.nextRenewal());
            lease.renewing(now, contenders.anyNeedsSession());
        }
    }

    /**
     * A row that is over is never extended again, and another one needs another connection. But the lock of this one is kept until
     * the work that was led by it has returned, or its lease is over.
     */
    void replace() {
        if (link.session().isPresent() && !contenders.isEmpty() && lease.isOver() && !contenders.anyNeedsSession()) {
            if (lease.isSpent()) {
                lose(new SessionException(
                        new Problem(Problem.Kind.OTHER, "this process's lease is over", "beginning another one")));
            } else {
                link.close();
                contenders.toAll(round, ticker.read(), State::sessionLost);
            }
        }
    }

    /**
     * A leader must learn of the end of its session soon, since another may already have the lock; and a candidate needs a role that
     * may do more than watch. A leader that is about to resign had better not wait for a pulse: its statements tell as much.
     */
    void require() {
        Optional<Session> session = link.session();
        try {
            if (session.isPresent() && contenders.anyNeedsSession() && isPulseDue()) {
                session.get().requireAlive();
                answered();
            }
            if (session.isPresent() && !contenders.isEmpty()) {
                session.get().requireRightToStand();
            }
        } catch (SessionException ended) {
            lose(ended);
        }
    }

    private boolean isPulseDue() {
        return ticker.read().hasReached(nextPulse);
    }

    /** The session has just been there. */
    void answered() {
        nextPulse = ticker.read().plus(PULSE);
    }

    /** Returns when to find out again whether the session lives, where something hangs on it. */
    Reading nextPulse() {
        return nextPulse;
    }

    /** Gives the session up, and with it whatever it held. */
    void lose(SessionException doubt) {
        round.drop(Optional.of(doubt.problem().toString()));
        link.lost(doubt);
        lease.connectionChanged();
        contenders.toAll(round, ticker.read(), State::sessionLost);
    }
}
