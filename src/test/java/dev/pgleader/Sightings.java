package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A listener that remembers what it was told, in order. */
final class Sightings implements Consumer<ElectionState> {

    private final BlockingQueue<ElectionState> told = new LinkedBlockingQueue<>();

    static Sightings of(ElectionObserver observer) {
        Sightings sightings = new Sightings();
        observer.onChange(sightings);
        return sightings;
    }

    @Override
    public void accept(ElectionState state) {
        told.add(state);
    }

    /** Waits for what was told next. */
    ElectionState next() throws InterruptedException {
        ElectionState next = told.poll(Eventually.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertNotNull(next, "nothing was told");
        return next;
    }

    /** Waits for the first that is as it should be, and forgets those before. */
    ElectionState first(Predicate<ElectionState> wanted) throws InterruptedException {
        ElectionState next = next();
        while (!wanted.test(next)) {
            next = next();
        }
        return next;
    }

    /** Waits for a leader that serves at an address. */
    ElectionState firstOf(String address) throws InterruptedException {
        return first(state -> address(state).equals(address));
    }

    /** Waits for it to be told that nobody leads. */
    ElectionState nobody() throws InterruptedException {
        return first(state ->
                state.state() == ElectionState.State.FOLLOWER && state.leader().isEmpty());
    }

    boolean isEmpty() {
        return told.isEmpty();
    }

    static String address(ElectionState state) {
        return state.leader().map(LeaderInfo::address).orElse("");
    }
}
