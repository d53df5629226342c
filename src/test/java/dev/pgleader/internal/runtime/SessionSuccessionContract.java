package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Holding;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.Session.Wish;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every session keeps to about who shall be next, and about what leaders are asked for: see {@link Session}. */
public interface SessionSuccessionContract extends SessionFixture {

    /** The process in which {@link #OTHER} stands. */
    UUID PROCESS = UUID.fromString("00000000-0000-4000-8000-00000000000a");

    /** Where {@link #OTHER} serves. */
    String THERE = "10.0.0.8:8080";

    /** For how long whoever has enrolled is present: longer than any test takes. */
    Duration PRESENT = Duration.ofMinutes(5);

    // The holder

    @Test
    default void holder_hasThePriorityAndTheVersionOfItsBid() throws Exception {
        Session session = session();
        Enrolment who = new Enrolment("orders", ME, "10.0.0.7:8080", -3, false, "2026.11-rc1 'x'");

        Row.Holder holder = taken(session, who).holder().orElseThrow();

        assertEquals(-3, holder.priority());
        assertEquals("2026.11-rc1 'x'", holder.version());
        beaten(session, "orders", ME, seen(session, "orders").row().term());
        Row.Holder later = seen(session, "orders").row().holder().orElseThrow();
        assertEquals(-3, later.priority());
        assertEquals("2026.11-rc1 'x'", later.version());
    }

    @Test
    default void holderWithoutAVersion_hasAnEmptyOne() throws Exception {
        Row row = elected(session(), "orders", ME);

        assertEquals("", row.holder().orElseThrow().version());
    }

    // The heir

    @Test
    default void heirThatIsPresent_isNamedByTheVacantRow_asItWasCalled() throws Exception {
        Session session = session();
        for (String name : List.of(OTHER.toString(), THERE)) {
            present(session, there());

            assertEquals(Optional.of(name), handedOver(session, name).heir());
        }
    }

    @Test
    default void heirThatIsNotPresent_isNotNamed() throws Exception {
        Session session = session();
        session.enroll(PROCESS, Duration.ZERO, List.of(there()));

        assertEquals(Optional.empty(), handedOver(session, THERE).heir());
        assertEquals(Optional.empty(), handedOver(session, "10.0.0.99:1").heir());
    }

    @Test
    default void heirThatHasLeft_isNotNamed() throws Exception {
        Session session = session();
        present(session, there());
        session.leave(PROCESS);

        assertEquals(Optional.empty(), handedOver(session, THERE).heir());
    }

    @Test
    default void heirThatNeverLeads_isNotNamed() throws Exception {
        Session session = session();
        present(session, new Enrolment("orders", OTHER, THERE, 0, true, ""));

        assertEquals(Optional.empty(), handedOver(session, THERE).heir());
    }

    @Test
    default void heirThatStandsInAnotherElection_isNotNamed() throws Exception {
        Session session = session();
        present(session, new Enrolment("billing", OTHER, THERE, 0, false, ""));

        assertEquals(Optional.empty(), handedOver(session, THERE).heir());
    }

    @Test
    default void heirThatIsTheFormerLeaderItself_isNotNamed() throws Exception {
        Session session = session();
        present(session, enrolment("orders", ME), there());

        assertEquals(Optional.empty(), handedOver(session, ME.toString()).heir());
    }

    @Test
    default void heirAtTheFormerLeadersAddress_isNamed() throws Exception {
        Session session = session();
        String here = enrolment("orders", ME).address();
        present(session, enrolment("orders", ME), new Enrolment("orders", OTHER, here, 0, false, ""));

        assertEquals(Optional.of(here), handedOver(session, here).heir());
    }

    @Test
    default void heir_handedOverToByName_staysNamedWhileItLeads() throws Exception {
        Session session = session();
        for (String name : List.of(OTHER.toString(), THERE)) {
            present(session, there());
            handedOver(session, name);

            Row row = taken(session, there());

            assertEquals(Optional.of(name), row.succession().heir());
            beaten(session, "orders", OTHER, row.term());
            assertEquals(
                    Optional.of(name),
                    seen(session, "orders").row().succession().heir());
            vacated(session, "orders", OTHER, row.term());
            assertEquals(
                    Optional.empty(), seen(session, "orders").row().succession().heir());
        }
    }

    @Test
    default void heir_forWhomSomebodyWasPreempted_isForgottenOnceItLeads() throws Exception {
        Session session = session();
        present(session, there());

        Optional<String> heir = Optional.of(OTHER.toString());
        assertEquals(heir, ended(session, Loss.PREEMPTED, heir).heir());
        assertEquals(Optional.empty(), taken(session, there()).succession().heir());
    }

