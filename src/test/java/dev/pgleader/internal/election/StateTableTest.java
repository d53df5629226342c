package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_NEVER_LEADING;
import static dev.pgleader.internal.election.Examples.ME_ON_SESSION_END;
import static dev.pgleader.internal.election.Examples.ME_PREEMPTING;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.following;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.vacatedFor;
import static dev.pgleader.internal.election.Examples.watched;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every state and every event, as {@link StateTable} has them: what comes next and what is ordered. The table must
 * be complete, so that a new state or event fails here until somebody has said what each pair of them means.
 */
class StateTableTest {

    private static final String STAYS = "stays";
    private static final String IMPOSSIBLE = "impossible";

    private static final Tenure TENURE = Examples.tenure();
    private static final HoldBack NONE = HoldBack.none(atMillis(0));
    private static final Exit STAND_AGAIN = Exit.of(Loss.EXPIRED, new Aim.StandAgain());
    private static final Exit LET_OTHERS_LEAD = Exit.askedFor(Succession.Request.RESIGN);
    private static final Exit CLOSE = Exit.of(Loss.CLOSED, new Aim.Close(atMillis(5_000)));
    private static final Exit CLOSE_LATER = Exit.of(Loss.CLOSED, new Aim.Close(atMillis(30_000)));
    private static final Optional<Reading> NEVER = Optional.empty();
    private static final Optional<Reading> SOON = Optional.of(atMillis(500));

    /** The states by their headings in the table. */
    private static final Map<String, State> STATES = new LinkedHashMap<>();

    static {
        Evidence stoodStill = watched(rowOfAnother(), atMillis(-60_000));
        Evidence left = watched(vacatedFor(ANOTHER), atMillis(-2_500));
        HoldBack resigned = new HoldBack(atMillis(60_000), TERM);
        STATES.put("Following", waking(Evidence.NONE));
        STATES.put("Following, holding back", following(Evidence.NONE, resigned));
        STATES.put("Following, of a row that stood still", following(stoodStill, NONE));
        STATES.put("Following, of a row that was just created", justRegistered());
        STATES.put("Following, on session end", following(Evidence.NONE, NONE));
        STATES.put("Following, of a vacancy left to others", following(left, NONE));
        STATES.put("Following, preempting", following(Evidence.NONE, NONE));
        STATES.put("Following, never leading", waking(stoodStill));
        STATES.put("Recovering", new Recovering(TENURE));
        STATES.put("Leading", new Leading(TENURE, true));
        STATES.put("Leading, not written down", new Leading(TENURE, false));
        STATES.put("Draining", new Draining(TENURE, LET_OTHERS_LEAD, atMillis(30_000)));
        STATES.put("Draining, out of patience", new Draining(TENURE, LET_OTHERS_LEAD, atMillis(1_000)));
        STATES.put("Draining, closing", new Draining(TENURE, CLOSE_LATER, atMillis(30_000)));
        STATES.put("Stopping", new Stopping(TENURE, STAND_AGAIN, false));
        STATES.put("Stopping, resigned", new Stopping(TENURE, LET_OTHERS_LEAD, false));
        STATES.put("Stopping, closing", new Stopping(TENURE, CLOSE, false));
        STATES.put("Stopping, spent", new Stopping(TENURE, STAND_AGAIN, true));
        STATES.put("Stopping, spent, closing", new Stopping(TENURE, CLOSE, true));
        STATES.put("Stopping, spent, closing later", new Stopping(TENURE, CLOSE_LATER, true));
        STATES.put("Detaching", new Detaching(TENURE, STAND_AGAIN, false, atMillis(0), NEVER));
        STATES.put("Detaching, refused before", new Detaching(TENURE, LET_OTHERS_LEAD, false, atMillis(0), SOON));
        STATES.put("Detaching, spent", new Detaching(TENURE, STAND_AGAIN, true, atMillis(0), NEVER));
        STATES.put("Detaching, closing", new Detaching(TENURE, CLOSE, false, atMillis(0), SOON));
        STATES.put("Outlived", new Outlived(TENURE, STAND_AGAIN));
        STATES.put("Outlived, resigned", new Outlived(TENURE, LET_OTHERS_LEAD));
        STATES.put("Outlived, closing", new Outlived(TENURE, CLOSE));
        STATES.put("Vacating", new Vacating(TENURE, STAND_AGAIN, false, atMillis(0), NEVER));
        STATES.put("Vacating, refused before", new Vacating(TENURE, LET_OTHERS_LEAD, false, atMillis(0), SOON));
        STATES.put("Vacating, spent", new Vacating(TENURE, STAND_AGAIN, true, atMillis(0), NEVER));
        STATES.put("Vacating, closing", new Vacating(TENURE, CLOSE, false, atMillis(0), SOON));
        STATES.put("Clearing", new Clearing(TENURE, CLOSE));
        STATES.put("Closed", new Closed());
    }

