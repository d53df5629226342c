package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.tenure;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What those outside the core are told of a state. */
class StageTest {

    private static final Reading NOW = atMillis(0);
    private static final Tenure TENURE = tenure();
    private static final Exit EXIT = Exit.of(Loss.EXPIRED, new Aim.StandAgain());

    @Test
    void candidateWithoutALeadership_stands() {
        assertStage(Stage.STANDING, State.initial(NOW), Following.holdingBack(HoldBack.none(NOW), 3));
    }

    @Test
    void leaderInEachPhase_isToldApart() {
        assertStage(Stage.RECOVERING, new Recovering(TENURE));
        assertStage(Stage.LEADING, new Leading(TENURE, false), new Leading(TENURE, true));
        assertStage(Stage.DRAINING, new Draining(TENURE, EXIT, NOW));
    }

    @Test
    void formerLeader_unwinds_outlives_andEnds() {
        assertStage(
                Stage.UNWINDING,
                new Stopping(TENURE, EXIT, false),
                new Stopping(TENURE, EXIT, true),
                Detaching.begin(TENURE, EXIT, NOW).next(),
                new Vacating(TENURE, EXIT, false, NOW, Optional.empty()));
        assertStage(Stage.OUTLIVED, new Outlived(TENURE, EXIT), new Clearing(TENURE, EXIT));
        assertStage(Stage.CLOSED, new Closed());
    }

    private static void assertStage(Stage expected, State... states) {
        assertEquals(Set.of(expected), Stream.of(states).map(State::stage).collect(Collectors.toSet()));
    }

    @Test
    void atRest_isACandidateThatHasNothingToStopOrToReleaseAnyMore() {
        assertEquals(EnumSet.of(Stage.STANDING, Stage.CLOSED), those(Stage::isAtRest));
    }

    @Test
    void heartbeats_extendWhatIsLedOrDrained() {
        assertEquals(EnumSet.of(Stage.RECOVERING, Stage.LEADING, Stage.DRAINING), those(Stage::isHeld));
    }

    /** Its lock keeps out others while the work stops; where the session is lost already, nothing hangs on another one. */
    @Test
    void session_isNeededByALeadershipAndByWhatIsStoppedOrReleasedOfIt() {
        assertEquals(
                EnumSet.of(Stage.RECOVERING, Stage.LEADING, Stage.DRAINING, Stage.UNWINDING),
                those(Stage::needsSession));
    }

    private static EnumSet<Stage> those(Predicate<Stage> which) {
        return Stream.of(Stage.values())
                .filter(which)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Stage.class)));
    }
}
