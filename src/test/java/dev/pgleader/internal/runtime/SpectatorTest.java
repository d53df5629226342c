package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.GRACE;
import static dev.pgleader.internal.runtime.Looks.LEASE;
import static dev.pgleader.internal.runtime.Looks.NANO;
import static dev.pgleader.internal.runtime.Looks.TERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionState;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an observer tells its user, in which order, and that it tells nothing after it was closed. */
@Timeout(60)
class SpectatorTest {

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String NOBODY = "follower, nobody leads";
    private static final String RECOVERING = "follower of there (recovering, term " + TERM + ")";
    private static final String LED = "follower of there (leading, term " + TERM + ")";
    private static final String LED_AGAIN = "follower of there (leading, term " + (TERM + 1) + ")";

    private final Looks looks = new Looks();
    private final ObservedElection observed = looks.observed();
    private final Dispatch dispatch = new Dispatch(looks.ticker, () -> {});
    private final List<String> told = new ArrayList<>();
    private final Spectator spectator = Spectator.admit(observed, dispatch, () -> told.add("whenClosed"));

    // Listeners

    @Test
    void listener_isToldThePresentState_andThenEveryChange_inOrder() {
        spectator.onChange(this::note);
        dispatch.turn();

        turnAfter(() -> observed.saw(looks.vacant()));
        turnAfter(() -> observed.saw(looks.leader(TERM, Phase.RECOVERING, LEASE, AT_ONCE)));
        turnAfter(() -> observed.saw(looks.leader(TERM)));
        turnAfter(() -> observed.saw(looks.leader(TERM)));
        turnAfter(() -> observed.saw(looks.leader(TERM + 1)));
        turnAfter(() -> observed.saw(looks.vacant()));

        assertEquals(List.of("unknown", NOBODY, RECOVERING, LED, LED_AGAIN, NOBODY), told);
    }

    @Test
    void whatIsKnownWhenAnObserverIsMade_isToldAsTheFirstChange() {
        observed.saw(looks.leader(TERM));
        dispatch.turn();

        Spectator late = Spectator.admit(observed, dispatch, () -> {});
        late.onChange(this::note);
        dispatch.turn();

        assertEquals(List.of(LED), told);
    }

    @Test
    void listenerThatComesLater_isToldThePresentState_andTheOthersAreNotToldAgain() {
        List<String> toldLater = new ArrayList<>();
        spectator.onChange(this::note);
        turnAfter(() -> observed.saw(looks.leader(TERM)));

        spectator.onChange(state -> toldLater.add(state.toString()));
        dispatch.turn();

        assertEquals(List.of(LED), toldLater);
        assertEquals(List.of("unknown", LED), distinct(told));
        assertEquals(2, told.size(), told::toString);
    }

