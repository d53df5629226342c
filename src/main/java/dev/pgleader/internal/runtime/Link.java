package dev.pgleader.internal.runtime;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's session, which comes and goes: opened when it is due, dropped on any doubt, and tried again with a
 * growing and jittered pause. Loop thread only, except {@link #problem} and {@link #abort}.
 */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    private final Database database;
    private final Guard guard;
    private final Ticker ticker;
    private final Backoff backoff;
    private final Duration settling;
    private volatile @Nullable Session session;
    private volatile @Nullable Problem problem;
    private Reading nextAttempt;
    private Reading openedAt;
    private Problem.@Nullable Kind warnedOf;

    Link(Database database, Guard guard, Ticker ticker, RandomGenerator random, Duration longestPause) {
        this.database = database;
        this.guard = guard;
        this.ticker = ticker;
        this.backoff = new Backoff(random, longestPause);
        this.settling = longestPause;
        this.nextAttempt = ticker.read();
        this.openedAt = nextAttempt;
    }

    Optional<Session> session() {
        return Optional.ofNullable(session);
    }

    Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    Reading nextAttempt() {
        return nextAttempt;
    }

    /** Returns whether there is no session and it is time to open one. */
    boolean isDue() {
        return session == null && ticker.read().hasReached(nextAttempt);
    }

    /** Tries to open a session; returns whether it did. */
    boolean open() {
        try {
            session = database.openSession(guard);
            openedAt = ticker.read();
            return true;
        } catch (SessionException refused) {
            failed(refused);
            return false;
        }
    }

    /** Drops the session, because of something that casts doubt on it. */
    void lost(SessionException cause) {
        close();
        failed(cause);
    }

    /**
     * The session has done what it was asked to. Whether the trouble is over shows only when it has lasted for a while: one
     * that opens and then fails at the next statement, again and again, must neither flood the log nor the server.
     */
    void worked() {
        problem = null;
        if (ticker.read().hasReached(openedAt.plus(settling))) {
            backoff.succeeded();
            if (warnedOf != null) {
                LOG.info(
                        "taking part again, on {}",
                        session().map(Session::server).orElseThrow());
                warnedOf = null;
            }
        }
    }

    void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    /** Frees whoever waits for the session, from any thread. */
    void abort() {
        Session open = session;
        if (open != null) {
            open.abort();
        }
    }

    private void failed(SessionException cause) {
        Problem found = cause.problem();
        problem = found;
        if (warnedOf != found.kind()) {
            LOG.warn("cannot take part in any election: {}", found);
            warnedOf = found.kind();
        }
        LOG.debug("session failed", cause);
        nextAttempt = ticker.read().plus(backoff.failed(found.kind()));
    }
}
