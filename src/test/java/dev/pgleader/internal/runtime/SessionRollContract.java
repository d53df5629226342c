package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Holding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every session keeps to about the list of those who stand: see {@link Session}. */
public interface SessionRollContract extends SessionFixture {

    /** A process. */
    UUID ONE = UUID.fromString("00000000-0000-4000-8000-0000000000a1");

    /** Another one. */
    UUID ANOTHER = UUID.fromString("00000000-0000-4000-8000-0000000000a2");

    /** For how long whoever has enrolled is present: longer than any test takes. */
    Duration GOOD_FOR = Duration.ofMinutes(5);

    // Being present

    @Test
    default void nobodyEnrolled_thereIsNoRival() throws Exception {
        Session session = session();
        registered(session, "orders");

        assertEquals(OptionalInt.empty(), bestRival(session));
    }

    @Test
    default void processThatAttends_withoutHavingEnrolled_isUnknown() throws Exception {
        Session session = session();
        registered(session, "orders");

        assertFalse(session.attend(ONE, GOOD_FOR));

        session.enroll(ANOTHER, GOOD_FOR, List.of());
        assertFalse(session.attend(ONE, GOOD_FOR));
        assertTrue(session.attend(ANOTHER, GOOD_FOR));
    }

    @Test
    default void processThatHasEnrolled_isPresentAsLongAsItSaid() throws Exception {
        Session session = session();
        registered(session, "orders");

        session.enroll(ONE, GOOD_FOR, List.of(standing(ME, 4)));
        session.enroll(ANOTHER, Duration.ZERO, List.of(standing(OTHER, 5)));

        assertEquals(OptionalInt.of(4), bestRival(session));
    }

    @Test
    default void processThatAttends_isPresentForLonger_andThenForShorter() throws Exception {
        Session session = session();
        registered(session, "orders");
        session.enroll(ONE, Duration.ZERO, List.of(standing(ME, 4)));

        assertTrue(session.attend(ONE, GOOD_FOR));
        assertEquals(OptionalInt.of(4), bestRival(session));

        assertTrue(session.attend(ONE, Duration.ZERO));
        assertEquals(OptionalInt.empty(), bestRival(session));
    }

    @Test
    default void processThatEnrollsAgain_standsForWhatItSaysNow() throws Exception {
        Session session = session();
        registered(session, "orders");
        registered(session, "billing");
        session.enroll(ONE, GOOD_FOR, List.of(standing(ME, 4)));

        session.enroll(ONE, GOOD_FOR, List.of(standing("billing", OTHER, 3)));

        assertEquals(OptionalInt.empty(), bestRival(session));
        assertEquals(
                OptionalInt.of(3), seen(session, "billing").row().succession().bestRival());
    }

    @Test
    default void processThatEnrollsAgain_keepsWhatItStoodForBefore_andAdds() throws Exception {
        Session session = session();
        registered(session, "orders");
        session.enroll(ONE, Duration.ZERO, List.of(standing(ME, 4)));

        session.enroll(ONE, GOOD_FOR, List.of(standing(ME, 4), standing(OTHER, 3)));

        assertEquals(OptionalInt.of(4), bestRival(session));
    }

    @Test
    default void processThatEnrolls_leavesTheOthersOnTheList() throws Exception {
        Session session = session();
        registered(session, "orders");
        session.enroll(ONE, GOOD_FOR, List.of(standing(ME, 4)));

        session.enroll(ANOTHER, GOOD_FOR, List.of(standing(OTHER, 3)));

        assertEquals(OptionalInt.of(4), bestRival(session));
    }

    @Test
    default void processThatLeaves_isForgotten_andTheOthersAreNot() throws Exception {
        Session session = session();
        registered(session, "orders");
        session.enroll(ONE, GOOD_FOR, List.of(standing(ME, 4)));
        session.enroll(ANOTHER, GOOD_FOR, List.of(standing(OTHER, 3)));

        session.leave(ONE);
        session.leave(ONE);

        assertEquals(OptionalInt.of(3), bestRival(session));
        assertFalse(session.attend(ONE, GOOD_FOR));
    }

