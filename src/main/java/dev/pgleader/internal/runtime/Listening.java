package dev.pgleader.internal.runtime;

import dev.pgleader.Diagnosis;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that turns announcements into looks. They are hints: whenever listening begins anew everything is looked at,
 * and all that a lost announcement costs is the time until the next look.
 */
final class Listening implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");
    private static final Duration LONGEST_SLICE = Duration.ofSeconds(1);

    /** How often to ask for a sign of life: a connection whose other end has vanished hears nothing and says nothing. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

    private final Database database;
    private final Supplier<Guard> guards;
    private final ConnectAttempts attempts;
    private final Ticker ticker;
    private final Backoff backoff;
    private final Deafness deafness;
    private final Loop loop;

    /** How long to wait at a time: less than what the guard takes for hanging. */
    private final Duration slice;

    private final Thread thread = new Thread(this, "pgleader-listener");
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile @Nullable ConnectAttempt<Listener> attempt;
    private volatile @Nullable Listener listener;

    Listening(
            Database database,
            Supplier<Guard> guards,
            ConnectAttempts attempts,
            Ticker ticker,
            ElectionConfig config,
            RandomGenerator random,
            Loop loop) {
        this.database = database;
        this.guards = guards;
        this.attempts = attempts;
        this.ticker = ticker;
        this.backoff = new Backoff(random, config.retryInterval());
        this.deafness = new Deafness(config.retryInterval());
        this.loop = loop;
        Duration bound = config.statementTimeout();
        this.slice = bound.compareTo(LONGEST_SLICE) < 0 ? bound : LONGEST_SLICE;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the thread, whatever it is waiting for. */
    void end() {
        end.countDown();
        ConnectAttempt<Listener> begun = attempt;
        if (begun != null) {
            begun.giveUp();
        }
        Listener open = listener;
        if (open != null) {
            open.abort();
        }
    }

    void join(long atMostMillis) throws InterruptedException {
        thread.join(atMostMillis);
    }

    /** Returns a diagnosis, with a note where this process hears no announcements although it takes part. */
    Diagnosis noted(Diagnosis found) {
        return deafness.noted(found);
    }

    @Override
    public void run() {
        while (end.getCount() > 0) {
            try {
                pause(listenUntilItFails());
            } catch (InterruptedException stray) {
                // This thread is ended by end() alone.
                LOG.debug("interrupted; listening again", stray);
            }
        }
    }

    private Duration listenUntilItFails() throws InterruptedException {
        try (Listener open = open()) {
            listener = open;
            loop.post(Conductor::lookAgain);
            hear(open);
            return Duration.ZERO;
        } catch (SessionException over) {
            if (end.getCount() > 0) {
                LOG.debug("not listening", over);
                deafness.failed(over.problem(), loop.problem().isEmpty());
            }
            return backoff.failed(over.problem().kind());
        } catch (RuntimeException | Error unexpected) {
            LOG.warn("listening failed unexpectedly; trying again", unexpected);
            return backoff.failed(Problem.Kind.OTHER);
        } finally {
            listener = null;
        }
    }

    private Listener open() throws SessionException, InterruptedException {
        Guard guard = guards.get();
        ConnectAttempt<Listener> begun = attempts.begin(() -> database.openListener(guard), Listener::close, () -> {});
        attempt = begun;
        if (end.getCount() == 0) {
            begun.giveUp();
        }
        return begun.await();
    }

    private void hear(Listener open) throws SessionException {
        Reading nextPing = ticker.read().plus(PING_INTERVAL);
        while (end.getCount() > 0) {
            Map<String, News> news = open.await(slice);
            backoff.succeeded();
            deafness.over();
            if (!news.isEmpty()) {
                loop.post(conductor -> conductor.announced(news));
            }
            if (ticker.read().hasReached(nextPing)) {
                open.ping();
                nextPing = ticker.read().plus(PING_INTERVAL);
            }
        }
    }

    private void pause(Duration length) throws InterruptedException {
        boolean ending = end.await(length.toNanos(), TimeUnit.NANOSECONDS);
        LOG.trace("listening again: {}", !ending);
    }
}
