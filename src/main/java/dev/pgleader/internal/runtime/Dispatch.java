package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told to users who watch, one thing after the other: the body of the thread {@code pgleader-observer}.
 *
 * <p>{@link #execute} may be called on any thread and takes no lock, since the watchdog is among its callers. It knows no
 * thread: whoever owns one calls {@link #turn} when woken, and at the time that it returns.
 */
final class Dispatch implements Executor {

    /** A suspended machine does not count as napping time. */
    static final Duration LONGEST_NAP = Duration.ofSeconds(1);

    /** Users who cause a change each time that they are told of one would keep the thread for ever. */
    static final int MOST_AT_ONCE = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private final Ticker ticker;
    private final Runnable wake;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Set<Spectator> spectators = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile boolean ended;

    /** Dispatching thread only. */
    private Reading nextVisit;

    /**
     * Makes one without spectators.
     *
     * @param wake has {@link #turn} called soon; takes no lock
     */
    Dispatch(Ticker ticker, Runnable wake) {
        this.ticker = ticker;
        this.wake = wake;
        this.nextVisit = ticker.read();
    }

    /** Has something told, after all that was to be told before; after the end by the caller, or by one that is at it already. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wake.run();
        if (ended) {
            tellAll();
        }
    }

    /** Has changes told that come by the mere passing of time. */
    void admit(Spectator spectator) {
        spectators.add(spectator);
        if (ended) {
            spectator.close();
        }
    }

    void dismiss(Spectator spectator) {
        spectators.remove(spectator);
    }

    Reading now() {
        return ticker.read();
    }

    /** Has whatever changes by the mere passing of time found at {@code due} at the latest. Dispatching thread only. */
    void visitBy(Reading due) {
        nextVisit = Reading.earlier(nextVisit, due);
    }

    /** Tells what there is to tell; returns when to call again, if not woken before. */
    Reading turn() {
        boolean told = true;
        for (int count = 0; told && count < MOST_AT_ONCE; count++) {
            told = tellNext();
        }
        Reading now = ticker.read();
        if (now.hasReached(nextVisit)) {
            nextVisit = visitAll(now);
        }
        return tasks.isEmpty() ? nextVisit : now;
    }

    /** Finds what has changed by the mere passing of time. */
    private Reading visitAll(Reading now) {
        Reading due = now.plus(LONGEST_NAP);
        for (Spectator spectator : spectators) {
            due = Reading.earlier(due, spectator.refresh(now));
        }
        return due;
    }

    /** After the end, on any thread, one at a time: a caller that finds another at it leaves its task to that one. */
    private void tellAll() {
        while (!tasks.isEmpty() && telling.compareAndSet(false, true)) {
            try {
                boolean told = true;
                while (told) {
                    told = tellNext();
                }
            } finally {
                telling.set(false);
            }
        }
    }

    /** Returns whether there was anything to tell. */
    private boolean tellNext() {
        @Nullable Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        try {
            task.run();
        } catch (RuntimeException | Error defect) {
            LOG.error("something could not be told to those who watch", defect);
        }
        return true;
    }

    /** Tells what there is to tell, and closes every spectator. From now on whoever has something to tell does it. */
    void end() {
        turn();
        spectators.forEach(Spectator::close);
        ended = true;
        // Those who came in behind the first pass, and before they could see that this is the end.
        spectators.forEach(Spectator::close);
        tellAll();
    }
}
