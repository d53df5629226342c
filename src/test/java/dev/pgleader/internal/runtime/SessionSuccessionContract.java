package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.Session.Wish;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every session keeps to about who shall be next, and about what leaders are asked for: see {@link Session}. */
public interface SessionSuccessionContract extends SessionFixture {

    /** Where {@link #OTHER} serves. */
    String THERE = "10.0.0.8:8080";

    // The successor

    @Test
    default void successorThatIsPresent_isNamedByTheVacantRow_asItWasCalled() throws Exception {
        Entered me = entered();
        present(me, there());
        for (String name : List.of(OTHER.toString(), THERE)) {
            assertEquals(Optional.of(name), handedOver(me, name).successor());
        }
    }

    @Test
    default void successorThatIsNotPresent_isNotNamed() throws Exception {
        Entered me = entered();
        Entered gone = entered();
        present(gone, there());
        byHand().setRemaining(gone.id(), Duration.ofMillis(-1));

        assertEquals(Optional.empty(), handedOver(me, THERE).successor());
        assertEquals(Optional.empty(), handedOver(me, "10.0.0.99:1").successor());
    }

    @Test
    default void successorThatHasLeft_isNotNamed() throws Exception {
        Entered me = entered();
        Entered other = entered();
        present(other, there());
        other.session().leave(other.id());

        assertEquals(Optional.empty(), handedOver(me, THERE).successor());
    }

    @Test
    default void successorThatNeverLeads_isNotNamed() throws Exception {
        Entered me = entered();
        present(me, new Enrolment("orders", OTHER, THERE, 0, true, ""));

        assertEquals(Optional.empty(), handedOver(me, THERE).successor());
    }

    @Test
    default void successorThatStandsInAnotherElection_isNotNamed() throws Exception {
        Entered me = entered();
        present(me, new Enrolment("billing", OTHER, THERE, 0, false, ""));

        assertEquals(Optional.empty(), handedOver(me, THERE).successor());
    }

    @Test
    default void successorThatIsTheFormerLeaderItself_isNotNamed() throws Exception {
        Entered me = entered();
        present(me, enrolment("orders", ME), there());

        assertEquals(Optional.empty(), handedOver(me, ME.toString()).successor());
    }

    @Test
    default void successorAtTheFormerLeadersAddress_isNamed() throws Exception {
        Entered me = entered();
        String here = enrolment("orders", ME).address();
        present(me, enrolment("orders", ME), new Enrolment("orders", OTHER, here, 0, false, ""));

        assertEquals(Optional.of(here), handedOver(me, here).successor());
    }

    @Test
    default void successor_handedOverToByName_staysNamedWhileItLeads() throws Exception {
        Entered me = entered();
        present(me, there());
        for (String name : List.of(OTHER.toString(), THERE)) {
            handedOver(me, name);

            Row row = taken(me, there());

            assertEquals(Optional.of(name), row.succession().successor());
            me.session().lead(List.of(held("orders", row)));
            assertEquals(
                    Optional.of(name),
                    seen(me.session(), "orders").row().succession().successor());
            vacated(me, held("orders", row));
            assertEquals(
                    Optional.empty(),
                    seen(me.session(), "orders").row().succession().successor());
        }
    }

    @Test
    default void successor_forWhomTheLeaderWasPreempted_isForgottenOnceItLeads() throws Exception {
        Entered me = entered();
        present(me, there());

        Optional<String> successor = Optional.of(OTHER.toString());
        assertEquals(successor, ended(me, Loss.PREEMPTED, successor).successor());
        assertEquals(Optional.empty(), taken(me, there()).succession().successor());
    }

    @Test
    default void successor_passedOverByAnother_isForgotten() throws Exception {
        Entered me = entered();
        present(me, there());
        handedOver(me, THERE);

        assertEquals(Optional.empty(), elected(me, "orders", ME).succession().successor());
    }

