package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Found;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every session keeps to when it creates rows, above all whether they are free at once. See {@link Session#register}. */
public interface SessionRegisteringContract extends SessionFixture {

    @Test
    default void newElection_isVacant_withoutATerm_andFreeAtOnce() throws Exception {
        Entered me = entered();

        me.session().register(List.of("orders"), LEASE);

        Found found = seen(me.session(), "orders");
        assertEquals(0, found.row().term());
        assertEquals(0, found.row().released());
        assertEquals(Optional.empty(), found.row().holder());
        assertTrue(found.row().ownHand());
        assertTrue(me.session().server().hasHistoryOf(found.row().writtenOn()), found::toString);
        assertEquals(Duration.ZERO, found.remaining());
        assertTrue(wins(me, "orders", ME, Grounds.NONE));
    }

    @Test
    default void newElection_isFreeAtOnce_evenBeforeAnySessionEntered() throws Exception {
        Session session = session();

        registered(session, "orders");

        assertTrue(wins(entered(session), "orders", ME, Grounds.NONE));
    }

    @Test
    default void knownElection_staysAsItIs() throws Exception {
        Entered me = entered();
        Row before = elected(me, "orders", ME);

        me.session().register(List.of("orders", "billing"), LEASE);

        assertEquals(before, seen(me.session(), "orders").row());
        assertTrue(seen(me.session(), "billing").row().holder().isEmpty());
    }

    // What speaks for a leader

    @Test
    default void electionDeletedByHand_whileItWasLed_mustStandStill() throws Exception {
        Entered me = entered();
        elected(entered(), "orders", OTHER);
        byHand().deleteElection("orders");

        mustStandStill(me, LEASE);
    }

    @Test
    default void electionsTruncatedByHand_whileTheyWereLed_mustStandStill() throws Exception {
        Entered me = entered();
        elected(entered(), "orders", OTHER);
        byHand().truncateElections();

        mustStandStill(me, LEASE);
    }

    @Test
    default void electionRemovedOfLate_mustStandStill() throws Exception {
        Entered me = entered();
        byHand().remember("orders", 5, Optional.of(LEASE.multipliedBy(2).minusMinutes(1)), "removed");

        mustStandStill(me, LEASE);
    }

    /** Its row may have been put back, and led on for as long. */
    @Test
    default void electionRemovedLongAgo_mustStandStill() throws Exception {
        Entered me = entered();
        byHand().remember("orders", 5, Optional.of(LEASE.multipliedBy(100)), "removed");

        mustStandStill(me, LEASE);
    }

    /** Its leader let it go while its work was still running. */
    @Test
    default void electionDeletedByHand_afterItWasDetached_mustStandStill() throws Exception {
        Entered me = entered();
        detached();
        byHand().deleteElection("orders");

        mustStandStill(me, LEASE);
    }

    @Test
    default void electionsTruncatedByHand_afterTheyWereDetached_mustStandStill() throws Exception {
        Entered me = entered();
        detached();
        byHand().truncateElections();

        mustStandStill(me, LEASE);
    }

    /** Whoever led may not have noticed yet. */
    @Test
    default void electionDeletedByHand_afterItWasGivenAway_andThenGivenUp_mustStandStill() throws Exception {
        Entered me = entered();
        Row led = elected(entered(), "orders", OTHER);
        byHand().give("orders", me.id());
        Row given = seen(me.session(), "orders").row();
        me.session().detach(List.of(resigned(held("orders", given))));
        byHand().deleteElection("orders");

        assertEquals(led.term(), given.term());
        mustStandStill(me, LEASE);
    }

    @Test
    default void electionDeletedByHand_afterADetachedTermWasOutwaited_andTheNextGivenUp_isFreeAtOnce()
            throws Exception {
        Entered me = entered();
        Entered leader = detached();
        outwaitedGivenUpAndDeleted(leader, OTHER);

        isFreeAtOnce(me);
    }

    @Test
    default void electionDeletedByHand_afterATermWasRemovedByHand_andTheNextGivenUp_mustStandStill() throws Exception {
        Entered me = entered();
        Entered leader = entered();
        elected(leader, "orders", OTHER);
        byHand().empty("orders");
        outwaitedGivenUpAndDeleted(leader, OTHER);

        mustStandStill(me, LEASE);
    }

    @Test
    default void electionDeletedByHand_afterOneWasOutwaited_andTheNextGivenUp_isFreeAtOnce() throws Exception {
        Entered me = entered();
        Entered leader = entered();
        Entered dead = entered();
        elected(dead, "orders", OTHER);
        dead.session().close();
        byHand().setRemaining(dead.id(), Duration.ofSeconds(-1));
        outwaitedGivenUpAndDeleted(leader, ME);

        isFreeAtOnce(me);
    }

    @Test
    default void electionWhoseTermsWereGivenUp_isFreeAtOnce() throws Exception {
        Entered me = entered();
        byHand().remember("orders", 5, Optional.of(Duration.ofSeconds(1)), "resigned");

        isFreeAtOnce(me);
    }

    @Test
    default void historyOfAnotherElection_speaksForNobodyHere() throws Exception {
        Entered me = entered();
        byHand().remember("billing", 5, Optional.empty(), "");

        isFreeAtOnce(me);
    }

    @Test
    default void timelineWrittenDownLessThanALeaseAgo_makesNewRowsStandStill() throws Exception {
        Entered me = entered();
        byHand().setServerSince(LEASE.minusMinutes(1));

        mustStandStill(me, LEASE);
    }

    @Test
    default void timelineWrittenDownALeaseAgo_isOldEnough_forThatLease() throws Exception {
        Entered me = entered();
        byHand().setServerSince(LEASE.plusSeconds(1));

        registered(me.session(), "orders");

        assertTrue(wins(me, "orders", ME, Grounds.NONE));
        me.session().register(List.of("billing"), LEASE.multipliedBy(2));
        assertFalse(wins(me, "billing", ME, Grounds.NONE));
        assertEquals(LEASE.multipliedBy(2), seen(me.session(), "billing").row().lease());
    }

    // Locks in the way

    @Test
    default void electionThatAnotherIsRegistering_isLeftOut_andTheOthersAreRegistered() throws Exception {
        Entered me = entered();
        Foreign other = registering("stuck");

        me.session().register(List.of("billing", "stuck", "orders"), LEASE);

        List<String> all = List.of("billing", "stuck", "orders");
        assertEquals(Set.of("billing", "orders"), me.session().look(all).rows().keySet());
        other.end();
        me.session().register(all, LEASE);
        assertEquals(Set.copyOf(all), me.session().look(all).rows().keySet());
    }

    @Test
    default void tableLocked_registering_isBusyAndTheSessionLives() throws Exception {
        Session session = session();
        Foreign locker = lockTable();

        assertThrows(BusyException.class, () -> session.register(List.of("orders"), LEASE));

        locker.end();
        registered(session, "orders");
    }

    /** A leader lets the election go while its work is running. */
    private Entered detached() throws Exception {
        Entered leader = entered();
        Row led = elected(leader, "orders", OTHER);
        leader.session().detach(List.of(resigned(held("orders", led))));
        return leader;
    }

    /** Takes the election once it has stood still, and gives it up; then other hands delete its row. */
    private void outwaitedGivenUpAndDeleted(Entered by, UUID candidate) throws Exception {
        assertTrue(wins(by, "orders", candidate, Grounds.NONE.still(version(by.session(), "orders"))));
        vacated(by, held("orders", seen(by.session(), "orders").row()));
        byHand().deleteElection("orders");
    }

    private void isFreeAtOnce(Entered me) throws Exception {
        registered(me.session(), "orders");

        assertTrue(wins(me, "orders", ME, Grounds.NONE));
    }

    private void mustStandStill(Entered me, Duration lease) throws Exception {
        Row row = registered(me.session(), "orders");
        assertEquals(0, row.term());
        assertEquals(Optional.empty(), row.holder());
        assertEquals(lease, row.lease());
        assertFalse(wins(me, "orders", ME, Grounds.NONE));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.still(version(me.session(), "orders"))));
    }
}
