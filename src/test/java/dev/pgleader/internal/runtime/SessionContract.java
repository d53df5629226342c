package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Beat;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Holding;
import dev.pgleader.internal.runtime.Session.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every session keeps to about rows, names and announcements: see {@link Session}. */
public interface SessionContract extends SessionFixture {

    /** Names that are data and nothing else. */
    List<String> HOSTILE = List.of(
            "it's",
            "''",
            "\"quoted\"",
            "back\\slash\\",
            "{braces}",
            "{\"a\",\"b\"}",
            "comma,comma",
            "NULL",
            "null",
            " padded ",
            "line\nbreak\r\n\ttab",
            "%1$s %s ? $1 :name {fn now()} /* */ --",
            "'; drop table election; --",
            "\uD83D\uDC18 \u00E9lection \u202Ertl \u0301",
            "x".repeat(255),
            "\uD83D\uDC18".repeat(255));

    // Looking and registering

    @Test
    default void unknownElection_looked_isNotMentioned() throws Exception {
        assertEquals(Map.of(), session().look(List.of("orders")));
    }

    @Test
    default void newElection_registered_isVacantAndWithoutTerm() throws Exception {
        Session session = session();

        session.register(List.of("orders"));

        Found found = seen(session, "orders");
        assertEquals(0, found.row().term());
        assertEquals(0, found.row().beat());
        assertEquals(Optional.empty(), found.row().holder());
        assertTrue(session.server().hasHistoryOf(found.row().writtenOn()), found::toString);
        assertEquals(Duration.ZERO, found.remaining());
    }

    @Test
    default void knownElection_registeredAgain_staysAsItIs() throws Exception {
        Session session = session();
        Row before = elected(session, "orders", ME);

        session.register(List.of("orders", "billing"));

        assertEquals(before, seen(session, "orders").row());
        assertTrue(seen(session, "billing").row().holder().isEmpty());
    }

    @Test
    default void everyElection_registered_hasLockOfItsOwn() throws Exception {
        Session session = session();

        session.register(HOSTILE);

        Set<Integer> lockIds = new HashSet<>();
        session.look(HOSTILE).values().forEach(found -> lockIds.add(found.row().lockId()));
        assertEquals(HOSTILE.size(), lockIds.size());
    }

    @Test
    default void otherElections_areNotLookedAt() throws Exception {
        Session session = session();
        session.register(List.of("orders", "billing"));

        assertEquals(Set.of("orders"), session.look(List.of("orders")).keySet());
    }

    // The table locked by somebody

    @Test
    default void tableLocked_statement_isBusyAndTheSessionLives() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);

        Foreign locker = lockTable();
        assertThrows(BusyException.class, () -> beat(session, "orders", ME, row.term(), Phase.LEADING));

        locker.end();
        beaten(session, "orders", ME, row.term());
    }

    // Announcements

    @Test
    default void change_released_isAnnounced() throws Exception {
        Listener listener = listener();

        session().release(List.of(), List.of("orders", "billing"));

        assertEquals(Set.of("orders", "billing"), listener.await(Duration.ofSeconds(10)));
    }

    @Test
    default void announcementHeard_lockReleasedWithIt_isFree() throws Exception {
        Session holder = session();
        Session other = session();
        Listener listener = listener();
        int lockId = registered(holder, "orders").lockId();
        assertTrue(locks(holder, "orders", lockId));

        holder.release(List.of(lockId), List.of("orders"));

        assertEquals(Set.of("orders"), listener.await(Duration.ofSeconds(10)));
        assertTrue(locks(other, "orders", lockId), "announced before it was released");
    }

    @Test
    default void listener_afterSilence_stillHears() throws Exception {
        Listener listener = listener();

        assertEquals(Set.of(), listener.await(Duration.ofMillis(20)));
        listener.ping();
        session().release(List.of(), List.of("orders"));

        assertEquals(Set.of("orders"), listener.await(Duration.ofSeconds(10)));
    }

    // Any number of elections, of any name

    @Test
    default void hostileNames_inEveryStatement_areData() throws Exception {
        Session session = session();
        livesThrough(session, HOSTILE);
        Listener listener = listener();

        session.release(List.of(), HOSTILE);

        Set<String> heard = new HashSet<>();
        while (heard.size() < HOSTILE.size()) {
            Set<String> more = listener.await(Duration.ofSeconds(10));
            assertFalse(more.isEmpty(), () -> "heard only " + heard);
            heard.addAll(more);
        }
        assertEquals(Set.copyOf(HOSTILE), heard);
    }

    @Test
    default void twoThousandElections_inOneStatementEach_areAllServed() throws Exception {
        livesThrough(
                session(),
                IntStream.range(0, 2000).mapToObj(each -> "election " + each).toList());
    }

    /** Takes all elections through a whole life. */
    private void livesThrough(Session session, List<String> names) throws SessionException, BusyException {
        session.register(names);
        Map<String, Found> rows = session.look(names);
        assertEquals(Set.copyOf(names), rows.keySet());

        Map<String, Integer> lockIds = new HashMap<>();
        rows.forEach((name, found) -> lockIds.put(name, found.row().lockId()));
        assertEquals(Set.copyOf(names), session.tryLock(lockIds));

        List<Bid> bids = new ArrayList<>();
        rows.forEach((name, found) -> bids.add(new Bid(
                new Enrolment(name, ME, "at " + name, 0, false, ""),
                LEASE,
                REFRACTORY,
                1000,
                bid(session, name, ME, found.row()).claim(),
                found.seenOn())));
        Map<String, Found> taken = session.take(bids);
        assertEquals(Set.copyOf(names), taken.keySet());
        taken.forEach((name, found) ->
                assertEquals("at " + name, found.row().holder().orElseThrow().address()));

        List<Beat> beats = new ArrayList<>();
        taken.forEach((name, found) -> beats.add(new Beat(name, ME, found.row().term(), Phase.LEADING)));
        Map<String, Renewal> renewals = session.heartbeat(beats);
        assertEquals(Set.copyOf(names), renewals.keySet());
        assertTrue(renewals.values().stream().allMatch(Renewal.Renewed.class::isInstance), renewals::toString);

        List<Holding> holdings = new ArrayList<>();
        taken.forEach((name, found) ->
                holdings.add(new Holding(name, ME, found.row().term(), Loss.RESIGNED, Optional.empty())));
        assertEquals(Set.copyOf(names), session.vacate(holdings));
        session.release(lockIds.values(), List.of());
    }
}
