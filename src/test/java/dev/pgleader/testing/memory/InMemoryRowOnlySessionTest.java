package dev.pgleader.testing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionContract;
import dev.pgleader.internal.runtime.SessionRollContract;
import dev.pgleader.internal.runtime.SessionSuccessionContract;
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionWatchingContract;
import dev.pgleader.internal.runtime.SessionWritesContract;
import dev.pgleader.internal.runtime.SessionlessContract;
import org.junit.jupiter.api.Test;

/** Behind a simulated pooler all of the contract holds that does not speak of locks. */
class InMemoryRowOnlySessionTest extends InMemoryFixture
        implements SessionContract,
                SessionlessContract,
                SessionRollContract,
                SessionSuccessionContract,
                SessionTakingContract,
                SessionWatchingContract,
                SessionWritesContract {

    @Override
    void prepare(Route way) {
        way.goThroughPooler();
    }

    @Test
    void restartAndPromotion_areSurvived() throws Exception {
        Session session = session();
        Row row = elected(session, "orders", ME);

        database.primary().restart();
        assertEquals(row, seen(session, "orders").row());
        database.promoteStandby(0, new DatabaseClock(() -> 0));

        assertEquals(
                database.primary().identity().sessionless(),
                seen(session, "orders").seenOn());
    }

    @Override
    public void assertNoLockIsTaken(int lockId) {
        assertTrue(database.primary().lockHolder(lockId).isEmpty());
    }
}
