package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Looked;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.Session.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every session keeps to about those who only watch: see {@link Session}. */
public interface SessionWatchingContract extends SessionFixture {

    /** Something that only those may do who stand. */
    interface Deed {
        /** Does it. */
        void by(Session session) throws SessionException, BusyException;
    }

    @Test
    default void unknownElection_watched_isNotMentioned() throws Exception {
        assertEquals(Map.of(), observersSession().watch(List.of("orders")).rows());
    }

    @Test
    default void electionWithALeader_watched_isWhatItIsToThoseWhoStand() throws Exception {
        Entered me = entered();
        me.session().register(List.of("billing", "invoices"), LEASE);
        Row row = elected(me, "orders", ME);

        Looked watched = observersSession().watch(List.of("orders", "billing"));

        assertEquals(Set.of("orders", "billing"), watched.rows().keySet());
        Found found = of("orders", watched.rows());
        assertEquals(row, found.row());
        assertEquals(me.session().server(), watched.server());
        Duration left = found.remaining();
        assertTrue(left.compareTo(LEASE) <= 0 && left.compareTo(LEASE.dividedBy(2)) > 0, left::toString);
        assertEquals(seen(me.session(), "billing"), of("billing", watched.rows()));
    }

    @Test
    default void sessionThatIsOver_watched_isOver() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        Session observer = observersSession();

        byHand().setRemaining(me.id(), Duration.ofMillis(-1));

        assertTrue(of("orders", observer.watch(List.of("orders")).rows())
                .remaining()
                .isNegative());
    }

    @Test
    default void sessionThatIsMissing_watched_isMissing() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        byHand().deleteSession(me.id());

        Found found = of("orders", observersSession().watch(List.of("orders")).rows());

        assertEquals(me.id(), found.row().holder().orElseThrow().sessionId());
        assertEquals(Optional.empty(), found.row().session());
        assertEquals(Duration.ZERO, found.remaining());
    }

    @Test
    default void whoIsToBeNext_isNotShownToThoseWhoWatch() throws Exception {
        Entered me = entered();
        Row led = elected(me, "orders", ME);
        me.session().enroll(me.id(), List.of(enrolment("orders", OTHER), enrolment("billing", OTHER)));
        assertTrue(request("orders", Optional.of("10.0.0.8:8080")));
        Row handedOver = elected(me, "billing", ME);
        me.session()
                .vacate(List.of(
                        new Vacation(held("billing", handedOver), Loss.HANDED_OVER, Optional.of(OTHER.toString()))));
        assertNotEquals(Succession.OPEN, seen(me.session(), "orders").row().succession());
        assertTrue(seen(me.session(), "billing").row().succession().successor().isPresent());

        Map<String, Found> watched =
                observersSession().watch(List.of("orders", "billing")).rows();

        for (Found found : watched.values()) {
            assertEquals(Succession.OPEN, found.row().succession());
        }
        assertEquals(
                led.holder().map(Row.Holder::sessionId),
                of("orders", watched).row().holder().map(Row.Holder::sessionId));
        assertEquals(
                watched.keySet(),
                me.session().watch(List.of("orders", "billing")).rows().keySet());
    }

    @Test
    default void tableLocked_watching_isBusyAndTheSessionLives() throws Exception {
        registered(session(), "orders");
        Session observer = observersSession();

        Foreign locker = lockTable();
        assertThrows(BusyException.class, () -> observer.watch(List.of("orders")));
        locker.end();

        assertEquals(Set.of("orders"), observer.watch(List.of("orders")).rows().keySet());
    }

    @Test
    default void changeOfAnother_isHeardByThoseWhoWatch() throws Exception {
        Session session = session();
        Listener listener = listener();
        observersSession();

        session.announce(List.of("orders"));

        assertEquals(Map.of("orders", News.CHANGED), listener.await(Duration.ofSeconds(10)));
    }

    // Rights

    @Test
    default void rightToStand_isThereWithoutAsking() throws Exception {
        Session session = session();

        Foreign locker = lockTable();
        session.requireRightToStand();
        locker.end();

        assertEquals(Map.of(), session.look(List.of("orders")).rows());
    }

    @Test
    default void roleThatMayOnlyWatch_hasNoRightToStand() throws Exception {
        refused(Session::requireRightToStand);
    }

    @Test
    default void roleThatMayOnlyWatch_isRefusedEverythingElse() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        Session.Version seen = version(me.session(), "orders");
        List<Deed> deeds = List.of(
                session -> session.enter(me.process(), LEASE, REFRACTORY),
                session -> session.leave(me.id()),
                session -> session.look(List.of("orders")),
                session -> session.register(List.of("billing"), LEASE),
                session -> session.bid(
                        terms(me), List.of(Grounds.NONE.claiming(seen).by(enrolment("orders", ME)))),
                session -> session.lead(List.of(held("orders", row))),
                session -> session.vacate(List.of(resigned(held("orders", row)))),
                session -> session.detach(List.of(resigned(held("orders", row)))),
                session -> session.askToResign(List.of(new Wish("orders", row.term(), OTHER))),
                session -> session.enroll(me.id(), List.of(enrolment("orders", OTHER))),
                session -> session.withdraw(List.of(enrolment("orders", OTHER))));

        for (Deed deed : deeds) {
            refused(deed);
        }

        assertEquals(row, seen(session(), "orders").row());
    }

    private void refused(Deed deed) throws SessionException {
        Session observer = observersSession();
        SessionException refusal = assertThrows(SessionException.class, () -> deed.by(observer));
        assertEquals(Problem.Kind.NO_RIGHTS, refusal.problem().kind());
    }
}
