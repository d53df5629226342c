package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber that writes down what it is told. One thread. */
final class RecordedSubscriber implements Flow.Subscriber<ElectionState> {

    private final long demandAtFirst;
    private Flow.@Nullable Subscription subscription;

    final List<String> told = new ArrayList<>();

    /** What it does once it has written a state down. */
    Runnable whenTold = () -> {};

    /** Asks for so many states as soon as it may; for none if that is zero. */
    RecordedSubscriber(long demandAtFirst) {
        this.demandAtFirst = demandAtFirst;
    }

    Flow.Subscription subscription() {
        return Objects.requireNonNull(subscription);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (demandAtFirst > 0) {
            given.request(demandAtFirst);
        }
    }

    @Override
    public void onNext(ElectionState state) {
        told.add(state.toString());
        whenTold.run();
    }

    @Override
    public void onError(Throwable why) {
        told.add(String.valueOf(why.getMessage()));
    }

    @Override
    public void onComplete() {
        told.add("complete");
    }
}
