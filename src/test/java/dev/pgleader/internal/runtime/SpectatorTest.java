package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.GRACE;
import static dev.pgleader.internal.runtime.Looks.LEASE;
import static dev.pgleader.internal.runtime.Looks.NANO;
import static dev.pgleader.internal.runtime.Looks.TERM;
import static dev.pgleader.internal.runtime.Stage.LED;
import static dev.pgleader.internal.runtime.Stage.LED_AGAIN;
import static dev.pgleader.internal.runtime.Stage.NOBODY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.ElectionState;
import dev.pgleader.internal.election.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an observer tells those who listen, and in which order. */
class SpectatorTest {

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final String RECOVERING = "follower of there (recovering, term " + TERM + ")";

    private final Stage stage = new Stage();
    private final Looks looks = stage.looks;
    private final ObservedElection observed = stage.observed;
    private final Dispatch dispatch = stage.dispatch;
    private final List<String> told = stage.told;
    private final Spectator spectator = stage.spectator;

    // Listeners

    @Test
    void listener_isToldThePresentState_andThenEveryChange_inOrder() {
        spectator.onChange(stage::note);
        dispatch.turn();

        stage.turnAfter(() -> observed.saw(looks.vacant()));
        stage.turnAfter(() -> observed.saw(looks.leader(TERM, Phase.RECOVERING, LEASE, AT_ONCE)));
        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));
        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));
        stage.turnAfter(() -> observed.saw(looks.leader(TERM + 1)));
        stage.turnAfter(() -> observed.saw(looks.vacant()));

        assertEquals(List.of("unknown", NOBODY, RECOVERING, LED, LED_AGAIN, NOBODY), told);
    }

    @Test
    void whatIsKnownWhenAnObserverIsMade_isToldAsTheFirstChange() {
        observed.saw(looks.leader(TERM));
        dispatch.turn();

        Spectator late = Spectator.admit(observed, dispatch, () -> {});
        late.onChange(stage::note);
        dispatch.turn();

        assertEquals(List.of(LED), told);
    }

    @Test
    void listenerThatComesLater_isToldThePresentState_andTheOthersAreNotToldAgain() {
        List<String> toldLater = new ArrayList<>();
        spectator.onChange(stage::note);
        dispatch.turn();
        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));

        spectator.onChange(state -> toldLater.add(state.toString()));
        dispatch.turn();

        assertEquals(List.of(LED), toldLater);
        assertEquals(List.of("unknown", LED), told);
    }

    @Test
    void changesThatNobodyHadTimeFor_areTakenTogether_andTheLatestIsTold() {
        spectator.onChange(stage::note);
        dispatch.turn();

        observed.saw(looks.leader(TERM));
        observed.saw(looks.vacant());
        observed.saw(looks.leader(TERM + 1));
        dispatch.turn();

        assertEquals(List.of("unknown", LED_AGAIN), told);
    }

    @Test
    void listenerThatThrows_isLogged_andToldOnAndOn_andSoAreTheOthers() {
        spectator.onChange(state -> {
            stage.note(state);
            throw new AssertionError("planted");
        });
        spectator.onChange(stage::note);

        try (CapturedLog log = new CapturedLog()) {
            dispatch.turn();
            stage.turnAfter(() -> observed.saw(looks.leader(TERM)));

            assertEquals(2, log.lines("a listener failed at").size());
            assertEquals(2, log.lines("election 'orders'").size());
        }
        assertEquals(List.of("unknown", "unknown", LED, LED), told);
    }

    @Test
    void listenerAddedByAListener_isToldThePresentStateOnce() {
        AtomicBoolean added = new AtomicBoolean();
        spectator.onChange(state -> {
            if (added.compareAndSet(false, true)) {
                spectator.onChange(stage::note);
            }
        });

        dispatch.turn();

        assertEquals(List.of("unknown"), told);
    }

    @Test
    void nobodyToBeTold_isRefused() {
        @Nullable Consumer<ElectionState> noListener = null;
        Flow.@Nullable Subscriber<ElectionState> noSubscriber = null;

        assertThrows(NullPointerException.class, () -> listenWith(noListener));
        assertThrows(NullPointerException.class, () -> subscribeWith(noSubscriber));
    }

    @SuppressWarnings("NullAway") // What a caller without such a check may do.
    private void listenWith(@Nullable Consumer<ElectionState> listener) {
        spectator.onChange(listener);
    }

    @SuppressWarnings("NullAway") // What a caller without such a check may do.
    private void subscribeWith(Flow.@Nullable Subscriber<ElectionState> subscriber) {
        spectator.subscribe(subscriber);
    }

    // The moment in which a look is under way

    @Test
    void leaseOver_andNoAnswer_isToldAsUnknown_afterTheGraceAndNotBefore() {
        observed.saw(looks.leader(TERM));
        spectator.onChange(stage::note);
        dispatch.turn();

        stage.elapse(LEASE.plus(GRACE).minus(NANO));
        assertEquals("unknown", spectator.state().toString());
        assertEquals(List.of(LED), told);

        stage.elapse(NANO);
        assertEquals(List.of(LED, "unknown"), told);
    }

    @Test
    void leaseOver_andNobodySeenWithinTheGrace_isToldAsNobody_neverAsUnknown() {
        observed.saw(looks.leader(TERM));
        spectator.onChange(stage::note);
        dispatch.turn();

        stage.elapse(LEASE.plus(GRACE).minus(NANO));
        stage.turnAfter(() -> observed.saw(looks.vacant()));
        stage.elapse(GRACE);

        assertEquals(List.of(LED, NOBODY), told);
    }

    @Test
    void leaseOver_andRenewedWithinTheGrace_isNotToldAtAll() {
        observed.saw(looks.leader(TERM));
        spectator.onChange(stage::note);
        dispatch.turn();

        stage.elapse(LEASE.plus(GRACE).minus(NANO));
        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));
        stage.elapse(GRACE);

        assertEquals(List.of(LED), told);
    }

    @Test
    void sameLeaderSeenAgain_afterItWasToldAsUnknown_isTold() {
        observed.saw(looks.leader(TERM));
        spectator.onChange(stage::note);
        dispatch.turn();
        stage.elapse(LEASE.plus(GRACE));

        stage.turnAfter(() -> observed.saw(looks.leader(TERM)));

        assertEquals(List.of(LED, "unknown", LED), told);
    }
}
