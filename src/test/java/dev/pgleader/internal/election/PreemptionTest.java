package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_PREEMPTING;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.appointed;
import static dev.pgleader.internal.election.Examples.asked;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.me;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Of which leaders a candidate of higher priority asks their post: each condition alone. */
class PreemptionTest {

    private static final Duration RUNNING = Duration.ofNanos(1);
    private static final UUID A_THIRD = new UUID(0, 3);

    @Test
    void leaderOfLowerPriority_isAskedForItsTerm() {
        assertAsks(ME_PREEMPTING, rowOfAnother(), RUNNING);
    }

    @Test
    void leaderOfLowerPriority_isNotAskedByWhoeverDoesNotPreempt() {
        assertAsksNot(me(new Preference(1, false, false)), rowOfAnother(), RUNNING);
    }

    @Test
    void leaderOfLowerPriority_isNotAskedByWhoeverNeverLeads() {
        assertAsksNot(me(new Preference(1, true, true)), rowOfAnother(), RUNNING);
    }

    @Test
    void leaderOfEqualOrHigherPriority_isNotAsked() {
        assertAsksNot(me(new Preference(0, true, false)), rowOfAnother(), RUNNING);
        assertAsksNot(me(new Preference(-1, true, false)), rowOfAnother(), RUNNING);
    }

    @Test
    void leaderBySomebodysAppointment_isNotAsked() {
        assertAsksNot(ME_PREEMPTING, appointed(rowOfAnother()), RUNNING);
    }

    @Test
    void leaderThatHasBeenAskedForAnything_isNotAskedAgain() {
        assertAsksNot(ME_PREEMPTING, asked(rowOfAnother(), Succession.Request.RESIGN), RUNNING);
        assertAsksNot(ME_PREEMPTING, asked(rowOfAnother(), Succession.Request.handOverTo(ANOTHER.address())), RUNNING);
    }

    @Test
    void leaderForWhomThisCandidateHasMadeWay_isNotAsked() {
        assertAsksNot(ME_PREEMPTING, yieldedBy(ME.id()), RUNNING);
    }

    @Test
    void leaderForWhomSomebodyElseHasMadeWay_isAsked() {
        assertAsks(ME_PREEMPTING, yieldedBy(A_THIRD), RUNNING);
    }

    @Test
    void leaderWhoseLeaseIsOver_isNotAsked_butTakenOverFrom() {
        Step step = look(ME_PREEMPTING, rowOfAnother(), Duration.ZERO);

        assertEquals(List.of(new Command.TryLock(vacantRow().lockId())), step.commands());
    }

    @Test
    void vacancy_isTaken_withoutAsking() {
        assertAsksNot(ME_PREEMPTING, vacantRow(), Duration.ZERO);
    }

    @Test
    void candidateThatTakesOverWhenASessionEnds_asksAsWell() {
        Timings timings = new Timings(LEASE, Duration.ZERO, LEASE, LEASE, true);
        Candidate onSessionEnd = new Candidate(ME.id(), ME.address(), ME_PREEMPTING.preference(), timings);

        Step step = look(onSessionEnd, rowOfAnother(), RUNNING);

        assertEquals(
                List.of(
                        new Command.AskToResign(TERM),
                        new Command.TryLock(vacantRow().lockId())),
                step.commands());
    }

    @Test
    void candidateThatNeverLeads_neverAsksForTheLock() {
        Candidate never = me(new Preference(9, false, true));

        for (Row row : List.of(vacantRow(), rowOfAnother(), Examples.vacatedFor(ME))) {
            Step step = look(never, row, Duration.ZERO);

            assertEquals(List.of(), step.commands());
        }
    }

    private static void assertAsks(Candidate me, Row row, Duration remaining) {
        assertEquals(List.of(new Command.AskToResign(TERM)), wishes(me, row, remaining));
    }

    private static void assertAsksNot(Candidate me, Row row, Duration remaining) {
        assertEquals(List.of(), wishes(me, row, remaining));
    }

    private static List<Command> wishes(Candidate me, Row row, Duration remaining) {
        return look(me, row, remaining).commands().stream()
                .filter(Command.AskToResign.class::isInstance)
                .toList();
    }

    private static Step look(Candidate me, Row row, Duration remaining) {
        return State.initial(atMillis(0)).looked(me, sighting(row, HERE, remaining, atMillis(0)));
    }

    private static Row yieldedBy(UUID former) {
        return with(
                rowOfAnother(),
                new Succession(Optional.empty(), Optional.of(former), Optional.empty(), OptionalInt.empty()));
    }
}
