package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every session keeps to about its own row: entering, renewing, leaving. See {@link Session}. */
public interface SessionLeaseContract extends SessionFixture {

    /** Longer than {@link #LEASE}. */
    Duration LONGER = LEASE.multipliedBy(3);

    // Entering

    @Test
    default void sessionThatEntered_isWhatItsRowSays() throws Exception {
        Entered me = entered();

        Row.HolderSession row = row(me, elected(me, "orders", ME));

        assertEquals(me.process(), row.process());
        assertEquals(LEASE, row.lease());
        assertTrue(row.beat() > 0, row::toString);
    }

    @Test
    default void twoSessions_haveIdsOfTheirOwn() throws Exception {
        assertNotEquals(entered().id(), entered().id());
    }

    @Test
    default void lengthOfTheEntry_isHowLongTheRowIsGoodFor() throws Exception {
        Session session = session();
        int id = session.enter(UUID.randomUUID(), LONGER, REFRACTORY);
        elected(entered(), "orders", ME);
        byHand().give("orders", id);

        Session.Found found = seen(session, "orders");

        assertEquals(LONGER, found.row().session().orElseThrow().lease());
        assertLeft(LONGER, found.remaining());
    }

    // Renewing

    @Test
    default void renewal_extendsTheRow_byItsOwnLength() throws Exception {
        Entered me = entered();
        Row.HolderSession before = row(me, elected(me, "orders", ME));

        Renewal answer = me.session().renew(me.id(), LONGER, true);

        Row.HolderSession after = row(me, seen(me.session(), "orders").row());
        assertEquals(new Renewal.Renewed(after.expiresAt(), Disturbance.NONE), answer);
        assertEquals(before.beat() + 1, after.beat());
        assertTrue(after.ownHand(), after::toString);
        assertEquals(LONGER, after.lease());
        assertLeft(LONGER, seen(me.session(), "orders").remaining());
    }

    @Test
    default void renewal_ofAShorterLength_shortensTheRow() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        me.session().renew(me.id(), LONGER, false);

        renewed(me);

        assertLeft(LEASE, seen(me.session(), "orders").remaining());
    }

    @Test
    default void rowThatIsOver_isNeverRevived() throws Exception {
        Entered me = entered();
        Row before = elected(me, "orders", ME);
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));

        assertEquals(new Renewal.Refused(), me.session().renew(me.id(), LEASE, true));

        Session.Found after = seen(me.session(), "orders");
        assertEquals(row(me, before).beat(), row(me, after.row()).beat());
        assertTrue(after.remaining().isNegative(), after::toString);
    }

    @Test
    default void rowThatIsGone_isNotRenewed() throws Exception {
        Entered deleted = entered();
        byHand().deleteSession(deleted.id());
        assertEquals(new Renewal.Refused(), deleted.session().renew(deleted.id(), LEASE, true));

        Entered truncated = entered();
        byHand().truncateSessions();
        assertEquals(new Renewal.Refused(), truncated.session().renew(truncated.id(), LEASE, true));
    }

    @Test
    default void rowOfAnotherProcess_isNotRenewed() throws Exception {
        Entered me = entered();
        byHand().setProcess(me.id(), UUID.randomUUID());

        assertEquals(new Renewal.Refused(), me.session().renew(me.id(), LEASE, true));
    }

    @Test
    default void rowOfAnotherSession_isNotRenewed() throws Exception {
        Entered me = entered();
        Entered other = entered();

        assertEquals(new Renewal.Refused(), me.session().renew(other.id(), LEASE, true));
    }

    @Test
    default void tableThatIsGone_refusesTheRenewal() throws Exception {
        Entered me = entered();
        byHand().dropSessions();

        assertEquals(new Renewal.Refused(), me.session().renew(me.id(), LEASE, true));
    }

    @Test
    default void rowThatIsLocked_isPassedOver() throws Exception {
        Entered me = entered();
        Row before = elected(me, "orders", ME);
        Foreign locker = lockSession(me.id());

        assertEquals(new Renewal.PassedOver(), me.session().renew(me.id(), LONGER, true));
        assertEquals(before.session(), seen(me.session(), "orders").row().session());

        locker.end();
        renewed(me);
    }

    @Test
    default void electionsThatAreLocked_doNotHoldUpTheRenewal() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        Foreign row = lockRow("orders");
        renewed(me);
        row.end();

        lockTable();

        renewed(me);
    }

    // Leaving, and the end

    @Test
    default void sessionThatLeft_isNotRenewed() throws Exception {
        Entered me = entered();

        me.session().leave(me.id());

        assertEquals(new Renewal.Refused(), me.session().renew(me.id(), LEASE, true));
    }

    @Test
    default void sessionThatLeft_holdingNothing_hasNoRow_andSpeaksForNoLeader() throws Exception {
        Entered me = entered();
        Entered other = entered();
        Row row = elected(other, "orders", OTHER);

        me.session().leave(me.id());
        registered(other.session(), "billing");
        byHand().give("orders", me.id());

        assertEquals(Optional.empty(), seen(other.session(), "orders").row().session());
        assertEquals(Duration.ZERO, seen(other.session(), "orders").remaining());
        assertTrue(wins(other, "billing", OTHER, Grounds.NONE), row::toString);
    }

    @Test
    default void sessionThatLeft_whileAnElectionNamesIt_keepsItsRow() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);

        me.session().leave(me.id());

        assertEquals(row, seen(me.session(), "orders").row());
        assertFalse(wins(entered(), "orders", OTHER, Grounds.NONE));
    }

    @Test
    default void candidatesOfASessionThatLeft_areOffTheList_andOthersAreNot() throws Exception {
        Entered me = entered();
        Entered other = entered();
        registered(me.session(), "orders");
        me.session().enroll(me.id(), List.of(standing(ME, 4)));
        other.session().enroll(other.id(), List.of(standing(OTHER, 3)));

        me.session().leave(me.id());

        Row row = seen(other.session(), "orders").row();
        assertEquals(3, row.succession().bestRival().orElseThrow());
    }

    @Test
    default void electionTableLocked_look_isBusyAndTheSessionLives() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);

        Foreign locker = lockTable();
        assertThrows(BusyException.class, () -> me.session().look(List.of("orders")));

        locker.end();
        assertEquals(row, seen(me.session(), "orders").row());
    }

    private static Session.Enrolment standing(UUID candidate, int priority) {
        return new Session.Enrolment("orders", candidate, "10.0.0.7:8080", priority, false, "");
    }

    private static Row.HolderSession row(Entered me, Row row) {
        assertEquals(me.id(), row.holder().orElseThrow().sessionId());
        return assertInstanceOf(Row.HolderSession.class, row.session().orElseThrow());
    }

    private static void assertLeft(Duration length, Duration remaining) {
        assertTrue(remaining.compareTo(length) <= 0, remaining::toString);
        assertFalse(remaining.compareTo(length.minusMinutes(1)) < 0, remaining::toString);
    }
}
