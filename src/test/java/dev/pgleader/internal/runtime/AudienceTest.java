package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.LEASE;
import static dev.pgleader.internal.runtime.Looks.NANO;
import static dev.pgleader.internal.runtime.Looks.TERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionState;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.testing.memory.Faults;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.InMemoryDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of the elections that are watched are looked at, when, and with how many statements. */
class AudienceTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Pace PACE = new Pace(HOUR, HOUR, HOUR);

    /** Looks that are due within such a span are one statement. */
    private static final Duration TOGETHER = Duration.ofMillis(100);

    private final Looks looks = new Looks();
    private final InMemoryDatabase database = new InMemoryDatabase(looks.ticker::monotonicNanos);
    private final List<Act> asked = new ArrayList<>();
    private final Audience audience = new Audience();
    private final Round round = new Round(
            looks.ticker, PACE, new SessionLease(HOUR, Machine.TIMINGS, looks.ticker.read()), new Contenders());
    private final ObservedElection orders = looks.observed("orders", ObservedElection.Self.NOBODY);
    private final ObservedElection billing = looks.observed("billing", ObservedElection.Self.NOBODY);
    private final Session session;

    AudienceTest() throws SessionException {
        Faults counting = act -> {
            asked.add(act);
            return Fault.NONE;
        };
        session = database.reachedBy(counting).openSession(Guard.NONE);
        asked.clear();
    }

    @AfterEach
    void nothingIsLeftOpen() {
        session.close();
        assertEquals(List.of(), database.leftOpen());
    }

    // Nobody

    @Test
    void nobodyWatches_nothingIsAskedAndNothingIsDue() throws SessionException {
        audience.lookAtAll(round);
        audience.lookAt(List.of("orders"), round);
        audience.lookWhereDue(looks.ticker.read(), round);

        assertTrue(audience.isEmpty());
        assertEquals(inOneHour(), audience.firstDue(inOneHour()));
        assertLookedAt(0);
    }

    @Test
    void lastOneWhoWatchedLeaves_nobodyWatches() {
        ObservedElection alsoOrders = looks.observed();
        audience.add(orders);
        audience.add(alsoOrders);

        audience.remove(orders);
        assertFalse(audience.isEmpty());

        audience.remove(alsoOrders);
        audience.remove(alsoOrders);
        assertTrue(audience.isEmpty());
    }

    @Test
    void whoeverHasLeft_isShownNothing_andTheOthersAre() throws SessionException {
        ObservedElection alsoOrders = looks.observed();
        audience.add(orders);
        audience.add(alsoOrders);
        audience.remove(orders);

        audience.lookAtAll(round);

        assertLookedAt(1, alsoOrders);
    }

    // Together

    @Test
    void everyElection_isLookedAt_byOneStatement_whichAllOfItsWatchersShare() throws SessionException {
        ObservedElection alsoOrders = looks.observed();
        audience.add(orders);
        audience.add(alsoOrders);
        audience.add(billing);

        audience.lookAtAll(round);

        assertLookedAt(1, orders, alsoOrders, billing);
    }

    @Test
    void someElections_areLookedAtAsFarAsTheyAreWatched() throws SessionException {
        audience.add(orders);
        audience.add(billing);

        audience.lookAt(List.of("somebody else's", "billing"), round);

        assertLookedAt(1, billing);
    }

    @Test
    void askedForTwice_isShownOnce() throws SessionException {
        audience.add(orders);

        audience.lookAt(List.of("orders"), round);
        audience.lookAtAll(round);

        assertLookedAt(1, orders);
    }

    // Where leases end

    @Test
    void leaseAboutToEnd_isLookedAtThen_andNotBefore() throws SessionException {
        audience.add(orders);
        see(orders, LEASE);
        Reading due = orders.wakesAt().orElseThrow();
        assertEquals(due, audience.firstDue(inOneHour()));
        ElectionState before = orders.state();

        looks.elapse(due.since(looks.ticker.read()).minus(NANO));
        audience.lookWhereDue(looks.ticker.read(), round);
        assertTrue(round.isEmpty());
        assertEquals(before, orders.state());

        looks.elapse(NANO);
        audience.lookWhereDue(looks.ticker.read(), round);
        assertFalse(round.isEmpty());
        round.execute(session);
        assertEquals("follower, nobody leads", orders.state().toString());
    }

    @Test
    void leasesAboutToEnd_withinAMoment_areLookedAtTogether_andLaterOnesAreNot() throws SessionException {
        ObservedElection soon = looks.observed("soon", ObservedElection.Self.NOBODY);
        ObservedElection later = looks.observed("later", ObservedElection.Self.NOBODY);
        List.of(orders, soon, later, billing).forEach(audience::add);
        see(orders, Duration.ofSeconds(4));
        see(soon, Duration.ofSeconds(4).plus(TOGETHER));
        see(later, Duration.ofSeconds(4).plus(TOGETHER).plus(NANO));

        looks.elapse(orders.wakesAt().orElseThrow().since(looks.ticker.read()));
        audience.lookWhereDue(looks.ticker.read(), round);
        round.execute(session);

        assertEquals(List.of(Act.LOOK), asked);
        assertEquals("follower, nobody leads", orders.state().toString());
        assertEquals("follower, nobody leads", soon.state().toString());
        assertTrue(later.state().leader().isPresent());
        assertEquals("unknown", billing.state().toString());
    }

    @Test
    void firstDue_isTheFirstOfAll_orWhatElseIsDueBefore() {
        audience.add(orders);
        audience.add(billing);
        assertEquals(inOneHour(), audience.firstDue(inOneHour()));

        see(orders, LEASE);
        see(billing, LEASE.minusSeconds(1));

        assertEquals(billing.wakesAt().orElseThrow(), audience.firstDue(inOneHour()));
        assertEquals(looks.ticker.read(), audience.firstDue(looks.ticker.read()));
    }

    @Test
    void nothingDueAnyMore_onceItIsUnanswerable() {
        audience.add(orders);
        see(orders, LEASE);
        looks.elapse(LEASE);

        orders.unanswerable("the table is locked by somebody");

        audience.lookWhereDue(looks.ticker.read(), round);
        assertTrue(round.isEmpty());
        assertEquals(inOneHour(), audience.firstDue(inOneHour()));
    }

    private void see(ObservedElection election, Duration remaining) {
        election.saw(looks.leader(TERM, Phase.LEADING, remaining, Duration.ZERO));
    }

    private Reading inOneHour() {
        return looks.ticker.read().plus(HOUR);
    }

    /** Carries out what was ordered; the database has no elections, so that whoever was shown nothing knows nothing. */
    private void assertLookedAt(int statements, ObservedElection... shown) throws SessionException {
        while (!round.isEmpty()) {
            round.execute(session);
        }
        assertEquals(statements, asked.size(), asked::toString);
        for (ObservedElection each : List.of(orders, billing)) {
            boolean isShown = List.of(shown).contains(each);
            assertEquals(
                    isShown ? "follower, nobody leads" : "unknown", each.state().toString());
        }
        for (ObservedElection each : shown) {
            assertEquals("follower, nobody leads", each.state().toString());
        }
    }
}
