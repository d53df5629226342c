package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionObserver;
import dev.pgleader.ElectionState;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observer as its user holds it. Thread-safe: whatever is told to users is told on the {@link Dispatch}'s thread, which
 * alone knows what was told before.
 */
final class Spectator implements ElectionObserver {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private final ObservedElection observed;
    private final Dispatch dispatch;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean stirred = new AtomicBoolean();

    /** One permit for each change that nobody has waited for. */
    private final Semaphore changes = new Semaphore(0);

    /** What was told last. Dispatching thread only, as is all that follows. */
    private ElectionState told = ElectionState.unknown();

    private final List<Consumer<ElectionState>> listeners = new ArrayList<>();
    private final List<Feed> feeds = new ArrayList<>();

    private Spectator(ObservedElection observed, Dispatch dispatch, Runnable whenClosed) {
        this.observed = observed;
        this.dispatch = dispatch;
        this.whenClosed = whenClosed;
    }

    /**
     * Lets somebody watch an election.
     *
     * @param whenClosed what else is done when that ends
     */
    static Spectator admit(ObservedElection observed, Dispatch dispatch, Runnable whenClosed) {
        Spectator spectator = new Spectator(observed, dispatch, whenClosed);
        observed.admit(spectator);
        dispatch.admit(spectator);
        spectator.stir();
        return spectator;
    }

    @Override
    public String election() {
        return observed.election();
    }

    @Override
    public ElectionState state() {
        return closed.get() ? ElectionState.unknown() : observed.state();
    }

    @Override
    public boolean awaitChange(Duration atMost) throws InterruptedException {
        boolean changed = changes.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
        // A change that comes just as the time is up is not drained unseen.
        changed |= changes.drainPermits() > 0;
        if (closed.get()) {
            changes.release();
            return false;
        }
        return changed;
    }

    @Override
    public void onChange(Consumer<ElectionState> listener) {
        Objects.requireNonNull(listener, "listener");
        dispatch.execute(() -> {
            tell(listener);
            if (!closed.get()) {
                listeners.add(listener);
            }
        });
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ElectionState> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        dispatch.execute(() -> {
            Feed feed = new Feed(subscriber, dispatch);
            feed.begin();
            if (closed.get()) {
                feed.complete();
            } else {
                feed.offer(told);
                feeds.add(feed);
            }
        });
    }

    /** Something may have changed; any thread. */
    void stir() {
        if (stirred.compareAndSet(false, true)) {
            dispatch.execute(this::refresh);
        }
    }

    private void refresh() {
        stirred.set(false);
        dispatch.visitBy(refresh(dispatch.now()));
    }

    /** Tells what has changed, if anything has; returns when to ask again if nothing is heard before. Dispatching thread only. */
    Reading refresh(Reading now) {
        if (closed.get()) {
            return now.plus(Dispatch.LONGEST_NAP);
        }
        ElectionState next = observed.settled(now);
        if (!ObservedElection.isSame(told, next)) {
            told = next;
            changes.release();
            listeners.forEach(this::tell);
            feeds.removeIf(Feed::isOver);
            feeds.forEach(this::tell);
        }
        Reading latest = now.plus(Dispatch.LONGEST_NAP);
        return observed.settlesAt()
                .filter(at -> !now.hasReached(at))
                .map(at -> Reading.earlier(at, latest))
                .orElse(latest);
    }

    // Whoever is told may close this, and nobody behind him is told then.

    private void tell(Feed feed) {
        if (!closed.get()) {
            feed.offer(told);
        }
    }

    private void tell(Consumer<ElectionState> listener) {
        try {
            if (!closed.get()) {
                listener.accept(told);
            }
        } catch (Throwable thrown) {
            LOG.error("election '{}': a listener failed at '{}'", election(), told, thrown);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            observed.dismiss(this);
            dispatch.dismiss(this);
            whenClosed.run();
            changes.release();
            dispatch.execute(() -> {
                listeners.clear();
                feeds.forEach(Feed::complete);
                feeds.clear();
            });
        }
    }

    @Override
    public String toString() {
        return "observer of '" + election() + "': " + state();
    }
}
