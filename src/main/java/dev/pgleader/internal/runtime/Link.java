package dev.pgleader.internal.runtime;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's session, which comes and goes: opened when it is due, dropped on any doubt, and tried again with a
 * growing and jittered pause. Loop thread only, except {@link #problem} and {@link #abort}.
 *
 * <p>It is opened elsewhere, so that the loop thread never waits for a data source.
 */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    private final Database database;
    private final Supplier<Guard> guards;
    private final ConnectAttempts attempts;
    private final Runnable whenAnswered;
    private final Ticker ticker;
    private final Backoff backoff;
    private final Duration settling;
    private @Nullable ConnectAttempt<Session> attempt;
    private volatile @Nullable Session session;
    private volatile @Nullable Problem problem;
    private Reading nextAttempt;
    private Reading openedAt;
    private Problem.@Nullable Kind warnedOf;

    /** Opens sessions on the caller's thread, which must not mind to wait. */
    Link(Database database, Guard guard, Ticker ticker, RandomGenerator random, Duration longestPause) {
        this(database, () -> guard, ConnectAttempts.here(ticker), () -> {}, ticker, random, longestPause);
    }

    /**
     * Opens sessions by attempts that may take their time.
     *
     * @param guards watch over a session each, from its attempt on
     * @param whenAnswered is run on another thread when {@link #open} is to be called again
     */
    Link(
            Database database,
            Supplier<Guard> guards,
            ConnectAttempts attempts,
            Runnable whenAnswered,
            Ticker ticker,
            RandomGenerator random,
            Duration longestPause) {
        this.database = database;
        this.guards = guards;
        this.attempts = attempts;
        this.whenAnswered = whenAnswered;
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

    /** Returns why there is no session; empty while one is being opened, which may serve in a moment. */
    Optional<String> absence() {
        return attempt != null
                ? Optional.empty()
                : problem().map(Problem::toString).or(() -> Optional.of("not connected yet"));
    }

    /** Returns when to try again, or to give an attempt up. */
    Reading nextAttempt() {
        return attempt == null ? nextAttempt : attempt.deadline();
    }

    /** Returns whether there is no session, and either it is time to open one or an attempt is over. */
    boolean isDue() {
        return session == null && (attempt == null ? ticker.read().hasReached(nextAttempt) : attempt.isOver());
    }

    /** Tries to open a session, or goes on with that; returns whether there is one now. */
    boolean open() {
        ConnectAttempt<Session> begun = attempt;
        if (begun == null) {
            Guard guard = guards.get();
            begun = attempts.begin(() -> database.openSession(guard), Session::close, whenAnswered);
        }
        attempt = begun.isOver() ? null : begun;
        return attempt == null && take(begun);
    }

    private boolean take(ConnectAttempt<Session> over) {
        try {
            session = over.result();
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
        ConnectAttempt<Session> begun = attempt;
        attempt = null;
        if (begun != null) {
            begun.giveUp();
        }
        Session open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException | Error broken) {
                LOG.warn("a session could not be closed", broken);
            }
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
