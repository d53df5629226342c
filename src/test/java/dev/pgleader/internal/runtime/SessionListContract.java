package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Vacation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every session keeps to about the list of those who stand: see {@link Session}. */
public interface SessionListContract extends SessionFixture {

    // Being present

    @Test
    default void withoutCandidates_thereIsNoRival() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");

        assertEquals(OptionalInt.empty(), bestRival(me));
    }

    @Test
    default void candidate_isPresent_asLongAsTheSessionOfItsProcessRuns() throws Exception {
        Entered me = entered();
        Entered other = entered();
        registered(me.session(), "orders");
        enroll(me, standing(ME, 4));
        enroll(other, standing(OTHER, 5));
        assertEquals(OptionalInt.of(5), bestRival(me));

        byHand().setRemaining(other.id(), Duration.ofMillis(-1));
        assertEquals(OptionalInt.of(4), bestRival(me));

        byHand().deleteSession(me.id());
        assertEquals(OptionalInt.empty(), bestRival(me));
    }

    @Test
    default void candidateEnrolledByAFormerSession_isPresentByTheNewOne() throws Exception {
        Entered former = entered();
        Entered me = entered();
        registered(me.session(), "orders");
        enroll(former, standing(ME, 4));
        byHand().setRemaining(former.id(), Duration.ofMillis(-1));

        enroll(me, standing(ME, 4));

        assertEquals(OptionalInt.of(4), bestRival(me));
    }

    @Test
    default void candidatesEnrolledLater_areAdded() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        enroll(me, standing(ME, 4));

        enroll(me, standing(OTHER, 3));
        assertEquals(OptionalInt.of(4), bestRival(me));

        me.session().withdraw(List.of(standing(ME, 4)));
        assertEquals(OptionalInt.of(3), bestRival(me));
    }

    @Test
    default void candidateWithdrawn_standsInItsOtherElections() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        registered(me.session(), "billing");
        enroll(me, standing(ME, 4), standing("billing", ME, 3));

        me.session().withdraw(List.of(standing(ME, 4)));

        assertEquals(OptionalInt.empty(), bestRival(me));
        assertEquals(
                OptionalInt.of(3),
                seen(me.session(), "billing").row().succession().bestRival());
    }

    // Who counts as a rival

    @Test
    default void severalPresent_bestCounts_howeverBadItIs() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        enroll(me, standing(ME, -7));
        assertEquals(OptionalInt.of(-7), bestRival(me));

        enroll(me, standing(OTHER, -6));
        assertEquals(OptionalInt.of(-6), bestRival(me));
    }

    @Test
    default void holder_isNoRival() throws Exception {
        Entered me = entered();
        enroll(me, standing(ME, 4), standing(OTHER, 3));

        elected(me, "orders", ME);

        assertEquals(OptionalInt.of(3), bestRival(me));
    }

    @Test
    default void leaderThatResigned_isNoRival_andOneThatWasLostIs() throws Exception {
        for (Loss loss : List.of(Loss.RESIGNED, Loss.EXPIRED)) {
            Entered me = entered();
            enroll(me, standing(ME, 4));
            Row row = elected(me, "orders", ME);

            me.session().vacate(List.of(new Vacation(held("orders", row), loss, Optional.empty())));

            assertEquals(loss == Loss.EXPIRED, bestRival(me).isPresent());
        }
    }

    @Test
    default void candidateThatNeverLeads_isNoRival() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");

        enroll(me, standing(ME, 4), new Enrolment("orders", OTHER, "10.0.0.8:8080", 9, true, ""));

        assertEquals(OptionalInt.of(4), bestRival(me));
    }

    @Test
    default void candidateOfAnotherElection_isNoRival() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");

        enroll(me, standing("billing", ME, 4));

        assertEquals(OptionalInt.empty(), bestRival(me));
    }

    @Test
    default void rivals_areSeenByABidToo() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        enroll(me, standing(OTHER, 4));

        Found found = of("orders", bid(me, "orders", ME, Grounds.NONE).seen().rows());

        assertEquals(OptionalInt.of(4), found.row().succession().bestRival());
    }

    @Test
    default void twoThousandCandidates_ofHostileNamesAndOthers_areEnrolledByOneStatement() throws Exception {
        Entered me = entered();
        List<String> names = IntStream.range(0, 2000)
                .mapToObj(each ->
                        each < SessionContract.HOSTILE.size() ? SessionContract.HOSTILE.get(each) : "election " + each)
                .toList();
        me.session().register(names, LEASE);

        me.session()
                .enroll(
                        me.id(),
                        names.stream()
                                .map(name -> new Enrolment(name, ME, "at " + name, 7, false, name))
                                .toList());

        Map<String, Found> rows = me.session().look(names).rows();
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

    private static void enroll(Entered by, Enrolment... candidates) throws SessionException, BusyException {
        by.session().enroll(by.id(), List.of(candidates));
    }

    private OptionalInt bestRival(Entered me) throws SessionException, BusyException {
        return seen(me.session(), "orders").row().succession().bestRival();
    }
}
