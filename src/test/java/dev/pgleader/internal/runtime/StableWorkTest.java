package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static dev.pgleader.internal.runtime.Tracking.GUARANTEE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.LeadershipChangedException;
import dev.pgleader.LossReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work that is done under one leadership, or under none, is interrupted when that changes, and not a moment later. */
class StableWorkTest {

    private final Tracking tracking = new Tracking();
    private final Tracker tracker = tracking.tracker;
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void noInterruptIsLeft() {
        assertFalse(Thread.interrupted());
    }

    @Test
    void nothingChanges_resultIsReturned() {
        assertEquals("leads: false", tracker.withStableLeadership(leads -> "leads: " + leads));
        tracking.elected();
        assertEquals("leads: true", tracker.withStableLeadership(leads -> "leads: " + leads));
    }

    @Test
    void elected_workThatFollows_isInterrupted() {
        LeadershipChangedException change = assertThrows(
                LeadershipChangedException.class,
                () -> tracker.withStableLeadership(leads -> {
                    tracking.elected();
                    new CountDownLatch(1).await();
                    return leads;
                }));

        assertTrue(String.valueOf(change.getMessage()).contains("this process has begun to lead"), change::getMessage);
        assertInstanceOf(InterruptedException.class, change.getCause());
    }

    @Test
    void lostOrUncertain_workThatLeads_isInterrupted_whetherItMindsOrNot() {
        Tenancy lost = tracking.elected();
        LeadershipChangedException loss = changed(() -> lost.cancel(LossReason.DEPOSED));
        Tenancy uncertain = tracking.elected();
        LeadershipChangedException doubt = changed(() -> {
            tracking.elapse(TRUST.minus(GUARANTEE));
            uncertain.attend(tracking.leaderships.ticker.read());
        });

        for (LeadershipChangedException change : List.of(loss, doubt)) {
            assertTrue(
                    String.valueOf(change.getMessage())
                            .contains("it is no longer certain that this process leads for another " + GUARANTEE),
                    change::getMessage);
        }
        assertTrue(uncertain.isHeld());
    }

    @Test
    void trackerIsClosed_workIsInterrupted_andToldSo_andNoOtherBegins() {
        LeadershipChangedException change = changed(tracker::close);

        assertTrue(String.valueOf(change.getMessage()).contains("the tracker was closed"), change::getMessage);
        assertThrows(IllegalStateException.class, () -> tracker.withStableLeadership(leads -> told.add("begun")));
        assertEquals(List.of(), told);
    }

    /** Does work that goes on to its end whatever happens meanwhile. */
    private LeadershipChangedException changed(Runnable meanwhile) {
        return assertThrows(
                LeadershipChangedException.class,
                () -> tracker.withStableLeadership(leads -> {
                    meanwhile.run();
                    assertTrue(Thread.currentThread().isInterrupted());
                    return leads;
                }));
    }

    @Test
    void workThatFails_beforeAnythingHasChanged_failsAsItIs() {
        IOException failure = new IOException("planted");

        assertSame(
                failure,
                assertThrows(
                        IOException.class,
                        () -> tracker.withStableLeadership(leads -> {
                            throw failure;
                        })));
    }

    @Test
    void workThatFails_afterAChange_isTheCauseOfWhatIsThrown() {
        IOException failure = new IOException("planted");

        LeadershipChangedException change = assertThrows(
                LeadershipChangedException.class,
                () -> tracker.withStableLeadership(leads -> {
                    tracking.elected();
                    throw failure;
                }));

        assertSame(failure, change.getCause());
    }

    @Test
    void changeAfterTheWork_interruptsNobody() {
        tracker.withStableLeadership(leads -> told.add("followed"));
        tracking.elected();
        tracker.withStableLeadership(leads -> told.add("led"));
        tracking.lost();
        tracker.close();

        assertEquals(List.of("followed", "led"), told);
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void uncertainFromTheStart_workIsInterruptedAtOnce() {
        tracking.elected();
        tracking.elapse(TRUST.minus(GUARANTEE));

        changed(() -> told.add("begun"));

        assertEquals(List.of("begun"), told);
    }
}
