package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session.Beat;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Holding;
import dev.pgleader.internal.runtime.Session.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every session keeps to about those who only watch: see {@link Session}. */
public interface SessionWatchingContract extends SessionFixture {

    /** A process that stands. */
    UUID STANDING = UUID.fromString("00000000-0000-4000-8000-0000000000b1");

    /** Something that only those may do who stand. */
    interface Deed {
        /** Does it. */
        void by(Session session) throws SessionException, BusyException;
    }

    @Test
    default void unknownElection_watched_isNotMentioned() throws Exception {
        assertEquals(Map.of(), onlookersSession().watch(List.of("orders")));
    }

    @Test
    default void electionWithALeader_watched_isWhatItIsToThoseWhoStand() throws Exception {
        Session session = session();
        session.register(List.of("billing", "invoices"));
        Row row = elected(session, "orders", ME);

        Map<String, Found> watched = onlookersSession().watch(List.of("orders", "billing"));

        assertEquals(Set.of("orders", "billing"), watched.keySet());
        Found found = of("orders", watched);
        assertEquals(row, found.row());
        assertEquals(seen(session, "orders").seenOn(), found.seenOn());
        Duration left = found.remaining();
        assertTrue(left.compareTo(LEASE) <= 0 && left.compareTo(LEASE.dividedBy(2)) > 0, left::toString);
        assertEquals(seen(session, "billing"), of("billing", watched));
    }

    @Test
    default void leaseThatIsOver_watched_isOver() throws Exception {
        elected(session(), "orders", ME);
        Session onlooker = onlookersSession();

        letLeasesRunOut();

        assertTrue(of("orders", onlooker.watch(List.of("orders"))).remaining().isNegative());
    }

    @Test
    default void whoIsToBeNext_isNotShownToThoseWhoWatch() throws Exception {
        Session session = session();
        Row led = elected(session, "orders", ME);
        session.enroll(STANDING, LEASE, List.of(enrolment("orders", OTHER)));
        assertTrue(request("orders", Optional.of("10.0.0.8:8080")));
        Row handedOver = elected(session, "billing", ME);
        session.vacate(
                List.of(new Holding("billing", ME, handedOver.term(), Loss.HANDED_OVER, Optional.of("10.0.0.8:8080"))));
        assertNotEquals(Succession.OPEN, seen(session, "orders").row().succession());
        assertNotEquals(Succession.OPEN, seen(session, "billing").row().succession());

        Map<String, Found> watched = onlookersSession().watch(List.of("orders", "billing"));

        for (Found found : watched.values()) {
            assertEquals(Succession.OPEN, found.row().succession());
        }
        assertEquals(led, of("orders", watched).row());
        assertEquals(
                watched.keySet(), session.watch(List.of("orders", "billing")).keySet());
    }

    @Test
    default void tableLocked_watching_isBusyAndTheSessionLives() throws Exception {
        registered(session(), "orders");
        Session onlooker = onlookersSession();

        Foreign locker = lockTable();
        assertThrows(BusyException.class, () -> onlooker.watch(List.of("orders")));
        locker.end();

        assertEquals(Set.of("orders"), onlooker.watch(List.of("orders")).keySet());
    }

    @Test
    default void changeOfAnybody_isHeardByThoseWhoWatch() throws Exception {
        Session session = session();
        Listener listener = listener();
        onlookersSession();

        session.release(List.of(), List.of("orders"));

        assertEquals(Set.of("orders"), listener.await(Duration.ofSeconds(10)));
    }

    // Rights

    @Test
    default void rightToStand_isThereWithoutAsking() throws Exception {
        Session session = session();

        Foreign locker = lockTable();
        session.requireRightToStand();
        locker.end();

        assertEquals(Map.of(), session.look(List.of("orders")));
    }

    @Test
    default void roleThatMayOnlyWatch_hasNoRightToStand() throws Exception {
        refused(Session::requireRightToStand);
    }

    @Test
    default void roleThatMayOnlyWatch_isRefusedEverythingElse() throws Exception {
        Row row = elected(session(), "orders", ME);
        List<Deed> deeds = List.of(
                session -> session.look(List.of("orders")),
                session -> session.register(List.of("billing")),
                session -> session.take(List.of(bid(session, "orders", OTHER, row))),
                session -> session.heartbeat(List.of(new Beat("orders", ME, row.term(), Phase.LEADING))),
                session ->
                        session.vacate(List.of(new Holding("orders", ME, row.term(), Loss.RESIGNED, Optional.empty()))),
                session -> session.askToResign(List.of(new Wish("orders", row.term(), OTHER))),
                session -> session.attend(STANDING, LEASE),
                session -> session.enroll(STANDING, LEASE, List.of(enrolment("orders", OTHER))),
                session -> session.leave(STANDING));

        for (Deed deed : deeds) {
            refused(deed);
        }

        assertEquals(row, seen(session(), "orders").row());
    }

    private void refused(Deed deed) throws SessionException {
        Session onlooker = onlookersSession();
        SessionException refusal = assertThrows(SessionException.class, () -> deed.by(onlooker));
        assertEquals(Problem.Kind.NO_RIGHTS, refusal.problem().kind());
    }
}
