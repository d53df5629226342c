package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.LEASE;
import static dev.pgleader.internal.runtime.Looks.TERM;
import static dev.pgleader.internal.runtime.Stage.LED;
import static dev.pgleader.internal.runtime.Stage.NOBODY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What those who subscribe are told, and that nobody is told anything by an observer that is closed. */
class SpectatorEndTest {

    private final Stage stage = new Stage();
    private final Looks looks = stage.looks;
    private final ObservedElection observed = stage.observed;
    private final Dispatch dispatch = stage.dispatch;
    private final List<String> told = stage.told;
    private final Spectator spectator = stage.spectator;

    // Subscribers

    @Test
    void subscriber_isToldThePresentState_andThenEveryChange_andTheEnd() {
        RecordedSubscriber subscriber = new RecordedSubscriber(Long.MAX_VALUE);
        stage.turnAfter(() -> observed.saw(looks.vacant()));

        spectator.subscribe(subscriber);
        dispatch.turn();
        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));
        spectator.close();
        dispatch.turn();

        assertEquals(List.of(NOBODY, LED, "complete"), subscriber.told);
    }

    @Test
    void whoeverSubscribes_toAClosedObserver_isToldThatItIsOver() {
        RecordedSubscriber subscriber = new RecordedSubscriber(Long.MAX_VALUE);
        spectator.close();

        spectator.subscribe(subscriber);
        dispatch.turn();

        assertEquals(List.of("complete"), subscriber.told);
    }

    @Test
    void subscriberThatThrows_isToldNothingMore_andTheOthersAre() {
        RecordedSubscriber failing = new RecordedSubscriber(Long.MAX_VALUE);
        failing.whenTold = () -> {
            throw new IllegalStateException("planted");
        };
        spectator.subscribe(failing);
        spectator.onChange(stage::note);

        try (CapturedLog log = new CapturedLog()) {
            dispatch.turn();
            stage.turnAfter(() -> observed.saw(looks.leader(TERM)));

            assertEquals(1, log.lines("a subscriber failed").size());
        }
        assertEquals(List.of("unknown"), failing.told);
        assertEquals(List.of("unknown", LED), told);
    }

    // The end

    @Test
    void closed_knowsNothing_andTellsNothing() {
        spectator.onChange(stage::note);
        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));
        told.clear();

        spectator.close();
        spectator.onChange(stage::note);
        stage.turnAfter(() -> observed.saw(looks.vacant()));
        stage.elapse(LEASE.multipliedBy(3));

        assertEquals(List.of("whenClosed"), told);
        assertEquals("unknown", spectator.state().toString());
        assertEquals("observer of 'orders': unknown", spectator.toString());
    }

    @Test
    void closed_whatWasFoundAndWasNotToldYet_isNotToldAnyMore() {
        spectator.onChange(stage::note);
        dispatch.turn();
        observed.saw(looks.leader(TERM));

        spectator.close();
        dispatch.turn();

        assertEquals(List.of("unknown", "whenClosed"), told);
    }

    @Test
    void closedTwice_endsOnce() {
        spectator.close();
        spectator.close();
        dispatch.end();

        assertEquals(List.of("whenClosed"), told);
    }

    @Test
    void closedByAListener_thoseBehindIt_areToldNothing() {
        RecordedSubscriber subscriber = new RecordedSubscriber(Long.MAX_VALUE);
        spectator.onChange(state -> {
            stage.note(state);
            if (state.leader().isPresent()) {
                spectator.close();
            }
        });
        spectator.onChange(stage::note);
        spectator.subscribe(subscriber);
        dispatch.turn();

        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));

        assertEquals(List.of("unknown", "unknown", LED, "whenClosed"), told);
        assertEquals(List.of("unknown", "complete"), subscriber.told);
    }

    @Test
    void closed_theOthersOfTheSameElection_areToldAsBefore() {
        Spectator other = Spectator.admit(observed, dispatch, () -> {});
        other.onChange(stage::note);
        dispatch.turn();

        spectator.close();
        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));

        assertEquals(List.of("unknown", "whenClosed", LED), told);
    }
}
