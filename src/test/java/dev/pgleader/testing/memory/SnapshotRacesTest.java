package dev.pgleader.testing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.runtime.Disturbance;
import dev.pgleader.internal.runtime.Grounds;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.SessionFixture.Entered;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/**
 * What comes of statements that act on what they saw some time ago: a server process may stand still in between, as one of
 * PostgreSQL's may.
 */
class SnapshotRacesTest extends Playground {

    private static final Duration A_WHILE = Duration.ofSeconds(2);

    @Test
    void rowTakenByAnother_meanwhile_isNotTakenAgain() throws Exception {
        Entered me = entered();
        Entered other = entered();
        register(me);

        meanwhile(Act.BID, () -> wins(other, "orders", OTHER, Grounds.NONE));

        assertFalse(wins(me));
        assertEquals(OTHER, row().holder().orElseThrow().candidate());
    }

    @Test
    void rowTakenFromTheDead_byOneWhoEnteredMeanwhile_isNotTakenAgain() throws Exception {
        Entered dead = entered();
        elected(dead, ME);
        kill(dead);
        nanos += LEASE.toNanos();
        Entered me = entered();

        meanwhile(Act.BID, () -> wins(entered(), "orders", OTHER, Grounds.NONE));

        assertFalse(wins(me), "the new holder's session, which no snapshot shows, was taken for missing");
    }

    @Test
    void rowVacatedAndTakenAgain_meanwhile_isNotTaken() throws Exception {
        Entered me = entered();
        Entered other = entered();
        long term = elected(other, ME);
        vacated(other, term);

        meanwhile(Act.BID, () -> {
            assertTrue(wins(other, "orders", OTHER, Grounds.NONE));
            return null;
        });

        assertFalse(wins(me));
    }

    @Test
    void heartbeatAndEndOfASession_meanwhile_electNobody_beforeTheLeaseIsOver() throws Exception {
        Entered leader = entered();
        elected(leader, OTHER);
        leader.session().renew(leader.id(), LEASE, false);
        nanos += LEASE.minusSeconds(1).toNanos();
        Entered me = entered();

        meanwhile(Act.BID, () -> {
            nanos -= A_WHILE.toNanos();
            renew(leader);
            kill(leader);
            nanos += A_WHILE.toNanos();
            return null;
        });

        assertFalse(wins(me), "the clock was read after the snapshot");
    }

    @Test
    void ownSessionThatEnds_meanwhile_winsNothing() throws Exception {
        Entered me = entered();
        register(me);

        meanwhile(Act.BID, () -> {
            database.primary().byHand().deleteSession(me.id());
            return null;
        });

        assertFalse(wins(me));
    }

    @Test
    void rowLocked_meanwhile_isPassedOver() throws Exception {
        Entered me = entered();
        register(me);

        meanwhile(Act.BID, () -> {
            database.primary().lockRow("orders");
            return null;
        });

        assertFalse(wins(me));
    }

    @Test
    void rowGivenToAnotherSession_meanwhile_isNotTaken() throws Exception {
        Entered former = entered();
        elected(former, ME);
        Entered me = entered();
        database.primary().byHand().deleteSession(former.id());
        Grounds stoodStill = stoodStill(me, "orders");

        meanwhile(Act.BID, () -> {
            database.primary().byHand().give("orders", entered().id());
            return null;
        });

        assertFalse(wins(me, "orders", OTHER, stoodStill));
    }

    @Test
    void rowRewrittenByHand_meanwhile_isNotTaken_thoughItSaysTheSame() throws Exception {
        Entered me = entered();
        register(me);

        meanwhile(Act.BID, () -> {
            database.primary().byHand().rewrite("orders");
            return null;
        });

        assertFalse(wins(me));
    }

    @Test
    void disturbanceThatComes_meanwhile_isToldByTheNextRenewal() throws Exception {
        Entered me = entered();
        elected(me, ME);

        meanwhile(Act.RENEW, () -> {
            database.primary().byHand().deleteElection("orders");
            return null;
        });

        assertEquals(Disturbance.NONE, ((Renewal.Renewed) renew(me)).disturbed());
        assertEquals(Set.of("orders"), ((Renewal.Renewed) renew(me)).disturbed().elections());
        assertEquals(Disturbance.NONE, ((Renewal.Renewed) renew(me)).disturbed());
    }

    @Test
    void renewal_isJudgedByTheClockWhenItActs() throws Exception {
        Entered me = entered();
        nanos += LEASE.minusSeconds(1).toNanos();
        faults.put(Act.RENEW, Fault.inTheMiddle(A_WHILE));

        assertEquals(new Renewal.Refused(), renew(me));
    }

    @Test
    void statementBegunEarly_seesWhatWasThereThen() throws Exception {
        Entered me = entered();
        InMemorySession session = (InMemorySession) me.session();

        session.begin();
        register(entered());

        assertEquals(Set.of(), me.session().look(List.of("orders")).rows().keySet());
        assertEquals(
                Set.of("orders"), me.session().look(List.of("orders")).rows().keySet());
    }

    private void meanwhile(Act act, Callable<?> what) {
        faults.put(act, Fault.inTheMiddle(A_WHILE));
        meanwhile = () -> {
            meanwhile = () -> {};
            try {
                what.call();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
    }
}
