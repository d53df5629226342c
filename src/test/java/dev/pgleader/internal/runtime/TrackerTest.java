package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static dev.pgleader.internal.runtime.Tracking.GUARANTEE;
import static dev.pgleader.internal.runtime.Tracking.NANO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.FollowerReason;
import dev.pgleader.LossReason;
import dev.pgleader.Ticket;
import dev.pgleader.testing.Tickets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every ticket is answered once, by the leadership that it is on, whatever happens while it is being asked for. */
@Timeout(60)
class TrackerTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Tracking tracking = new Tracking();
    private final Leaderships leaderships = tracking.leaderships;
    private final Tracker tracker = tracking.tracker;

    // Waiting for the start

    @Test
    void following_waitForTheStart_isOpen_andAllAreAnsweredWhenItLeads() throws Exception {
        Ticket<Boolean> first = tracker.waitLeader();
        Ticket<Boolean> second = tracker.waitLeader();
        assertFalse(Tickets.isAnswered(first));

        tracking.elected();

        assertTrue(first.await());
        assertTrue(second.await());
    }

    @Test
    void ledAndLost_waitForTheStart_isForTheNextOne() throws Exception {
        Tenancy past = tracking.elected();
        past.cancel(LossReason.RESIGNED);
        Ticket<Boolean> start = tracker.waitLeader();
        assertFalse(Tickets.isAnswered(start));

        tracking.elected();

        assertTrue(start.await());
    }

    @Test
    void recoveringStill_countsAsLeading() throws Exception {
        tracking.elected();

        assertTrue(tracker.waitLeader().await());
        assertTrue(tracker.claimLeader().await());
        assertFalse(Tickets.isAnswered(tracker.waitFollower()));
    }

    // Waiting for the end

    @Test
    void following_waitForTheEnd_isOverAtOnce() throws Exception {
        assertEquals(FollowerReason.NOT_LEADING, tracker.waitFollower().await());
        tracking.elected().cancel(LossReason.FAILED);

        assertEquals(FollowerReason.NOT_LEADING, tracker.waitFollower().await());
    }

    @ParameterizedTest
    @EnumSource
    void lost_forWhateverReason_waitForTheEndIsOver(LossReason reason) throws Exception {
        Tenancy mine = tracking.elected();
        Ticket<FollowerReason> end = tracker.waitFollower();
        assertFalse(Tickets.isAnswered(end));

        mine.cancel(reason);

        assertEquals(FollowerReason.LOST, end.await());
    }

    @Test
    void noMoreThanTheGuaranteeIsLeft_waitForTheEndIsOver_thenAndNotBefore() throws Exception {
        Tenancy mine = tracking.elected();
        Ticket<FollowerReason> end = tracker.waitFollower();
        tracking.elapse(TRUST.minus(GUARANTEE).minus(NANO));
        mine.attend(leaderships.ticker.read());
        assertFalse(Tickets.isAnswered(end));

        tracking.elapse(NANO);
        mine.attend(leaderships.ticker.read());

        assertEquals(FollowerReason.UNCERTAIN, end.await());
        assertEquals(FollowerReason.UNCERTAIN, tracker.waitFollower().await(), "nor is it certain for who comes now");
    }

    @Test
    void uncertainAndThenSaved_answerStands_andTheNextWaitIsOpen_untilItFallsAgain() throws Exception {
        Tenancy mine = tracking.elected();
        Ticket<FollowerReason> before = tracker.waitFollower();
        tracking.elapse(TRUST.minus(GUARANTEE));
        mine.attend(leaderships.ticker.read());
        tracking.beatIsAnswered(mine);
        Ticket<FollowerReason> next = tracker.waitFollower();
        assertEquals(FollowerReason.UNCERTAIN, before.await());
        assertFalse(Tickets.isAnswered(next));

        tracking.elapse(TRUST.minus(GUARANTEE));
        mine.attend(leaderships.ticker.read());

        assertEquals(FollowerReason.UNCERTAIN, next.await());
    }

    // Claims

    @Test
    void heartbeatThatIsNotAnswered_leavesTheClaimOpen_untilTheLeadershipIsOver() throws Exception {
        Tenancy mine = tracking.elected();
        tracking.beatsAreHeldBack();
        tracking.elapse(TRUST.minus(GUARANTEE));
        Ticket<Boolean> claim = tracker.claimLeader();
        tracking.elapse(GUARANTEE.minus(NANO));
        mine.attend(leaderships.ticker.read());
        assertFalse(Tickets.isAnswered(claim));

        tracking.elapse(NANO);
        mine.attend(leaderships.ticker.read());

        assertFalse(claim.await());
        tracking.beatIsAnswered(mine);
        tracking.beatsHeldBackEnd();
        assertFalse(claim.await(), "answered twice");
    }

    @Test
    void severalClaims_areAllAnsweredByTheirHeartbeats() throws Exception {
        Tenancy mine = tracking.elected();
        tracking.beatsAreHeldBack();
        tracking.elapse(TRUST.minus(GUARANTEE));
        Ticket<Boolean> first = tracker.claimLeader();
        Ticket<Boolean> second = tracker.claimLeader();

        tracking.beatIsAnswered(mine);
        tracking.beatsHeldBackEnd();

        assertTrue(first.await());
        assertTrue(second.await());
    }

    // The end of the tracker

    @Test
    void closed_whateverIsOpen_isAnswered() throws Exception {
        Ticket<Boolean> start = tracker.waitLeader();
        tracker.close();

        assertFalse(start.await());
        assertFalse(tracker.waitLeader().await());
        assertFalse(tracker.claimLeader().await());
        assertEquals(FollowerReason.CLOSED, tracker.waitFollower().await());
        assertEquals(1, tracking.dismissals());
    }

    @Test
    void closedWhileItLeads_whateverIsOpen_isAnswered_andTheLeadershipGoesOn() throws Exception {
        Tenancy mine = tracking.elected();
        tracking.beatsAreHeldBack();
        Ticket<FollowerReason> end = tracker.waitFollower();
        tracking.elapse(TRUST.minus(GUARANTEE));
        Ticket<Boolean> claim = tracker.claimLeader();

        tracker.close();
        tracker.close();

        assertEquals(FollowerReason.CLOSED, end.await());
        assertFalse(claim.await());
        assertTrue(mine.isHeld());
        tracking.beatIsAnswered(mine);
        tracking.beatsHeldBackEnd();
        assertFalse(tracker.waitLeader().await());
        assertFalse(tracker.claimLeader().await());
        assertEquals(FollowerReason.CLOSED, tracker.waitFollower().await());
        assertEquals(FollowerReason.CLOSED, end.await());
    }

    @Test
    void closed_watchdogHasNothingToDoForIt() {
        Tenancy mine = tracking.elected();
        assertEquals(TRUST.minus(GUARANTEE).toNanos(), mine.attend(leaderships.ticker.read()));

        tracker.close();

        assertEquals(TRUST.toNanos(), mine.attend(leaderships.ticker.read()));
    }

    @Test
    void toldTwiceOfTheSameLeadership_closed_watchdogHasNothingToDoForIt() {
        Tenancy mine = tracking.elected();

        tracker.gained(mine);
        tracker.close();

        assertEquals(TRUST.toNanos(), mine.attend(leaderships.ticker.read()));
    }

    @Test
    void tracker_saysWhatItIs() {
        assertEquals("tracker of 'orders', not leading", tracker.toString());
        tracking.elected();
        assertEquals("tracker of 'orders', leading", tracker.toString());
        tracker.close();
        assertEquals("tracker of 'orders', not leading", tracker.toString());
    }

    // What happens while a ticket is being asked for

    @Test
    void electedBetweenAskingAndLooking_waitForTheStart_isAnswered() throws Exception {
        tracking.whileItLooks(tracking::elected);
        assertTrue(tracker.waitLeader().await(LONG));
    }

    /* The news has not come through yet: whoever looks finds it himself. */
    @Test
    void electedAndNotToldYet_waitForTheStart_isAnswered() throws Exception {
        tracking.electedUntold();

        assertTrue(tracker.waitLeader().await(LONG));
    }

    @Test
    void closedBetweenAskingAndLooking_everyTicketIsAnswered() throws Exception {
        tracking.whileItLooks(tracker::close);
        assertFalse(tracker.waitLeader().await(LONG));

        for (boolean leads : List.of(false, true)) {
            Tracking waiting = new Tracking();
            Tracking claiming = new Tracking();
            if (leads) {
                waiting.elected();
                claiming.elected();
            }
            waiting.whileItLooks(waiting.tracker::close);
            claiming.whileItLooks(claiming.tracker::close);

            assertEquals(FollowerReason.CLOSED, waiting.tracker.waitFollower().await(LONG));
            assertFalse(claiming.tracker.claimLeader().await(LONG));
        }
    }

    @Test
    void lostWhileAHeartbeatIsOrdered_thatNobodySends_claimIsDenied() throws Exception {
        Tenancy mine = tracking.elected();
        tracking.beatsAreHeldBack();
        tracking.elapse(TRUST.minus(GUARANTEE));
        leaderships.heartbeat = () -> mine.cancel(LossReason.SESSION_LOST);

        assertFalse(tracker.claimLeader().await(LONG));
    }

    @Test
    void closedWhileAHeartbeatIsOrdered_thatNobodySends_claimIsDenied() throws Exception {
        tracking.elected();
        tracking.beatsAreHeldBack();
        tracking.elapse(TRUST.minus(GUARANTEE));
        leaderships.heartbeat = tracker::close;

        assertFalse(tracker.claimLeader().await(LONG));
    }

    @Test
    void olderLeadershipEndsLate_newerOnesTickets_areOpen() throws Exception {
        Tenancy older = tracking.elected();
        Ticket<FollowerReason> endOfTheOlder = tracker.waitFollower();
        tracking.elapse(TRUST.minus(NANO));
        Tenancy newer = tracking.elected();
        Ticket<FollowerReason> endOfTheNewer = tracker.waitFollower();
        tracking.elapse(NANO);

        older.attend(leaderships.ticker.read());

        assertEquals(FollowerReason.LOST, endOfTheOlder.await());
        assertFalse(Tickets.isAnswered(endOfTheNewer));
        newer.cancel(LossReason.DEPOSED);
        assertEquals(FollowerReason.LOST, endOfTheNewer.await());
    }

    @Test
    void olderLeadershipEndsLate_claimOnTheNewerOne_isOpen() throws Exception {
        Tenancy older = tracking.elected();
        tracking.elapse(TRUST.minus(NANO));
        Tenancy newer = tracking.elected();
        tracking.beatsAreHeldBack();
        tracking.elapse(TRUST.minus(GUARANTEE));
        Ticket<Boolean> claim = tracker.claimLeader();

        older.attend(leaderships.ticker.read());

        assertFalse(Tickets.isAnswered(claim));
        tracking.beatIsAnswered(newer);
        tracking.beatsHeldBackEnd();
        assertTrue(claim.await());
    }

    @Test
    void claimOnALeadershipThatEnds_isDenied_thoughTheNextOneIsCertain() throws Exception {
        Tenancy older = tracking.elected();
        tracking.beatsAreHeldBack();
        tracking.elapse(TRUST.minus(GUARANTEE));
        Ticket<Boolean> claim = tracker.claimLeader();

        older.cancel(LossReason.SESSION_LOST);
        tracking.elected();
        tracking.beatsHeldBackEnd();

        assertFalse(claim.await());
        assertTrue(tracker.claimLeader().await());
    }

    // Clocks

    /* The clocks that are cheap to read do not show it, so a claim is as good as any other question that costs nothing. */
    @Test
    void suspensionThatOnlyTheUptimeShows_isSeenByWhoeverWaitsForTheEnd_andByTheWatchdogForTheOthers()
            throws Exception {
        Tenancy mine = tracking.elected();
        Ticket<FollowerReason> before = tracker.waitFollower();
        leaderships.ticker.suspended(TRUST.minus(GUARANTEE));
        leaderships.ticker.stepWall(TRUST.minus(GUARANTEE).negated());
        assertTrue(tracker.claimLeader().await());
        assertFalse(Tickets.isAnswered(before));

        assertEquals(FollowerReason.UNCERTAIN, tracker.waitFollower().await());
        mine.attend(leaderships.ticker.read());

        assertEquals(FollowerReason.UNCERTAIN, before.await());
    }

    @Test
    void suspensionThatOnlyTheUptimeShows_longerThanTheTrust_isALoss() throws Exception {
        tracking.elected();
        leaderships.ticker.suspended(TRUST);
        leaderships.ticker.stepWall(TRUST.negated());

        assertEquals(FollowerReason.LOST, tracker.waitFollower().await());
        assertFalse(tracker.claimLeader().await());
    }

    // At every moment

    /* Whoever asks reads a clock at every step, and each of these steps is once the one at which it happens. */
    @ParameterizedTest
    @EnumSource
    void changeAtAnyStepOfAsking_ticketIsAnswered(Change change) throws Exception {
        int step = 1;
        while (isAnsweredAfter(change, step)) {
            step++;
        }
        assertTrue(step > 2, () -> change + " never came in between");
    }

    /** What may happen while a ticket is being asked for. */
    private enum Change {
        LOST_WHILE_CLAIMING,
        CLOSED_WHILE_CLAIMING,
        LOST_WHILE_WAITING_FOR_THE_END,
        CLOSED_WHILE_WAITING_FOR_THE_END;

        void happen(Tracking tracking) {
            if (name().startsWith("LOST")) {
                tracking.lost();
            } else {
                tracking.tracker.close();
            }
        }

        boolean isOnAClaim() {
            return name().endsWith("CLAIMING");
        }

        Ticket<?> ask(Tracker tracker) {
            return isOnAClaim() ? tracker.claimLeader() : tracker.waitFollower();
        }
    }

    /** Returns whether there was such a step; whoever asks must have an answer then. */
    private static boolean isAnsweredAfter(Change change, int step) throws InterruptedException {
        Tracking each = new Tracking();
        each.elected();
        each.beatsAreHeldBack();
        if (change.isOnAClaim()) {
            each.elapse(TRUST.minus(GUARANTEE));
        }
        AtomicInteger steps = new AtomicInteger();
        each.leaderships.whileAClockIsRead = () -> {
            if (steps.incrementAndGet() == step) {
                change.happen(each);
            }
        };

        Ticket<?> ticket = change.ask(each.tracker);

        boolean cameInBetween = steps.get() >= step;
        assertTrue(!cameInBetween || Tickets.isAnswered(ticket), () -> change + " at step " + step);
        return cameInBetween;
    }

    // All at once

    @Test
    void whateverHappensAtTheSameTime_noTicketIsForgotten() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            Tracking each = new Tracking();
            int kind = round % 4;
            if (kind != 0) {
                each.elected();
            }
            if (kind == 1) {
                each.beatsAreHeldBack();
                each.elapse(TRUST.minus(GUARANTEE));
            }
            CyclicBarrier together = new CyclicBarrier(3);
            FutureTask<Ticket<?>> asking = inParallel(together, () -> ticket(each.tracker, kind));
            FutureTask<?> news = inParallel(together, () -> kind == 0 ? each.elected() : each.lost());
            FutureTask<?> closing = inParallel(together, () -> {
                each.tracker.close();
                return true;
            });
            news.get(LONG.toSeconds(), TimeUnit.SECONDS);
            closing.get(LONG.toSeconds(), TimeUnit.SECONDS);

            assertNotNull(asking.get(LONG.toSeconds(), TimeUnit.SECONDS).await(LONG));
        }
    }

    private static Ticket<?> ticket(Tracker tracker, int kind) {
        return switch (kind) {
            case 0 -> tracker.waitLeader();
            case 1 -> tracker.claimLeader();
            default -> tracker.waitFollower();
        };
    }

    private static <T> FutureTask<T> inParallel(CyclicBarrier together, Callable<T> task) {
        FutureTask<T> running = new FutureTask<>(() -> {
            together.await();
            return task.call();
        });
        new Thread(running, "racing").start();
        return running;
    }
}