    private static Following waking(Evidence evidence) {
        return new Following(evidence, NONE, 0, false, Optional.empty(), SOON);
    }

    private static Following justRegistered() {
        return new Following(Evidence.NONE, NONE, 0, true, Optional.empty(), NEVER);
    }

    private final StateTable table = StateTable.read();

    @TestFactory
    Stream<DynamicTest> event_inState_leadsWhereTheTableSays() {
        return STATES.keySet().stream()
                .map(heading -> DynamicTest.dynamicTest(
                        heading,
                        () -> assertEquals(
                                outcomes(heading, StateTable.Cell::outcome),
                                outcomes(heading, cell -> outcome(heading, cell.event())))));
    }

    private String outcomes(String heading, Function<StateTable.Cell, String> outcome) {
        return table.cellsOf(heading).stream()
                .map(cell -> cell.event() + " -> " + outcome.apply(cell))
                .collect(Collectors.joining("\n", heading + "\n", ""));
    }

    @Test
    void table_anyStateOrEventAdded_lacksItsCells() {
        Set<String> events = Arrays.stream(State.class.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()) && method.getReturnType() == Step.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(events, StateEvents.names());
        assertEquals(STATES.keySet(), table.headings());
        for (Class<?> state : leavesOf(State.class)) {
            assertTrue(STATES.containsKey(state.getSimpleName()), state + " has no row");
            assertEquals(
                    StateEvents.variants(), table.eventsOf(state.getSimpleName()), state + " has not all of its cells");
        }
        STATES.forEach((heading, state) ->
                assertEquals(heading.split(",", -1)[0], state.getClass().getSimpleName()));
    }

    private static Candidate candidateOf(String heading) {
        if (heading.contains("on session end")) {
            return ME_ON_SESSION_END;
        }
        if (heading.contains("preempting")) {
            return ME_PREEMPTING;
        }
        return heading.contains("never leading") ? ME_NEVER_LEADING : ME;
    }

    /** Returns what {@code event} does, in the words of the table. */
    private static String outcome(String heading, String event) {
        State before = Objects.requireNonNull(STATES.get(heading), heading);
        Step step;
        try {
            step = StateEvents.befall(before, event, candidateOf(heading));
        } catch (IllegalStateException refused) {
            assertNamesEventAndState(refused, event, before);
            return IMPOSSIBLE;
        }
        if (step.next() == before && step.commands().isEmpty()) {
            return STAYS;
        }
        return Stream.concat(
                        Stream.of(describe(step.next())),
                        step.commands().stream().map(StateTableTest::kindOf))
                .collect(Collectors.joining(" "));
    }

    private static void assertNamesEventAndState(IllegalStateException refused, String event, State state) {
        String words = event.split(",", -1)[0].replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(words), message);
        assertTrue(message.contains(state.toString()), message);
    }

    private static String describe(State state) {
        return kindOf(state) + aimOf(state).map(aim -> "/" + kindOf(aim)).orElse("");
    }

    private static Optional<Aim> aimOf(State state) {
        if (state instanceof Draining draining) {
            return Optional.of(draining.exit().aim());
        }
        return state instanceof Unwinding unwinding
                ? Optional.of(unwinding.exit().aim())
                : Optional.empty();
    }

    private static String kindOf(Object part) {
        return part.getClass().getSimpleName();
    }

    private static List<Class<?>> leavesOf(Class<?> type) {
        if (!type.isSealed()) {
            return List.of(type);
        }
        List<Class<?>> leaves = new ArrayList<>();
        Arrays.stream(type.getPermittedSubclasses())
                .map(StateTableTest::leavesOf)
                .forEach(leaves::addAll);
        return leaves;
    }
}
