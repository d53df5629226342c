package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionState;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one subscriber is told, no faster than it asks: the latest state waits for it, and takes the place of one that waited.
 *
 * <p>Every signal is given on the {@link Dispatch}'s thread; what the subscriber says may come on any, and is carried there.
 */
final class Feed implements Flow.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private final Dispatch dispatch;
    private final AtomicLong demand = new AtomicLong();

    /** Null once nothing more is to be told, so that the subscriber can be collected. */
    private volatile Flow.@Nullable Subscriber<? super ElectionState> subscriber;

    /** Dispatching thread only. */
    private @Nullable ElectionState waiting;

    Feed(Flow.Subscriber<? super ElectionState> subscriber, Dispatch dispatch) {
        this.subscriber = subscriber;
        this.dispatch = dispatch;
    }

    // What the subscriber says

    @Override
    public void request(long more) {
        if (more <= 0) {
            dispatch.execute(() -> fail(more));
        } else {
            demand.accumulateAndGet(more, Feed::added);
            dispatch.execute(this::flow);
        }
    }

    /** Returns the sum, where {@link Long#MAX_VALUE} stands for no bound. */
    private static long added(long before, long more) {
        long sum = before + more;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    @Override
    public void cancel() {
        subscriber = null;
    }

    // What it is told: dispatching thread only

    void begin() {
        signal(first -> first.onSubscribe(this));
    }

    void offer(ElectionState state) {
        waiting = state;
        flow();
    }

    private void flow() {
        ElectionState next = waiting;
        if (next != null && demand.get() > 0) {
            waiting = null;
            if (demand.get() != Long.MAX_VALUE) {
                demand.decrementAndGet();
            }
            signal(each -> each.onNext(next));
        }
    }

    void complete() {
        signal(Flow.Subscriber::onComplete);
        subscriber = null;
    }

    private void fail(long asked) {
        signal(each -> each.onError(new IllegalArgumentException(
                "asked for " + asked + " states; rule 3.9 of Reactive Streams wants a positive number")));
        subscriber = null;
    }

    boolean isOver() {
        return subscriber == null;
    }

    private interface Signal {
        void to(Flow.Subscriber<? super ElectionState> subscriber);
    }

    private void signal(Signal signal) {
        Flow.Subscriber<? super ElectionState> listening = subscriber;
        if (listening != null) {
            try {
                signal.to(listening);
            } catch (Throwable thrown) {
                LOG.error("a subscriber failed and is told nothing more", thrown);
                subscriber = null;
            }
        }
    }
}