    @Test
    void changesThatNobodyHadTimeFor_areTakenTogether_andTheLatestIsTold() {
        spectator.onChange(this::note);
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
            note(state);
            throw new AssertionError("planted");
        });
        spectator.onChange(this::note);

        try (CapturedLog log = new CapturedLog()) {
            dispatch.turn();
            turnAfter(() -> observed.saw(looks.leader(TERM)));

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
                spectator.onChange(this::note);
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
        spectator.onChange(this::note);
        dispatch.turn();

        elapse(LEASE.plus(GRACE).minus(NANO));
        assertEquals("unknown", spectator.state().toString());
        assertEquals(List.of(LED), told);

        elapse(NANO);
        assertEquals(List.of(LED, "unknown"), told);
    }

    @Test
    void leaseOver_andNobodySeenWithinTheGrace_isToldAsNobody_neverAsUnknown() {
        observed.saw(looks.leader(TERM));
        spectator.onChange(this::note);
        dispatch.turn();

        elapse(LEASE.plus(GRACE).minus(NANO));
        turnAfter(() -> observed.saw(looks.vacant()));
        elapse(GRACE);

        assertEquals(List.of(LED, NOBODY), told);
    }

    @Test
    void leaseOver_andRenewedWithinTheGrace_isNotToldAtAll() {
        observed.saw(looks.leader(TERM));
        spectator.onChange(this::note);
        dispatch.turn();

        elapse(LEASE.plus(GRACE).minus(NANO));
        turnAfter(() -> observed.saw(looks.leader(TERM)));
        elapse(GRACE);

        assertEquals(List.of(LED), told);
    }

    @Test
    void sameLeaderSeenAgain_afterItWasToldAsUnknown_isTold() {
        observed.saw(looks.leader(TERM));
        spectator.onChange(this::note);
        dispatch.turn();
        elapse(LEASE.plus(GRACE));

        turnAfter(() -> observed.saw(looks.leader(TERM)));

        assertEquals(List.of(LED, "unknown", LED), told);
    }

    // Waiting for a change

    @Test
    void changes_letAWaitGoOnce_howeverManyTheyWere() throws Exception {
        assertFalse(spectator.awaitChange(AT_ONCE));

        turnAfter(() -> observed.saw(looks.vacant()));
        turnAfter(() -> observed.saw(looks.leader(TERM)));
        assertTrue(spectator.awaitChange(LONG));
        assertFalse(spectator.awaitChange(AT_ONCE));

        turnAfter(() -> observed.saw(looks.leader(TERM)));
        assertFalse(spectator.awaitChange(AT_ONCE), "a renewed lease is no change");
        turnAfter(() -> observed.saw(looks.vacant()));
        assertTrue(spectator.awaitChange(Duration.ofSeconds(-1)));
    }

    private static void awaitWaiting(Thread thread) {
        Waiting.until(LONG, () -> thread.getState() == Thread.State.TIMED_WAITING, () -> thread + " does not wait");
    }

    @Test
    void whoeverWaits_isLetGoByTheChange_andByClosing() throws Exception {
        FutureTask<List<Boolean>> waiting =
                new FutureTask<>(() -> List.of(spectator.awaitChange(LONG), spectator.awaitChange(LONG)));
        Thread thread = new Thread(waiting, "waiting");
        thread.start();

        turnAfter(() -> observed.saw(looks.vacant()));
        awaitWaiting(thread);
        spectator.close();

        assertEquals(List.of(true, false), waiting.get(LONG.toSeconds(), TimeUnit.SECONDS));
        assertFalse(spectator.awaitChange(LONG));
        assertFalse(spectator.awaitChange(LONG));
    }

    /* Whoever waits gives up at every moment there is, also at the one in which the change comes. */
    @Test
    void changeThatComes_justAsAWaitIsGivenUp_isNotLost() throws Exception {
        int rounds = 20_000;
        Semaphore noticed = new Semaphore(0);
        Thread waiting = new Thread(
                () -> {
                    for (int seen = 0; seen < rounds; ) {
                        if (changed()) {
                            seen++;
                            noticed.release();
                        }
                    }
                },
                "waiting");
        waiting.start();

        for (int round = 0; round < rounds; round++) {
            long term = TERM + round;
            turnAfter(() -> observed.saw(looks.leader(term)));
            assertTrue(noticed.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS), "the change was lost");
        }
        waiting.join();
    }

    private boolean changed() {
        try {
            return spectator.awaitChange(AT_ONCE);
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    // The end

    @Test
    void closed_knowsNothing_andTellsNothing() {
        spectator.onChange(this::note);
        turnAfter(() -> observed.saw(looks.leader(TERM)));
        told.clear();

        spectator.close();
        spectator.onChange(this::note);
        turnAfter(() -> observed.saw(looks.vacant()));
        elapse(LEASE.multipliedBy(3));

        assertEquals(List.of("whenClosed"), told);
        assertEquals("unknown", spectator.state().toString());
        assertEquals("observer of 'orders': unknown", spectator.toString());
    }

    @Test
    void closed_whatWasFoundAndWasNotToldYet_isNotToldAnyMore() {
        spectator.onChange(this::note);
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
            note(state);
            if (state.leader().isPresent()) {
                spectator.close();
            }
        });
        spectator.onChange(this::note);
        spectator.subscribe(subscriber);
        dispatch.turn();

        turnAfter(() -> observed.saw(looks.leader(TERM)));

        assertEquals(List.of("unknown", "unknown", LED, "whenClosed"), told);
        assertEquals(List.of("unknown", "complete"), subscriber.told);
    }

    @Test
    void closed_theOthersOfTheSameElection_areToldAsBefore() {
        Spectator other = Spectator.admit(observed, dispatch, () -> {});
        other.onChange(this::note);

        spectator.close();
        turnAfter(() -> observed.saw(looks.leader(TERM)));

        assertEquals(List.of("whenClosed", "unknown", LED), told);
    }

    // Subscribers

    @Test
    void subscriber_isToldThePresentState_andThenEveryChange_andTheEnd() {
        RecordedSubscriber subscriber = new RecordedSubscriber(Long.MAX_VALUE);
        turnAfter(() -> observed.saw(looks.vacant()));

        spectator.subscribe(subscriber);
        dispatch.turn();
        turnAfter(() -> observed.saw(looks.leader(TERM)));
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
        spectator.onChange(this::note);

        try (CapturedLog log = new CapturedLog()) {
            dispatch.turn();
            turnAfter(() -> observed.saw(looks.leader(TERM)));

            assertEquals(1, log.lines("a subscriber failed").size());
        }
        assertEquals(List.of("unknown"), failing.told);
        assertEquals(List.of("unknown", LED), told);
    }

    private void note(ElectionState state) {
        told.add(state.toString());
    }

    private static List<String> distinct(List<String> all) {
        return all.stream().distinct().toList();
    }

    private void turnAfter(Runnable event) {
        event.run();
        dispatch.turn();
    }

    /** Lets time pass as the dispatching thread does: never for longer than it wants to. */
    private void elapse(Duration length) {
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