    @Test
    default void successorThatLeads_isForgottenByTheNextThatTakesOverFromIt() throws Exception {
        Entered me = entered();
        present(me, there());
        handedOver(me, THERE);
        taken(me, there());
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));

        assertEquals(
                Optional.empty(), elected(entered(), "orders", ME).succession().successor());
    }

    @Test
    default void hostileSuccessors_areData() throws Exception {
        Entered me = entered();
        for (String name : SessionContract.HOSTILE) {
            Enrolment hostile = new Enrolment("orders", OTHER, name, 0, false, "");
            present(me, hostile);
            assertEquals(Optional.of(name), handedOver(me, name).successor());
            me.session().withdraw(List.of(hostile));
        }
    }

    @Test
    default void candidateThatTakesWhatAnotherHadALeaderPreemptedFor_isNamed() throws Exception {
        Entered me = entered();
        present(me, there());
        ended(me, Loss.PREEMPTED, Optional.of(OTHER.toString()));

        Row row = elected(me, "orders", ME);

        assertEquals(Optional.of(ME.toString()), row.succession().successor());
        vacated(me, held("orders", row));
        assertEquals(Optional.empty(), elected(me, "orders", ME).succession().successor());
    }

    // Who has resigned

    @Test
    default void leaderThatGoesOfItsOwnWill_isSaidToHaveResigned() throws Exception {
        Entered me = entered();
        Set<Loss> resigning = EnumSet.of(Loss.RESIGNED, Loss.HANDED_OVER, Loss.PREEMPTED, Loss.FAILED);

        for (Loss loss : Loss.values()) {
            Optional<UUID> resignedBy = ended(me, loss, Optional.empty()).resignedBy();

            assertEquals(resigning.contains(loss) ? Optional.of(ME) : Optional.empty(), resignedBy, loss.name());
        }
    }

    @Test
    default void leaderThatResigned_isRemembered_untilTheNextIsOvertaken() throws Exception {
        Entered me = entered();
        ended(me, Loss.RESIGNED, Optional.empty());

        Row next = elected(me, "orders", OTHER);
        assertEquals(Optional.of(ME), next.succession().resignedBy());
        me.session().lead(List.of(held("orders", next)));
        assertEquals(
                Optional.of(ME), seen(me.session(), "orders").row().succession().resignedBy());
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));

        assertEquals(
                Optional.empty(), elected(entered(), "orders", ME).succession().resignedBy());
    }

    // Requests

    @Test
    default void request_isSeenByALook() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);

        assertTrue(request("orders", Optional.of(THERE)));

        assertEquals(Optional.of(Succession.Request.handOverTo(THERE)), asked(me, "orders"));
    }

    @Test
    default void requestWithoutASuccessor_isOneToResign() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);

        assertTrue(request("orders", Optional.empty()));

        assertEquals(Optional.of(Succession.Request.RESIGN), asked(me, "orders"));
    }

    @Test
    default void severalRequests_lastOneCounts() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);

        request("orders", Optional.of("10.0.0.1:1"));
        request("orders", Optional.of("10.0.0.2:2"));

        assertEquals(Optional.of(Succession.Request.handOverTo("10.0.0.2:2")), asked(me, "orders"));
    }

    @Test
    default void request_ofOneTerm_isNotTheNextOnes() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        request("orders", Optional.empty());
        vacated(me, held("orders", row));

        elected(me, "orders", OTHER);

        assertEquals(Optional.empty(), asked(me, "orders"));
    }

    @Test
    default void request_ofALaterTerm_isNotTheOneOfARowThatWasPutBack() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        request("orders", Optional.empty());

        byHand().setTerm("orders", row.term() - 1);

        assertEquals(Optional.empty(), asked(me, "orders"));
    }

    @Test
    default void request_ofOneElection_isNotAnothers_evenInTheSameTerm() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        elected(me, "billing", ME);
        byHand().setTerm("billing", row.term());

        request("orders", Optional.empty());

        assertEquals(Optional.empty(), asked(me, "billing"));
    }

    @Test
    default void request_whereNobodyLeads_isNotMade() throws Exception {
        Entered me = entered();
        assertFalse(request("orders", Optional.empty()));

        ended(me, Loss.RESIGNED, Optional.empty());
        assertFalse(request("orders", Optional.empty()));

        elected(me, "orders", ME);
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));
        assertFalse(request("orders", Optional.empty()));
    }

    @Test
    default void request_isAnnounced() throws Exception {
        elected(entered(), "orders", ME);
        Listener listener = listener();

        request("orders", Optional.empty());

        assertEquals(Map.of("orders", News.CHANGED), listener.await(Duration.ofSeconds(10)));
    }

    @Test
    default void candidateThatAsks_isToBeTheSuccessor_andThatIsAnnounced() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        present(me, there());
        Listener listener = listener();

        me.session().askToResign(List.of(new Wish("orders", row.term(), OTHER)));

        assertEquals(Optional.of(preempting(OTHER)), asked(me, "orders"));
        assertEquals(Map.of("orders", News.CHANGED), announced(listener, me.session()));
    }

    @Test
    default void candidateThatAsks_afterAnother_isNotHeard() throws Exception {
        Entered me = entered();
        UUID third = new UUID(0, 3);
        Row orders = elected(me, "orders", ME);
        present(me, there(), new Enrolment("orders", third, "10.0.0.9:8080", 0, false, ""));
        me.session().askToResign(List.of(new Wish("orders", orders.term(), OTHER)));

        me.session().askToResign(List.of(new Wish("orders", orders.term(), third)));
        assertEquals(Optional.of(preempting(OTHER)), asked(me, "orders"));

        request("orders", Optional.of(THERE));
        me.session().askToResign(List.of(new Wish("orders", orders.term(), third)));
        assertEquals(Optional.of(Succession.Request.handOverTo(THERE)), asked(me, "orders"));
    }

    @Test
    default void candidateThatAsks_forAnotherTermThanTheRows_isNotHeard() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        present(me, there());
        Listener listener = listener();

        for (long term : List.of(row.term() - 1, row.term() + 1)) {
            me.session().askToResign(List.of(new Wish("orders", term, OTHER)));
        }

        assertEquals(Map.of(), announced(listener, me.session()));
        assertEquals(Optional.empty(), asked(me, "orders"));
        byHand().setTerm("orders", row.term() + 1);
        assertEquals(Optional.empty(), asked(me, "orders"));
    }

    @Test
    default void candidateThatAsks_andIsNotPresent_isNotHeard() throws Exception {
        Entered me = entered();
        Entered other = entered();
        Row row = elected(me, "orders", ME);
        present(other, there());
        byHand().setRemaining(other.id(), Duration.ofMillis(-1));

        me.session().askToResign(List.of(new Wish("orders", row.term(), OTHER)));
        me.session().askToResign(List.of(new Wish("orders", row.term(), new UUID(0, 3))));
        assertEquals(Optional.empty(), asked(me, "orders"));

        byHand().setRemaining(other.id(), LEASE);
        me.session().askToResign(List.of(new Wish("orders", row.term(), OTHER)));
        assertEquals(Optional.of(preempting(OTHER)), asked(me, "orders"));
    }

    private static Succession.Request preempting(UUID candidate) {
        return new Succession.Request(Optional.of(candidate.toString()), true);
    }

    private static Enrolment there() {
        return new Enrolment("orders", OTHER, THERE, 0, false, "");
    }

    private static void present(Entered by, Enrolment... candidates) throws SessionException, BusyException {
        by.session().enroll(by.id(), List.of(candidates));
    }

    /** Leads, and hands over; returns what the vacant row says of it. */
    private Succession handedOver(Entered me, String successor) throws SessionException, BusyException {
        return ended(me, Loss.HANDED_OVER, Optional.of(successor));
    }

    /** Leads, and gives the row up; returns what it says then. */
    private Succession ended(Entered me, Loss loss, Optional<String> successor) throws SessionException, BusyException {
        Row row = elected(me, "orders", ME);
        Vacation vacation = new Vacation(held("orders", row), loss, successor);
        assertEquals(Set.of("orders"), me.session().vacate(List.of(vacation)));
        return seen(me.session(), "orders").row().succession();
    }

    private Row taken(Entered me, Enrolment who) throws SessionException, BusyException {
        assertTrue(wins(me, Grounds.NONE.by(who)));
        return seen(me.session(), who.election()).row();
    }

    private Optional<Succession.Request> asked(Entered me, String election) throws SessionException, BusyException {
        return seen(me.session(), election).row().succession().request();
    }
}
