package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.HERE;
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
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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
    void leaderOfLowerPriority_isNotAskedByACandidateThatDoesNotPreempt() {
        assertAsksNot(me(new Preference(1, false, false)), rowOfAnother(), RUNNING);
    }

    @Test
    void leaderOfLowerPriority_isNotAskedByACandidateThatNeverLeads() {
        assertAsksNot(me(new Preference(1, true, true)), rowOfAnother(), RUNNING);
    }

    @Test
    void leaderOfEqualOrHigherPriority_isNotAsked() {
        assertAsksNot(me(new Preference(0, true, false)), rowOfAnother(), RUNNING);
        assertAsksNot(me(new Preference(-1, true, false)), rowOfAnother(), RUNNING);
    }

    @Test
    void leaderByAppointment_isNotAsked() {
        assertAsksNot(ME_PREEMPTING, appointed(rowOfAnother()), RUNNING);
    }

    @Test
    void leaderThatHasBeenAskedForAnything_isNotAskedAgain() {
        assertAsksNot(ME_PREEMPTING, asked(rowOfAnother(), Succession.Request.RESIGN), RUNNING);
        assertAsksNot(ME_PREEMPTING, asked(rowOfAnother(), Succession.Request.handOverTo(ANOTHER.address())), RUNNING);
    }

    @Test
    void leaderForWhomThisCandidateHasMadeWay_isNotAsked() {
        assertAsksNot(ME_PREEMPTING, resignedBy(ME.id()), RUNNING);
    }

    @Test
    void leaderForWhomAnotherHasMadeWay_isAsked() {
        assertAsks(ME_PREEMPTING, resignedBy(A_THIRD), RUNNING);
    }

    @Test
    void leaderWhoseLeaseIsOver_isNotAsked_butTakenOverFrom() {
        Step step = look(ME_PREEMPTING, rowOfAnother(), Duration.ZERO);

        assertBidsOnly(step);
    }

    @Test
    void vacancy_isTaken_withoutAsking() {
        assertAsksNot(ME_PREEMPTING, vacantRow(), Duration.ZERO);
    }

    @Test
    void leaderOfLowerPriority_isAskedAfterABidThatFoundItsLeaseRunning() {
        Step step =
                State.initial(atMillis(0)).bidLost(ME_PREEMPTING, sighting(rowOfAnother(), HERE, RUNNING, atMillis(0)));

        assertEquals(List.of(new Command.AskToResign(TERM)), step.commands());
    }

    @Test
    void candidateThatNeverLeads_neverBids() {
        Candidate never = me(new Preference(9, false, true));

        for (Row row : List.of(vacantRow(), rowOfAnother(), Examples.vacatedFor(ME))) {
            Step step = look(never, row, Duration.ZERO);

            assertEquals(List.of(), step.commands());
        }
    }

    private static void assertBidsOnly(Step step) {
        assertEquals(1, step.commands().size());
        assertInstanceOf(Command.Bid.class, step.commands().get(0));
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

    private static Row resignedBy(UUID former) {
        return with(
                rowOfAnother(),
                new Succession(Optional.empty(), Optional.of(former), Optional.empty(), OptionalInt.empty()));
    }
}
