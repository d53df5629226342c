package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.FollowerReason;
import dev.pgleader.LossReason;
import dev.pgleader.Ticket;
import dev.pgleader.internal.election.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The cases by which juju tests the tracker of a leadership, where they depend on the time: by its clock, which is virtual. */
@Timeout(30)
class TrackerCasesTest {

    private static final Duration GUARANTEE = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration NANO = Duration.ofNanos(1);

    private final Leaderships leaderships = new Leaderships();
    private final Candidature candidature = new Candidature();
    private final Tracker tracker = new Tracker(candidature, GUARANTEE, Runnable::run);

    /** A candidacy that is elected when the test says so. */
    private final class Candidature implements Tracker.Candidature {

        private @Nullable Tenancy newest;

        @Override
        public String election() {
            return "orders";
        }

        @Override
        public @Nullable Tenancy tenancy() {
            return newest;
        }

        @Override
        public void beat(Runnable then) {
            leaderships.beat(then);
        }

        @Override
        public void dismiss(Tracker gone) {}
    }

    private Tenancy elected() {
        Tenancy gained = leaderships.gained();
        candidature.newest = gained;
        tracker.gained(gained);
        return gained;
    }

    private void beatIsAnswered(Tenancy tenancy) {
        tenancy.extend(leaderships.fromNow(TRUST));
    }

    private static boolean isAnswered(Ticket<?> ticket) throws InterruptedException {
        try {
            ticket.await(Duration.ZERO);
            return true;
        } catch (TimeoutException open) {
            return false;
        }
    }

    /** juju's TestServiceName. There it is cut out of the unit's name; here the election has a name of its own. */
    @Test
    void tracker_knowsItsElection() {
        assertEquals("orders", tracker.electionName());
        assertEquals(GUARANTEE, tracker.guarantee());
    }

    /** juju's TestOnLeaderSuccess: while the last claim is fresh no other is made, however many ask. */
    @Test
    void heartbeatsInTime_claimsAreGranted_andNoneIsSentForThem() throws Exception {
        Tenancy mine = elected();

        for (int i = 0; i < 10; i++) {
            leaderships.elapse(HEARTBEAT_INTERVAL);
            Ticket<Boolean> claim = tracker.claimLeader();
            assertTrue(claim.await());
            assertTrue(claim.await());
            beatIsAnswered(mine);
        }

        assertEquals(List.of(), leaderships.told);
    }

    /** juju: at the moment at which the renewal is due the claim is renewed first. */
    @Test
    void noMoreThanTheGuaranteeIsLeft_claimIsGranted_afterAHeartbeat() throws Exception {
        Tenancy mine = elected();
        leaderships.elapse(TRUST.minus(GUARANTEE).minus(NANO));
        assertTrue(tracker.claimLeader().await());
        assertEquals(List.of(), leaderships.told);
        leaderships.heartbeat = () -> beatIsAnswered(mine);

        leaderships.elapse(NANO);
        Ticket<Boolean> claim = tracker.claimLeader();

        assertTrue(claim.await());
        assertEquals(List.of("beat"), leaderships.told);
    }

    /** juju's TestOnLeaderFailure: denied, and nobody tries to lead for it. */
    @Test
    void following_claimIsDenied_andNothingIsSent() throws Exception {
        Ticket<Boolean> claim = tracker.claimLeader();

        assertFalse(claim.await());
        assertFalse(claim.await());
        assertEquals(List.of(), leaderships.told);
    }

    /** juju's TestOnLeaderError. There it ends the tracker; here only the claim, since the next heartbeat may be answered. */
    @Test
    void heartbeatFails_claimIsDenied_andOneThatIsAnsweredMakesUpForIt() throws Exception {
        Tenancy mine = elected();
        leaderships.elapse(TRUST.minus(GUARANTEE));
        Ticket<Boolean> failed = tracker.claimLeader();

        beatIsAnswered(mine);

        assertFalse(failed.await());
        assertTrue(tracker.claimLeader().await());
        assertEquals(List.of("beat"), leaderships.told);
    }

