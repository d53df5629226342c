package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.TERM;

import dev.pgleader.ElectionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An observer whose time is virtual, with whatever it needs; what is told is told when the test says so. One thread. */
final class Stage {

    static final String NOBODY = "follower, nobody leads";
    static final String LED = "follower of there (leading, term " + TERM + ")";
    static final String LED_AGAIN = "follower of there (leading, term " + (TERM + 1) + ")";

    final Looks looks = new Looks();
    final ObservedElection observed = looks.observed();
    final Dispatch dispatch = new Dispatch(looks.ticker, () -> {});
    final List<String> told = new ArrayList<>();
    final Spectator spectator = Spectator.admit(observed, dispatch, () -> told.add("whenClosed"));

    /** Writes down what is told. */
    void note(ElectionState state) {
        told.add(state.toString());
    }

    void turnAfter(Runnable event) {
        event.run();
        dispatch.turn();
    }

    /** Lets time pass as the dispatching thread does: never for longer than it wants to. */
    void elapse(Duration length) {
        long end = looks.ticker.monotonicNanos() + length.toNanos();
        long now = looks.ticker.monotonicNanos();
        while (now < end) {
            long due = dispatch.turn().monotonicNanos();
            looks.elapse(Duration.ofNanos(Math.min(due, end) - now));
            now = looks.ticker.monotonicNanos();
        }
        dispatch.turn();
    }
}
