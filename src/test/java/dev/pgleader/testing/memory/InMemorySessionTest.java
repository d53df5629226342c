package dev.pgleader.testing.memory;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionContract;
import dev.pgleader.internal.runtime.SessionLocksContract;
import dev.pgleader.internal.runtime.SessionRollContract;
import dev.pgleader.internal.runtime.SessionSuccessionContract;
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionWatchingContract;
import dev.pgleader.internal.runtime.SessionWritesContract;

/** The simulated session keeps to the contract. */
class InMemorySessionTest extends InMemoryFixture
        implements SessionContract,
                SessionLocksContract,
                SessionRollContract,
                SessionSuccessionContract,
                SessionTakingContract,
                SessionWatchingContract,
                SessionWritesContract {

    @Override
    public void awaitLock(Session session, String election, int lockId) throws Exception {
        assertTrue(locks(session, election, lockId));
    }
}
