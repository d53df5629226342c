package dev.pgleader.simulation;

import dev.pgleader.ElectionState;
import dev.pgleader.simulation.Tally.Happening;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber that asks for one state after the other, at its leisure. */
final class Reader implements Flow.Subscriber<ElectionState> {

    private final Watcher watcher;
    private Flow.@Nullable Subscription subscription;
    private long demand;
    private boolean over;

    Reader(Watcher watcher) {
        this.watcher = watcher;
    }

    /** Asks for another state. */
    void readOn() {
        if (subscription != null) {
            demand++;
            subscription.request(1);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        readOn();
    }

    @Override
    public void onNext(ElectionState state) {
        demand--;
        if (over || demand < 0) {
            watcher.object(watcher + " tells its subscriber " + state + (over ? " after the end" : " unasked"));
        }
        watcher.node.world.tally.count(Happening.SUBSCRIBER_TOLD);
    }

    @Override
    public void onError(Throwable failure) {
        watcher.object(watcher + " fails: " + failure);
    }

    @Override
    public void onComplete() {
        if (over) {
            watcher.object(watcher + " completes its subscriber twice");
        }
        Objects.requireNonNull(subscription);
        over = true;
    }

    boolean isOver() {
        return over;
    }
}
