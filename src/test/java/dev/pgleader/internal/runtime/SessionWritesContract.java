package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Beat;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Holding;
import dev.pgleader.internal.runtime.Session.Renewal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every session keeps to when it extends and empties rows: see {@link Session}. */
public interface SessionWritesContract extends SessionFixture {

    // Heartbeats

    @Test
    default void heartbeat_extends_theLeaseAndWritesThePhase() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);

        Renewal answer = beat(session, "orders", ME, held.term(), Phase.LEADING);

        Row.Holder holder = seen(session, "orders").row().holder().orElseThrow();
        assertEquals(new Renewal.Renewed(holder.expiresAt(), Optional.empty()), answer);
        assertEquals(Phase.LEADING, holder.phase());
        assertTrue(!holder.expiresAt().isBefore(held.holder().orElseThrow().expiresAt()));
        assertEquals(held.beat() + 1, seen(session, "orders").row().beat());
        assertEquals(held.term(), seen(session, "orders").row().term());
    }

    @Test
    default void leaseThatIsOver_isNotRevived() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);
        letLeasesRunOut();

        assertEquals(new Renewal.Refused(), beat(session, "orders", ME, held.term(), Phase.LEADING));

        Found after = seen(session, "orders");
        assertEquals(held.beat(), after.row().beat());
        assertTrue(after.remaining().isNegative(), after::toString);
    }

    @Test
    default void heartbeat_ofAnotherCandidateOrTerm_isRefused() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);

        assertEquals(new Renewal.Refused(), beat(session, "orders", OTHER, held.term(), Phase.LEADING));
        assertEquals(new Renewal.Refused(), beat(session, "orders", ME, held.term() - 1, Phase.LEADING));
        assertEquals(new Renewal.Refused(), beat(session, "orders", ME, held.term() + 1, Phase.LEADING));
        assertEquals(new Renewal.Refused(), beat(session, "unknown", ME, held.term(), Phase.LEADING));

        assertEquals(held, seen(session, "orders").row());
    }

    @Test
    default void rowLockedBySomebody_isPassedOver_andTheOthersAreRenewed() throws Exception {
        Session session = session();
        Row locked = elected(session, "locked", ME);
        Row free = elected(session, "free", ME);
        lockRow("locked");

        Map<String, Renewal> answers = session.heartbeat(List.of(
                new Beat("locked", ME, locked.term(), Phase.LEADING),
                new Beat("free", ME, free.term(), Phase.LEADING)));

        assertEquals(new Renewal.PassedOver(), answers.get("locked"));
        assertInstanceOf(Renewal.Renewed.class, answers.get("free"));
        assertEquals(locked, seen(session, "locked").row());
        assertEquals(free.beat() + 1, seen(session, "free").row().beat());
    }

    @Test
    default void fencedRow_isRenewedAllTheSame() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);

        fenceRow("orders");

        beaten(session, "orders", ME, held.term());
    }

    // Vacating

    @Test
    default void holder_vacates_itsRowAndKeepsTheTerm() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);

        vacated(session, "orders", ME, held.term());

        Row after = seen(session, "orders").row();
        assertTrue(after.holder().isEmpty(), after::toString);
        assertEquals(held.term(), after.term());
        assertNotEquals(held.beat(), after.beat());
    }

    @Test
    default void rowOfAnotherCandidateOrTerm_isNotEmptied_andSaidToBeGone() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);

        vacated(session, "orders", OTHER, held.term());
        vacated(session, "orders", ME, held.term() - 1);
        vacated(session, "unknown", ME, held.term());

        assertEquals(held, seen(session, "orders").row());
    }

    @Test
    default void rowLockedBySomebody_isNotSaidToBeVacated_butTheOthersAre() throws Exception {
        Session session = session();
        Row locked = elected(session, "locked", ME);
        Row free = elected(session, "free", ME);
        lockRow("locked");

        Set<String> vacated = session.vacate(List.of(
                new Holding("locked", ME, locked.term(), Loss.RESIGNED, Optional.empty()),
                new Holding("free", ME, free.term(), Loss.RESIGNED, Optional.empty())));

        assertEquals(Set.of("free"), vacated);
        assertEquals(locked, seen(session, "locked").row());
    }

    @Test
    default void leaseThatIsOver_canBeVacated() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);
        letLeasesRunOut();

        vacated(session, "orders", ME, held.term());

        assertTrue(seen(session, "orders").row().holder().isEmpty());
    }

    @Test
    default void vacatedRow_isNotRevivedByAHeartbeat() throws Exception {
        Session session = session();
        Row held = elected(session, "orders", ME);
        vacated(session, "orders", ME, held.term());

        assertEquals(new Renewal.Refused(), beat(session, "orders", ME, held.term(), Phase.LEADING));
    }
}