    @Test
    default void heir_passedOverByAnother_isForgotten() throws Exception {
        Session session = session();
        present(session, there());
        handedOver(session, THERE);

        Row row = elected(session, "orders", ME);

        assertEquals(Optional.empty(), row.succession().heir());
    }

    @Test
    default void heir_inOffice_isForgottenByWhoeverTakesOverFromIt() throws Exception {
        Session session = session();
        present(session, there());
        handedOver(session, THERE);
        taken(session, there());

        Row row = taken(session, there());

        assertEquals(Optional.empty(), row.succession().heir());
    }

    @Test
    default void hostileHeirs_areData() throws Exception {
        Session session = session();
        for (String name : SessionContract.HOSTILE) {
            present(session, new Enrolment("orders", OTHER, name, 0, false, ""));

            assertEquals(Optional.of(name), handedOver(session, name).heir());
        }
    }

    @Test
    default void whoeverTakesWhatAnotherHadALeaderPreemptedFor_isAppointed() throws Exception {
        Session session = session();
        present(session, there());
        ended(session, Loss.PREEMPTED, Optional.of(OTHER.toString()));

        Row row = elected(session, "orders", ME);

        assertEquals(Optional.of(ME.toString()), row.succession().heir());
        beaten(session, "orders", ME, row.term());
        vacated(session, "orders", ME, row.term());
        assertEquals(
                Optional.empty(), elected(session, "orders", ME).succession().heir());
    }

    // Who has made way

    @Test
    default void whoeverLeavesOfItsOwnAccord_isSaidToHaveMadeWay() throws Exception {
        Session session = session();
        Set<Loss> yielding = EnumSet.of(Loss.RESIGNED, Loss.HANDED_OVER, Loss.PREEMPTED, Loss.FAILED);

        for (Loss loss : Loss.values()) {
            Optional<UUID> yieldedBy = ended(session, loss, Optional.empty()).yieldedBy();

            assertEquals(yielding.contains(loss) ? Optional.of(ME) : Optional.empty(), yieldedBy, loss.name());
        }
    }

    @Test
    default void whoeverHasMadeWay_isRemembered_untilTheNextLeaderIsLostOrMakesWayItself() throws Exception {
        Session session = session();
        ended(session, Loss.RESIGNED, Optional.empty());

        Row next = elected(session, "orders", OTHER);
        assertEquals(Optional.of(ME), next.succession().yieldedBy());
        beaten(session, "orders", OTHER, next.term());
        assertEquals(Optional.of(ME), seen(session, "orders").row().succession().yieldedBy());

        assertEquals(
                Optional.empty(), elected(session, "orders", ME).succession().yieldedBy());
    }

    // Requests

