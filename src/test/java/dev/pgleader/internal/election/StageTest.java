package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.LOCK;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What those outside the core are told of a state. */
class StageTest {

    private static final Reading NOW = atMillis(0);
    private static final Tenure TENURE = Tenure.from(ME, LOCK, TERM, NOW);
    private static final Vigil VIGIL = new Vigil(rowOfAnother(), HERE, NOW);
    private static final Claim CLEXIT = new Claim(Claim.Basis.VACANT, vacantRow());
    private static final Exit EXIT = Exit.of(Loss.EXPIRED, new Aim.StandAgain());

    @Test
    void candidateWithoutALeadership_stands() {
        Sighting free = sighting(vacantRow(), HERE, Duration.ZERO, NOW);

        assertStage(
                Stage.STANDING,
                State.initial(NOW),
                new Locking(VIGIL, free, new Verdict.Take(CLEXIT, NOW), NOW),
                new Waiting(VIGIL, CLEXIT, LOCK, NOW),
                new Taking(VIGIL, CLEXIT, NOW, LOCK));
    }

    @Test
    void leaderInEachPhase_isToldApart() {
        assertStage(Stage.RECOVERING, new Recovering(TENURE));
        assertStage(Stage.LEADING, new Leading(TENURE, false), new Leading(TENURE, true));
        assertStage(Stage.DRAINING, new Draining(TENURE, Phase.LEADING, EXIT, NOW));
    }

    @Test
    void formerLeader_unwinds_andEnds() {
        assertStage(
                Stage.UNWINDING,
                new Stopping(TENURE, EXIT),
                new Outlived(TENURE, EXIT),
                new Clearing(TENURE, EXIT),
                new Vacating(TENURE, EXIT, NOW, Optional.empty()));
        assertStage(Stage.CLOSED, new Closed());
    }

    private static void assertStage(Stage expected, State... states) {
        assertEquals(Set.of(expected), Stream.of(states).map(State::stage).collect(Collectors.toSet()));
    }

    @Test
    void atRest_isWhoeverHasNothingToReleaseAnyMore() {
        assertEquals(
                EnumSet.of(Stage.STANDING, Stage.CLOSED),
                Stream.of(Stage.values())
                        .filter(Stage::isAtRest)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Stage.class))));
    }

    @Test
    void beats_areNeededByWhoeverMayHoldALock() {
        assertEquals(
                EnumSet.of(Stage.RECOVERING, Stage.LEADING, Stage.DRAINING, Stage.UNWINDING),
                Stream.of(Stage.values())
                        .filter(Stage::needsBeats)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Stage.class))));
    }

    @Test
    void newCandidate_maySeizeWhatIsFreeAtOnce() {
        Step step = State.initial(NOW).looked(ME, sighting(vacantRow(), HERE, LEASE, NOW));

        assertEquals(List.of(new Command.TryLock(LOCK)), step.commands());
    }

    @Test
    void claim_mayPrecedeTheEndOfTheLease_onlyWhereAnotherWitnessHasSeenIt() {
        assertEquals(
                EnumSet.of(Claim.Basis.STOOD_STILL, Claim.Basis.SESSION_ENDED),
                Stream.of(Claim.Basis.values())
                        .filter(basis -> new Claim(basis, rowOfAnother()).mayPrecedeExpiry())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Claim.Basis.class))));
    }
}