    // Who counts as a rival

    @Test
    default void severalPresent_bestCounts_howeverBadItIs() throws Exception {
        Session session = session();
        registered(session, "orders");
        session.enroll(ONE, GOOD_FOR, List.of(standing(ME, -7)));
        assertEquals(OptionalInt.of(-7), bestRival(session));

        session.enroll(ANOTHER, GOOD_FOR, List.of(standing(OTHER, -6)));
        assertEquals(OptionalInt.of(-6), bestRival(session));
    }

    @Test
    default void holder_isNoRival() throws Exception {
        Session session = session();
        session.enroll(ONE, GOOD_FOR, List.of(standing(ME, 4)));
        session.enroll(ANOTHER, GOOD_FOR, List.of(standing(OTHER, 3)));

        elected(session, "orders", ME);

        assertEquals(OptionalInt.of(3), bestRival(session));
    }

    @Test
    default void whoeverHasMadeWay_isNoRival_whoeverHasEndedIs() throws Exception {
        for (Loss loss : List.of(Loss.RESIGNED, Loss.EXPIRED)) {
            Session session = session();
            session.enroll(ONE, GOOD_FOR, List.of(standing(ME, 4)));
            Row held = elected(session, "orders", ME);

            session.vacate(List.of(new Holding("orders", ME, held.term(), loss, Optional.empty())));

            assertEquals(loss == Loss.EXPIRED, bestRival(session).isPresent());
        }
    }

    @Test
    default void candidateThatNeverLeads_isNoRival() throws Exception {
        Session session = session();
        registered(session, "orders");
        Enrolment watching = new Enrolment("orders", OTHER, "10.0.0.8:8080", 9, true, "");

        session.enroll(ONE, GOOD_FOR, List.of(standing(ME, 4), watching));

        assertEquals(OptionalInt.of(4), bestRival(session));
    }

    @Test
    default void candidateOfAnotherElection_isNoRival() throws Exception {
        Session session = session();
        registered(session, "orders");

        session.enroll(ONE, GOOD_FOR, List.of(standing("billing", ME, 4)));

        assertEquals(OptionalInt.empty(), bestRival(session));
    }

    @Test
    default void rivals_areSeenByATakingToo() throws Exception {
        Session session = session();
        session.enroll(ONE, GOOD_FOR, List.of(standing(OTHER, 4)));

        Row taken = elected(session, "orders", ME);

        assertEquals(OptionalInt.of(4), taken.succession().bestRival());
    }

    @Test
    default void twoThousandCandidacies_ofHostileNamesAndOthers_areEnrolledByOneStatement() throws Exception {
        Session session = session();
        List<String> names = IntStream.range(0, 2000)
                .mapToObj(each ->
                        each < SessionContract.HOSTILE.size() ? SessionContract.HOSTILE.get(each) : "election " + each)
                .toList();
        session.register(names);

        session.enroll(
                ONE,
                GOOD_FOR,
                names.stream()
                        .map(name -> new Enrolment(name, ME, "at " + name, 7, false, name))
                        .toList());

        Map<String, Found> rows = session.look(names);
        assertEquals(names.size(), rows.size());
        rows.forEach((name, found) ->
                assertEquals(OptionalInt.of(7), found.row().succession().bestRival(), name));
    }

    private static Enrolment standing(UUID candidate, int priority) {
        return standing("orders", candidate, priority);
    }

    private static Enrolment standing(String election, UUID candidate, int priority) {
        return new Enrolment(election, candidate, "10.0.0.7:8080", priority, false, "");
    }

    private OptionalInt bestRival(Session session) throws SessionException, BusyException {
        return seen(session, "orders").row().succession().bestRival();
    }
}
