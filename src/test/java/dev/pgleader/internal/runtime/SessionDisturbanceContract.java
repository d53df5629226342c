package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.Session.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every renewal tells of what others have done to the elections that its session holds. See {@link Session}. */
public interface SessionDisturbanceContract extends SessionFixture {

    // What a holder is told of

    @Test
    default void rowDeletedByHand_isToldToItsHolder_once() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(me, "orders", ME);
        elected(me, "billing", ME);
        elected(other, "invoices", OTHER);

        byHand().deleteElection("orders");

        assertEquals(of("orders"), renewed(me));
        assertEquals(Disturbance.NONE, renewed(me));
        assertEquals(Disturbance.NONE, renewed(other));
    }

    @Test
    default void rowEmptiedByHand_isToldToItsHolder() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);

        byHand().empty("orders");

        assertEquals(of("orders"), renewed(me));
    }

    @Test
    default void rowGivenToAnotherSession_isToldToItsHolder() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(me, "orders", ME);

        byHand().give("orders", other.id());

        assertEquals(of("orders"), renewed(me));
        assertEquals(Disturbance.NONE, renewed(other));
    }

    @Test
    default void termRaised_isToldToTheHolder() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);

        byHand().setTerm("orders", row.term() + 1);

        assertEquals(of("orders"), renewed(me));
    }

    @Test
    default void rowsTruncated_areToldToEverySession() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(me, "orders", ME);

        byHand().truncateElections();

        assertEquals(new Disturbance(true, Set.of()), renewed(me));
        assertTrue(renewed(other).everything());
        assertEquals(Disturbance.NONE, renewed(me));
    }

    @Test
    default void severalRows_areToldTogether() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        elected(me, "billing", ME);

        byHand().deleteElection("orders");
        byHand().empty("billing");

        assertEquals(new Disturbance(false, Set.of("orders", "billing")), renewed(me));
    }

    @Test
    default void deletionThatCommitsLate_isToldByTheNextRenewal() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        elected(me, "billing", ME);
        Foreign deleting = deleting("orders");

        byHand().deleteElection("billing");
        assertEquals(of("billing"), renewed(me));
        deleting.commit();

        assertEquals(of("orders"), renewed(me));
        assertEquals(Disturbance.NONE, renewed(me));
    }

    @Test
    default void deletionRolledBack_isNotTold() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        Foreign deleting = deleting("orders");

        deleting.end();

        assertEquals(Disturbance.NONE, renewed(me));
    }

    @Test
    default void rowTakenFromARunningSession_isToldToIt() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(me, "orders", ME);
        byHand().setRemaining(me.id(), LEASE.multipliedBy(9));

        elected(other, "orders", OTHER);

        assertEquals(of("orders"), renewed(me));
        assertEquals(Disturbance.NONE, renewed(other));
    }

    // Wishes

    @Test
    default void leaderThatIsAskedInSql_isTold() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);
        elected(me, "billing", ME);

        assertTrue(request("orders", Optional.empty()));

        assertEquals(of("orders"), renewed(me));
    }

    @Test
    default void leaderThatIsAskedByACandidate_isTold() throws Exception {
        Entered me = entered();
        Entered other = entered();
        Row row = elected(me, "orders", ME);
        other.session().enroll(other.id(), List.of(new Enrolment("orders", OTHER, "there", 1, false, "")));

        other.session().askToResign(List.of(new Wish("orders", row.term(), OTHER)));

        assertEquals(of("orders"), renewed(me));
        assertEquals(Disturbance.NONE, renewed(other));
    }

    // What nobody need be told of

    @Test
    default void holdersOwnWrites_disturbNothing() throws Exception {
        Entered me = entered();
        Row orders = elected(me, "orders", ME);
        Row billing = elected(me, "billing", ME);
        me.session().lead(List.of(held("orders", orders)));

        vacated(me, held("orders", orders));
        me.session().detach(List.of(new Vacation(held("billing", billing), Loss.EXPIRED, Optional.empty())));

        assertEquals(Disturbance.NONE, renewed(me));
    }

    @Test
    default void rowTakenFromASessionThatIsOver_disturbsNothing() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(me, "orders", ME);
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));
        elected(other, "orders", OTHER);

        byHand().setRemaining(me.id(), LEASE);

        assertEquals(Disturbance.NONE, renewed(me));
    }

    @Test
    default void rowRewrittenWithoutAChange_disturbsNothing() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);

        byHand().rewrite("orders");

        assertEquals(Disturbance.NONE, renewed(me));
    }

    @Test
    default void whatWasDoneBeforeTheEntry_isNotTold() throws Exception {
        Entered former = entered();
        elected(former, "orders", ME);
        byHand().truncateElections();

        assertEquals(Disturbance.NONE, renewed(entered()));
    }

    private static Disturbance of(String election) {
        return new Disturbance(false, Set.of(election));
    }
}