    @Test
    default void request_isSeenByALookAndByTheNextHeartbeat() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);

        assertTrue(request("orders", Optional.of(THERE)));

        Optional<Succession.Request> asked = Optional.of(Succession.Request.handOverTo(THERE));
        assertEquals(asked, seen(session, "orders").row().succession().request());
        assertEquals(asked, asked(session, ME, row.term()));
        assertEquals(asked, asked(session, ME, row.term()));
    }

    @Test
    default void requestForNobody_isOneToResign() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);

        assertTrue(request("orders", Optional.empty()));

        assertEquals(Optional.of(Succession.Request.RESIGN), asked(session, ME, row.term()));
    }

    @Test
    default void severalRequests_lastOneCounts() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);

        request("orders", Optional.of("10.0.0.1:1"));
        request("orders", Optional.of("10.0.0.2:2"));

        Optional<Succession.Request> last = Optional.of(Succession.Request.handOverTo("10.0.0.2:2"));
        assertEquals(last, asked(session, ME, row.term()));
        assertEquals(last, seen(session, "orders").row().succession().request());
    }

    @Test
    default void request_ofOneTerm_isNotTheNextOnes() throws Exception {
        Session session = session();
        elected(session, "orders", ME);
        request("orders", Optional.empty());

        Row next = elected(session, "orders", OTHER);

        assertEquals(Optional.empty(), next.succession().request());
        assertEquals(Optional.empty(), asked(session, OTHER, next.term()));
    }

    @Test
    default void request_ofOneElection_isNotAnothers() throws Exception {
        Session session = session();
        elected(session, "orders", ME);
        Row billing = elected(session, "billing", ME);
        request("orders", Optional.empty());

        assertEquals(
                Optional.empty(), seen(session, "billing").row().succession().request());
        Renewal answer = beat(session, "billing", ME, billing.term(), Phase.LEADING);
        assertEquals(Optional.empty(), ((Renewal.Renewed) answer).request());
    }

    @Test
    default void request_whereNobodyLeads_isNotMade() throws Exception {
        Session session = session();
        assertFalse(request("orders", Optional.empty()));

        ended(session, Loss.RESIGNED, Optional.empty());
        assertFalse(request("orders", Optional.empty()));

        elected(session, "orders", ME);
        letLeasesRunOut();
        assertFalse(request("orders", Optional.empty()));
    }

    @Test
    default void request_isAnnounced() throws Exception {
        Session session = session();
        elected(session, "orders", ME);
        Listener listener = listener();

        request("orders", Optional.empty());

        assertEquals(Set.of("orders"), listener.await(Duration.ofSeconds(10)));
    }

    @Test
    default void candidateThatAsks_isTheHeir_andAnnounced() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);
        present(session, there());
        Listener listener = listener();

        session.askToResign(List.of(new Wish("orders", row.term(), OTHER)));

        assertEquals(Optional.of(preempting(OTHER)), asked(session, ME, row.term()));
        assertEquals(Set.of("orders"), listener.await(Duration.ofSeconds(10)));
    }

    @Test
    default void candidateThatAsks_afterAnybodyElse_isNotHeard() throws Exception {
        Session session = session();
        UUID third = new UUID(0, 3);
        Row orders = elected(session, "orders", ME);
        present(session, there(), new Enrolment("orders", third, "10.0.0.9:8080", 0, false, ""));
        session.askToResign(List.of(new Wish("orders", orders.term(), OTHER)));

        session.askToResign(List.of(new Wish("orders", orders.term(), third)));
        assertEquals(Optional.of(preempting(OTHER)), asked(session, ME, orders.term()));

        request("orders", Optional.of(THERE));
        session.askToResign(List.of(new Wish("orders", orders.term(), third)));
        assertEquals(Optional.of(Succession.Request.handOverTo(THERE)), asked(session, ME, orders.term()));
    }

    @Test
    default void candidateThatAsks_forAnotherTermThanTheRows_isNotHeard() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);
        present(session, there());

        for (long term : List.of(row.term() - 1, row.term() + 1)) {
            session.askToResign(List.of(new Wish("orders", term, OTHER)));
        }

        assertEquals(Optional.empty(), asked(session, ME, row.term()));
        Row next = elected(session, "orders", ME);
        assertEquals(Optional.empty(), next.succession().request());
    }

    @Test
    default void candidateThatAsks_andIsNotPresent_isNotHeard() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);
        session.enroll(PROCESS, Duration.ZERO, List.of(there()));

        session.askToResign(List.of(new Wish("orders", row.term(), OTHER)));
        session.askToResign(List.of(new Wish("orders", row.term(), new UUID(0, 3))));
        assertEquals(Optional.empty(), asked(session, ME, row.term()));

        session.enroll(PROCESS, PRESENT, List.of(there()));
        session.askToResign(List.of(new Wish("orders", row.term(), OTHER)));
        assertEquals(Optional.of(preempting(OTHER)), asked(session, ME, row.term()));
    }

    private static Succession.Request preempting(UUID candidate) {
        return new Succession.Request(Optional.of(candidate.toString()), true);
    }

    private static Enrolment there() {
        return new Enrolment("orders", OTHER, THERE, 0, false, "");
    }

    private static void present(Session session, Enrolment... candidacies) throws SessionException, BusyException {
        session.enroll(PROCESS, PRESENT, List.of());
        session.enroll(PROCESS, PRESENT, List.of(candidacies));
    }

    /** Leads, and hands over to somebody; returns what the vacant row says of it. */
    private Succession handedOver(Session session, String heir) throws SessionException, BusyException {
        return ended(session, Loss.HANDED_OVER, Optional.of(heir));
    }

    /** Leads, and gives the row up; returns what it says then. */
    private Succession ended(Session session, Loss loss, Optional<String> heir) throws SessionException, BusyException {
        Row held = elected(session, "orders", ME);
        assertEquals(Set.of("orders"), session.vacate(List.of(new Holding("orders", ME, held.term(), loss, heir))));
        return seen(session, "orders").row().succession();
    }

    private Row taken(Session session, Enrolment who) throws SessionException, BusyException {
        Row row = registered(session, who.election());
        Claim claim = new Claim(Claim.Basis.STOOD_STILL, row);
        Bid bid = new Bid(who, LEASE, REFRACTORY, 1000, claim, session.server());
        return of(who.election(), session.take(List.of(bid))).row();
    }

    /** Returns what a heartbeat's answer says that the leader has been asked for. */
    private Optional<Succession.Request> asked(Session session, UUID leader, long term)
            throws SessionException, BusyException {
        Renewal answer = beat(session, "orders", leader, term, Phase.LEADING);
        return assertInstanceOf(Renewal.Renewed.class, answer).request();
    }
}
