package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.GRACE;
import static dev.pgleader.internal.runtime.Looks.LEASE;
import static dev.pgleader.internal.runtime.Looks.NANO;
import static dev.pgleader.internal.runtime.Looks.PATIENCE;
import static dev.pgleader.internal.runtime.Looks.TERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionState.State;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is told to those who watch comes one after the other, in order, and by nobody else than whoever turns this. */
class DispatchTest {

    private final Looks looks = new Looks();
    private final ObservedElection observed = looks.observed();
    private final AtomicInteger wakes = new AtomicInteger();
    private final Dispatch dispatch = new Dispatch(looks.ticker, wakes::incrementAndGet);
    private final List<String> told = new ArrayList<>();

    // After the end

    @Test
    void afterTheEnd_tasksAreDoneByTheirCallers_oneAtATime_andNoneIsForgotten() throws Exception {
        dispatch.end();
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        Thread first = new Thread(() -> dispatch.execute(() -> {
            order.add("first begins");
            atWork.countDown();
            awaitQuietly(mayReturn);
            order.add("first ends");
        }));
        first.start();
        assertTrue(atWork.await(10, TimeUnit.SECONDS));

        dispatch.execute(() -> order.add("second"));

        assertEquals(List.of("first begins"), order, "two at a time");
        mayReturn.countDown();
        first.join();
        assertEquals(List.of("first begins", "first ends", "second"), order);
        dispatch.execute(() -> order.add("third"));
        assertEquals(List.of("first begins", "first ends", "second", "third"), order);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // In order

    @Test
    void tasks_areDoneByTheNextTurn_inTheirOrder_andNotBefore() {
        dispatch.execute(() -> told.add("first"));
        dispatch.execute(() -> told.add("second"));
        assertEquals(List.of(), told);
        assertEquals(2, wakes.get());

        dispatch.turn();

        assertEquals(List.of("first", "second"), told);
        dispatch.turn();
        assertEquals(List.of("first", "second"), told);
    }

    @Test
    void taskThatOrdersAnother_isFinishedBefore_andTheOtherFollowsThoseThatWaited() {
        dispatch.execute(() -> {
            dispatch.execute(() -> told.add("ordered"));
            told.add("first");
        });
        dispatch.execute(() -> told.add("second"));

        dispatch.turn();

        assertEquals(List.of("first", "second", "ordered"), told);
    }

    @Test
    void listenerThatCausesAChangeEachTime_doesNotKeepTheThread_norAnybodyFromEndingIt() {
        int tooMany = 100 * Dispatch.MOST_AT_ONCE;
        Spectator spectator = Spectator.admit(observed, dispatch, () -> {});
        spectator.onChange(state -> {
            told.add(state.toString());
            if (told.size() < tooMany) {
                observed.saw(looks.leader(TERM + told.size()));
            }
        });

        assertEquals(now(), dispatch.turn(), "there is more to tell");
        dispatch.end();

        assertTrue(told.size() < tooMany);
    }

    @Test
    void taskThatThrows_isLogged_andKeepsNoOtherBack() {
        dispatch.execute(() -> {
            throw new IllegalStateException("planted");
        });
        dispatch.execute(() -> {
            throw new AssertionError("planted");
        });
        dispatch.execute(() -> told.add("third"));

        try (CapturedLog log = new CapturedLog()) {
            dispatch.turn();

            assertEquals(2, log.lines("something could not be told").size());
        }
        assertEquals(List.of("third"), told);
    }

    // The passing of time

    @Test
    void nothingToExpect_turnsAgainAfterANap() {
        assertEquals(now().plus(Dispatch.LONGEST_NAP), dispatch.turn());

        Spectator.admit(observed, dispatch, () -> {});
        looks.elapse(Dispatch.LONGEST_NAP);

        assertEquals(now().plus(Dispatch.LONGEST_NAP), dispatch.turn());
    }

    @Test
    void wokenInBetween_turnsAgainWhenItWasToBefore() {
        Reading due = dispatch.turn();
        looks.elapse(Dispatch.LONGEST_NAP.minus(NANO));

        dispatch.execute(() -> told.add("woken"));

        assertEquals(due, dispatch.turn());
        assertEquals(List.of("woken"), told);
    }

    @Test
    void leaseRunsOut_isToldAtThatMoment_thoughNobodyStirs() {
        Spectator spectator = Spectator.admit(observed, dispatch, () -> {});
        Reading start = now();
        spectator.onChange(state -> told.add(state.state() + " after " + now().since(start)));
        observed.saw(looks.leader(TERM));
        Reading due = dispatch.turn();
        told.clear();

        for (int turns = 0; turns < 10; turns++) {
            looks.elapse(due.since(now()));
            due = dispatch.turn();
        }

        assertEquals(List.of(State.UNKNOWN + " after " + LEASE.plus(GRACE)), told);
    }

    @Test
    void leaseShorterThanANap_runsOut_isToldAtThatMomentAsWell() {
        Duration brief = Duration.ofMillis(100);
        Spectator.admit(observed, dispatch, () -> {});
        dispatch.turn();

        observed.saw(looks.leader(TERM, Phase.LEADING, brief, Duration.ZERO));

        assertEquals(now().plus(brief).plus(GRACE), dispatch.turn());
    }

    @Test
    void severalElections_turnsAgainForTheFirstOfThem() {
        ObservedElection other = looks.observed("billing", ObservedElection.Self.NOBODY);
        Spectator.admit(observed, dispatch, () -> {});
        Spectator.admit(other, dispatch, () -> {});
        observed.saw(looks.leader(TERM));
        other.saw(looks.vacant());
        looks.elapse(LEASE.plus(GRACE).minus(NANO));

        assertEquals(now().plus(NANO), dispatch.turn());

        looks.elapse(PATIENCE.minus(LEASE));
        assertEquals(now().plus(NANO), dispatch.turn());
    }

    @Test
    void whoeverHasLeft_isVisitedNoMore() {
        Spectator spectator = Spectator.admit(observed, dispatch, () -> {});
        observed.saw(looks.leader(TERM));
        dispatch.turn();
        looks.elapse(LEASE);

        spectator.close();

        assertEquals(now().plus(Dispatch.LONGEST_NAP), dispatch.turn());
    }

    // The end

    @Test
    void ended_whatWaited_isTold_andEverybodyIsClosed() {
        Spectator spectator = Spectator.admit(observed, dispatch, () -> told.add("closed"));
        dispatch.execute(() -> told.add("waited"));

        dispatch.end();

        assertEquals(List.of("waited", "closed"), told);
        observed.saw(looks.leader(TERM));
        assertEquals(State.UNKNOWN, spectator.state().state());
    }

    @Test
    void ended_whoeverHasSomethingToTell_doesItHimself_atOnce() {
        dispatch.end();

        dispatch.execute(() -> told.add(Thread.currentThread().getName()));

        assertEquals(List.of(Thread.currentThread().getName()), told);
    }

    @Test
    void ended_whoeverComes_isClosedAtOnce() {
        dispatch.end();

        Spectator latecomer = Spectator.admit(observed, dispatch, () -> told.add("closed"));

        assertEquals(List.of("closed"), told);
        observed.saw(looks.leader(TERM));
        assertEquals(State.UNKNOWN, latecomer.state().state());
    }

    /* Who has been visited already does not show, so there are enough of them for some to come in behind. */
    @Test
    void whoeverComes_whileTheOthersAreBeingClosed_isClosedAsWell() {
        AtomicInteger open = new AtomicInteger();
        for (int first = 0; first < 20; first++) {
            Spectator.admit(observed, dispatch, () -> {
                for (int each = 0; each < 20; each++) {
                    open.incrementAndGet();
                    Spectator.admit(observed, dispatch, open::decrementAndGet);
                }
            });
        }

        dispatch.end();

        assertEquals(0, open.get());
    }

    private Reading now() {
        return looks.ticker.read();
    }
}