    /** juju's TestLoseLeadership: granted, and one period later denied. */
    @Test
    void heartbeatIsRefused_claimIsDenied() throws Exception {
        Tenancy mine = elected();
        assertTrue(tracker.claimLeader().await());
        leaderships.elapse(TRUST.minus(GUARANTEE));
        leaderships.heartbeat = () -> mine.cancel(LossReason.DEPOSED);

        Ticket<Boolean> claim = tracker.claimLeader();

        assertFalse(claim.await());
        assertEquals(List.of("beat", "stopped"), leaderships.told);
        assertFalse(tracker.claimLeader().await());
        assertEquals(List.of("beat", "stopped"), leaderships.told, "whoever follows asks nobody");
    }

    /** juju's TestGainLeadership and TestWaitLeaderBecomeLeader. */
    @Test
    void elected_whoeverWaitedForIt_isToldBeforeAnyTimeHasPassed() throws Exception {
        Ticket<Boolean> start = tracker.waitLeader();
        assertFalse(tracker.claimLeader().await());
        assertFalse(isAnswered(start));

        elected();

        assertTrue(start.await(Duration.ZERO));
        assertTrue(tracker.claimLeader().await());
    }

    /** juju's TestWaitMinionNeverBecomeMinion: renewed twice, and the wait is still open. */
    @Test
    void renewedAgainAndAgain_waitForTheEnd_isOpen() throws Exception {
        Tenancy mine = elected();
        Ticket<FollowerReason> end = tracker.waitFollower();

        for (int i = 0; i < 3; i++) {
            leaderships.elapse(TRUST.minus(GUARANTEE).minus(NANO));
            mine.attend(leaderships.ticker.read());
            assertFalse(isAnswered(end));
            beatIsAnswered(mine);
        }

        assertThrows(TimeoutException.class, () -> end.await(Duration.ZERO));
    }

    /** juju: a claim that hangs leaves those in the dark who wait for the end; the lease is over before they hear of it. */
    @Test
    void heartbeatHangs_waitForTheEnd_isOverWhileTheGuaranteeIsLeft() throws Exception {
        Tenancy mine = elected();
        Ticket<FollowerReason> end = tracker.waitFollower();
        leaderships.elapse(TRUST.minus(GUARANTEE));

        mine.attend(leaderships.ticker.read());

        assertEquals(FollowerReason.UNCERTAIN, end.await());
        assertTrue(mine.isHeld());
        assertEquals(GUARANTEE, mine.remaining());
    }

    /** juju: what is kept of an answer counts from before the question. */
    @Test
    void heartbeatTakesLong_claimCountsFromBeforeItWasSent() throws Exception {
        Tenancy mine = elected();
        leaderships.elapse(TRUST.minus(GUARANTEE));
        leaderships.heartbeat = () -> {
            Deadline counted = leaderships.fromNow(TRUST);
            leaderships.elapse(GUARANTEE.minus(NANO));
            mine.extend(counted);
        };

        assertTrue(tracker.claimLeader().await());
        assertEquals(TRUST.minus(GUARANTEE).plus(NANO), mine.remaining());

        leaderships.heartbeat = () -> mine.extend(leaderships.fromNow(GUARANTEE));
        leaderships.elapse(TRUST.minus(GUARANTEE.multipliedBy(2)).plus(NANO));
        assertFalse(tracker.claimLeader().await(), "the heartbeat has not brought more than the guarantee");
    }

    /** juju: a clock that was set back made leases last longer. */
    @Test
    void wallClockIsSetBack_nothingIsCertainForLonger() throws Exception {
        Tenancy mine = elected();
        Ticket<FollowerReason> end = tracker.waitFollower();
        leaderships.ticker.stepWall(Duration.ofHours(-1));
        leaderships.elapse(TRUST.minus(GUARANTEE));
        mine.attend(leaderships.ticker.read());

        assertFalse(tracker.claimLeader().await());
        assertEquals(FollowerReason.UNCERTAIN, end.await());
        leaderships.elapse(GUARANTEE);
        assertEquals(FollowerReason.NOT_LEADING, tracker.waitFollower().await());
    }

    /** juju: what measured the time slept for longer than it knew. */
    @Test
    void machineWasSuspended_claimIsDenied_beforeAnybodyHasLooked() throws Exception {
        Tenancy mine = elected();
        Ticket<FollowerReason> end = tracker.waitFollower();

        leaderships.ticker.suspended(TRUST);

        assertFalse(tracker.claimLeader().await());
        mine.attend(leaderships.ticker.read());
        assertEquals(FollowerReason.LOST, end.await());
    }
}
