package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.Session.Won;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every session keeps to about names, numbers and announcements. See {@link Session}. */
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

    // Looking

    @Test
    default void unknownElection_looked_isNotMentioned() throws Exception {
        Session session = session();

        Session.Looked looked = session.look(List.of("orders"));

        assertEquals(Map.of(), looked.rows());
        assertEquals(session.server(), looked.server());
    }

    @Test
    default void otherElections_areNotLookedAt() throws Exception {
        Session session = session();
        session.register(List.of("orders", "billing"), LEASE);

        assertEquals(Set.of("orders"), session.look(List.of("orders")).rows().keySet());
    }

    @Test
    default void look_asksForNoLock() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));

        assertTrue(seen(session(), "orders").lockFree().isEmpty());
    }

    @Test
    default void rowEditedByHand_isSeenAsNotTheLibrarys() throws Exception {
        Entered me = entered();
        assertTrue(elected(me, "orders", ME).ownHand());

        byHand().rewrite("orders");

        assertFalse(seen(me.session(), "orders").row().ownHand());
    }

    // Announcements

    @Test
    default void changes_areAnnounced() throws Exception {
        Listener listener = listener();

        session().announce(List.of("orders", "billing"));

        assertEquals(Map.of("orders", News.CHANGED, "billing", News.CHANGED), listener.await(Duration.ofSeconds(10)));
    }

    @Test
    default void rowAnnouncedAsVacant_isVacant() throws Exception {
        Entered me = entered();
        Entered other = entered();
        Row row = elected(me, "orders", ME);
        Listener listener = listener();

        vacated(me, held("orders", row));

        assertEquals(Map.of("orders", News.VACATED), announced(listener, me.session()));
        assertTrue(wins(other, "orders", OTHER, Grounds.NONE), "announced before it was free");
    }

    @Test
    default void listener_afterSilence_stillHears() throws Exception {
        Listener listener = listener();

        assertEquals(Map.of(), listener.await(Duration.ofMillis(20)));
        listener.ping();
        session().announce(List.of("orders"));

        assertEquals(Map.of("orders", News.CHANGED), listener.await(Duration.ofSeconds(10)));
    }

    // Any number of elections, of any name

    @Test
    default void hostileNames_inEveryStatement_areData() throws Exception {
        Entered me = entered();
        livesThrough(me, HOSTILE);
        Listener listener = listener();

        me.session().announce(HOSTILE);

        Set<String> heard = new HashSet<>();
        while (heard.size() < HOSTILE.size()) {
            Set<String> more = listener.await(Duration.ofSeconds(10)).keySet();
            assertFalse(more.isEmpty(), () -> "heard only " + heard);
            heard.addAll(more);
        }
        assertEquals(Set.copyOf(HOSTILE), heard);
    }

    @Test
    default void twoThousandElections_areAllServed() throws Exception {
        livesThrough(
                entered(),
                IntStream.range(0, 2000).mapToObj(each -> "election " + each).toList());
    }

    /** Takes all elections through a whole life. */
    private void livesThrough(Entered me, List<String> names) throws SessionException, BusyException {
        Session session = me.session();
        session.register(names, LEASE);
        assertEquals(Set.copyOf(names), session.look(names).rows().keySet());
        session.enroll(me.id(), names.stream().map(name -> candidate(name)).toList());

        List<Held> held = new ArrayList<>();
        for (int from = 0; from < names.size(); from += Session.MOST_BIDS) {
            List<Bid> bids = names.subList(from, Math.min(from + Session.MOST_BIDS, names.size())).stream()
                    .map(name -> Grounds.NONE.by(candidate(name)))
                    .toList();
            Map<String, Won> won = session.bid(terms(me), bids).won();
            assertEquals(bids.size(), won.size());
            won.forEach((name, leadership) -> held.add(new Held(name, ME, leadership.term(), me.id())));
        }
        session.look(names)
                .rows()
                .forEach((name, found) -> assertEquals(
                        "at " + name, found.row().holder().orElseThrow().address()));

        assertEquals(Set.copyOf(names), session.lead(held));
        assertEquals(Disturbance.NONE, renewed(me));
        List<Vacation> vacations = held.stream().map(this::resigned).toList();
        assertEquals(Set.copyOf(names), session.vacate(vacations));
        session.withdraw(names.stream().map(name -> candidate(name)).toList());
        assertEquals(Disturbance.NONE, renewed(me));
    }

    private static Enrolment candidate(String name) {
        return new Enrolment(name, ME, "at " + name, 0, false, name);
    }
}
