package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.GRACE;
import static dev.pgleader.internal.runtime.Looks.LEADER;
import static dev.pgleader.internal.runtime.Looks.LEASE;
import static dev.pgleader.internal.runtime.Looks.NANO;
import static dev.pgleader.internal.runtime.Looks.PATIENCE;
import static dev.pgleader.internal.runtime.Looks.TERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionState;
import dev.pgleader.LeaderInfo;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What can be told of an election at a moment, and whom it is told to. */
class ObservedElectionTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String NOBODY = "follower, nobody leads";
    private static final String LED = "follower of there (leading, term " + TERM + ")";

    private final Looks looks = new Looks();
    private final ObservedElection observed = looks.observed();
    private final Myself myself = new Myself();
    private final ObservedElection mine = looks.observed("orders", myself);
    private final AtomicInteger wakes = new AtomicInteger();
    private final Dispatch dispatch = new Dispatch(looks.ticker, wakes::incrementAndGet);

    /** This process, where it stands itself. */
    private static final class Myself implements ObservedElection.Self {

        private UUID candidate = LEADER;
        private ProcessState state = ProcessState.FOLLOWING;

        @Override
        public boolean is(LeaderInfo leader) {
            return leader.candidate().equals(candidate);
        }

        @Override
        public ProcessState state() {
            return state;
        }
    }

    // Judged at each question

    @Test
    void nothingSeenYet_isUnknown() {
        assertEquals("unknown", state(observed));
        assertEquals("unknown", settled(observed));
        assertEquals(Optional.empty(), observed.settlesAt());
        assertEquals(Optional.empty(), observed.wakesAt());
    }

    @Test
    void leaderSeen_isToldUntilItsLeaseIsOver_thenItIsUnknown() {
        observed.saw(looks.leader(TERM));

        looks.elapse(LEASE.minus(NANO));
        assertEquals(LED, state(observed));

        looks.elapse(NANO);
        assertEquals("unknown", state(observed));
    }

    @Test
    void leaseCountsFromWhenTheQuestionWasAsked_notFromTheAnswer() {
        looks.elapse(SECOND);
        observed.saw(looks.leader(TERM, Phase.LEADING, LEASE, SECOND));

        looks.elapse(LEASE.minus(SECOND).minus(NANO));
        assertEquals(LED, state(observed));

        looks.elapse(NANO);
        assertEquals("unknown", state(observed));
    }

    @Test
    void vacantRow_isToldAsNobody_forAsLongAsPatienceLasts() {
        observed.saw(looks.vacant());

        looks.elapse(PATIENCE.minus(NANO));
        assertEquals(NOBODY, state(observed));

        looks.elapse(NANO);
        assertEquals("unknown", state(observed));
    }

    @Test
    void noRow_isToldAsNobody_forAsLongAsPatienceLasts() {
        observed.sawNothing(looks.ticker.read());

        looks.elapse(PATIENCE.minus(NANO));
        assertEquals(NOBODY, state(observed));

        looks.elapse(NANO);
        assertEquals("unknown", state(observed));
    }

    @Test
    void leaseSeenToBeOver_isNobody_notUnknown() {
        observed.saw(looks.leader(TERM, Phase.LEADING, Duration.ZERO, Duration.ZERO));

        assertEquals(NOBODY, state(observed));
    }

    @Test
    void rowThatStandsStill_fromLookToLook_isJudgedByThisMachinesClockAsWell() {
        Sighting first = looks.leader(TERM);
        observed.saw(first);

        looks.elapse(LEASE.multipliedBy(2));
        observed.saw(looks.again(first));

        assertEquals(NOBODY, state(observed));
    }

    @Test
    void machineSuspended_orWallClockSteppedForward_isUnknown() {
        observed.saw(looks.leader(TERM));

        looks.ticker.stepWall(LEASE);

        assertEquals("unknown", state(observed));
        assertEquals(LED, settled(observed));
        looks.ticker.stepWall(GRACE);
        assertEquals("unknown", settled(observed));
    }

    @Test
    void suspensionThatOnlyTheUptimeClockShows_isNoticedByThoseWhoTellOfChanges() {
        observed.saw(looks.leader(TERM));

        looks.ticker.suspended(LEASE.plus(GRACE));
        looks.ticker.stepWall(LEASE.plus(GRACE).negated());

        assertEquals("unknown", settled(observed));
    }

    // Unanswerable

    @Test
    void looksThatNobodyAnswers_leaveWhatIsKnown_whichGrowsOldByItself() {
        observed.saw(looks.leader(TERM));
        looks.elapse(LEASE.minus(NANO));

        observed.unanswerable("cut off");
        assertEquals(LED, state(observed));

        looks.elapse(NANO);
        observed.unanswerable("cut off");
        assertEquals("unknown", state(observed));
    }

    @Test
    void unanswerable_beforeTheFirstAnswer_staysUnknown() {
        observed.unanswerable("cut off");

        assertEquals("unknown", state(observed));
    }

    // When to look again

    @Test
    void leaderSeen_isLookedAtAgain_inTheLastPartOfItsLease() {
        observed.saw(looks.leader(TERM));

        assertEquals(Optional.of(looks.ticker.read().plus(LEASE.minus(LEASE.dividedBy(4)))), observed.wakesAt());
    }

    @Test
    void nobodySeen_isLookedAtAgain_inTheLastPartOfTheTimeForWhichItMayBeTold() {
        Reading last = looks.ticker.read().plus(PATIENCE.minus(PATIENCE.dividedBy(4)));
        observed.saw(looks.leader(TERM));
        observed.saw(looks.vacant());
        assertEquals(Optional.of(last), observed.wakesAt());

        observed.saw(looks.leader(TERM));
        observed.sawNothing(looks.ticker.read());
        assertEquals(Optional.of(last), observed.wakesAt());
    }

    @Test
    void unanswerable_waitsForTheNextRoutineLook() {
        observed.saw(looks.leader(TERM));

        observed.unanswerable("the table is locked by somebody");

        assertEquals(Optional.empty(), observed.wakesAt());
    }

    // The moment in which a look is under way

    @Test
    void leaseOver_isToldToNobody_untilTheLookHasHadItsTime() {
        observed.saw(looks.leader(TERM));

        looks.elapse(LEASE.plus(GRACE).minus(NANO));
        assertEquals("unknown", state(observed));
        assertEquals(LED, settled(observed));

        looks.elapse(NANO);
        assertEquals("unknown", settled(observed));
    }

    @Test
    void settlesAt_isWhenTheLookHasHadItsTime() {
        observed.saw(looks.leader(TERM));

        assertEquals(Optional.of(looks.ticker.read().plus(LEASE).plus(GRACE)), observed.settlesAt());
    }

    // This process itself

    @Test
    void ownLeadership_isToldAsItIs_whateverTheRowSaysOfItsPhase() {
        mine.saw(looks.leader(TERM, Phase.RECOVERING, LEASE, Duration.ZERO));
        myself.state = ProcessState.RECOVERING;
        assertEquals("leader at there (recovering, term " + TERM + ")", state(mine));

        myself.state = ProcessState.LEADING;
        assertEquals("leader at there (leading, term " + TERM + ")", state(mine));
    }

    @Test
    void ownLeadership_isToldAsLongAsItIsHeld_howeverOldTheLookIs() {
        mine.saw(looks.leader(TERM));
        myself.state = ProcessState.LEADING;

        looks.elapse(LEASE.plus(GRACE));

        assertEquals("leader at there (leading, term " + TERM + ")", state(mine));
        assertEquals("leader at there (leading, term " + TERM + ")", settled(mine));
    }

    @Test
    void ownLeadership_isToldAsLongAsItIsHeld_thoughTheRowIsOverForAClockThatSteppedForward() {
        mine.saw(looks.leader(TERM));
        myself.state = ProcessState.LEADING;

        mine.saw(looks.leader(TERM, Phase.LEADING, Duration.ZERO, Duration.ZERO));

        assertEquals("leader at there (leading, term " + TERM + ")", state(mine));
        assertEquals("leader at there (leading, term " + TERM + ")", settled(mine));
    }

    @Test
    void ownLeadershipLost_nobodyLeads_forTheRestOfTheLease_thenItIsUnknown() {
        mine.saw(looks.leader(TERM));
        myself.state = ProcessState.LEADING;
        myself.state = ProcessState.FOLLOWING;

        looks.elapse(LEASE.minus(NANO));
        assertEquals(NOBODY, state(mine));

        looks.elapse(NANO);
        assertEquals("unknown", state(mine));
    }

    @Test
    void leaderThatIsAnother_isNotMistakenForThisProcess() {
        myself.candidate = new UUID(0, 1);
        myself.state = ProcessState.LEADING;

        mine.saw(looks.leader(TERM));

        assertEquals(LED, state(mine));
    }

    // A heartbeat of this process

    @Test
    void ownHeartbeatAnswered_isKnownForLonger() {
        mine.saw(looks.leader(TERM));
        Instant later = Instant.EPOCH.plusSeconds(60);

        mine.renewed(TERM, later, in(LEASE.plus(SECOND)));

        assertEquals(Optional.of(in(LEASE.plus(SECOND).plus(GRACE)).at()), mine.settlesAt());
        myself.state = ProcessState.LEADING;
        assertEquals(later, mine.state().leader().orElseThrow().expiresAt());
    }

    @Test
    void heartbeatOfAnotherTerm_orOfAnother_orBeforeAnyLook_changesNothing() {
        mine.renewed(TERM, Instant.EPOCH, in(LEASE.plus(SECOND)));
        assertEquals("unknown", state(mine));

        mine.saw(looks.leader(TERM));
        mine.renewed(TERM - 1, Instant.EPOCH, in(LEASE.plus(SECOND)));
        assertEquals(Optional.of(in(LEASE.plus(GRACE)).at()), mine.settlesAt());

        observed.saw(looks.leader(TERM));
        observed.renewed(TERM, Instant.EPOCH, in(LEASE.plus(SECOND)));
        assertEquals(Optional.of(in(LEASE.plus(GRACE)).at()), observed.settlesAt());

        mine.saw(looks.vacant());
        mine.renewed(TERM, Instant.EPOCH, in(LEASE.plus(SECOND)));
        assertEquals(Optional.of(in(PATIENCE.plus(GRACE)).at()), mine.settlesAt());
    }

    // Who is told

    @Test
    void whatIsAChange_stirsThoseWhoWatch_andNothingElseDoes() {
        Spectator.admit(observed, dispatch, () -> {});
        dispatch.turn();

        assertTrue(stirs(() -> observed.saw(looks.vacant())), "the first answer");
        assertFalse(stirs(() -> observed.saw(looks.vacant())), "nobody again");
        assertFalse(stirs(() -> observed.sawNothing(looks.ticker.read())), "nobody, and no row either");
        assertTrue(stirs(() -> observed.saw(looks.leader(TERM, Phase.RECOVERING, LEASE, Duration.ZERO))), "a leader");
        assertTrue(stirs(() -> observed.saw(looks.leader(TERM))), "another phase");
        looks.elapse(SECOND);
        assertFalse(stirs(() -> observed.saw(looks.leader(TERM))), "a renewed lease");
        assertTrue(stirs(() -> observed.saw(looks.leader(TERM + 1))), "another term");
        assertTrue(stirs(() -> observed.saw(looks.vacant())), "gone");
        assertFalse(stirs(() -> observed.unanswerable("cut off")), "no answer");
    }

    @Test
    void sameLeaderSeenAgain_afterItHadBeenUnknown_stirsThoseWhoWatch() {
        Spectator.admit(observed, dispatch, () -> {});
        observed.saw(looks.leader(TERM));
        dispatch.turn();

        looks.elapse(LEASE);

        assertTrue(stirs(() -> observed.saw(looks.leader(TERM))));
    }

    @Test
    void whoeverWatchesNoLonger_isNotStirred() {
        Spectator spectator = Spectator.admit(observed, dispatch, () -> {});
        spectator.close();
        dispatch.turn();

        assertFalse(stirs(() -> observed.saw(looks.vacant())));
    }

    private boolean stirs(Runnable event) {
        int before = wakes.get();
        event.run();
        dispatch.turn();
        return wakes.get() != before;
    }

    private Deadline in(Duration length) {
        return Deadline.after(looks.ticker.read(), length);
    }

    private static String state(ObservedElection election) {
        return election.state().toString();
    }

    private String settled(ObservedElection election) {
        ElectionState settled = election.settled(looks.ticker.read());
        return settled.toString();
    }
}
