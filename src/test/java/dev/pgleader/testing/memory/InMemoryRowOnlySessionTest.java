package dev.pgleader.testing.memory;

import dev.pgleader.internal.runtime.Disturbance;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionBidContract;
import dev.pgleader.internal.runtime.SessionContract;
import dev.pgleader.internal.runtime.SessionDisturbanceContract;
import dev.pgleader.internal.runtime.SessionLeaseContract;
import dev.pgleader.internal.runtime.SessionListContract;
import dev.pgleader.internal.runtime.SessionRegisteringContract;
import dev.pgleader.internal.runtime.SessionSuccessionContract;
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionVacateContract;
import dev.pgleader.internal.runtime.SessionWatchingContract;
import dev.pgleader.internal.runtime.SessionlessContract;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Behind a simulated pooler all of the contract holds that does not speak of locks. */
class InMemoryRowOnlySessionTest extends InMemoryFixture
        implements SessionContract,
                SessionLeaseContract,
                SessionDisturbanceContract,
                SessionlessContract,
                SessionBidContract,
                SessionTakingContract,
                SessionRegisteringContract,
                SessionVacateContract,
                SessionSuccessionContract,
                SessionListContract,
                SessionWatchingContract {

    @Override
    void prepare(Route way) {
        way.goThroughPooler();
    }

    @Test
    void restartAndPromotion_areSurvived_andEverythingMayHaveChanged() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);

        database.primary().restart();
        assertEquals(row, seen(me.session(), "orders").row());
        assertEquals(Disturbance.NONE, renewed(me));
        database.promoteStandby(0, new DatabaseClock(() -> 0));

        assertEquals(
                database.primary().identity().sessionless(),
                me.session().look(List.of("orders")).server());
        assertEquals(new Disturbance(true, Set.of()), renewed(me));
    }
}
