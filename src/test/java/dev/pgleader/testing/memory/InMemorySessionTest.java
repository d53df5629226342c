package dev.pgleader.testing.memory;

import dev.pgleader.internal.runtime.SessionBidContract;
import dev.pgleader.internal.runtime.SessionContract;
import dev.pgleader.internal.runtime.SessionDisturbanceContract;
import dev.pgleader.internal.runtime.SessionLeaseContract;
import dev.pgleader.internal.runtime.SessionListContract;
import dev.pgleader.internal.runtime.SessionLocksContract;
import dev.pgleader.internal.runtime.SessionRegisteringContract;
import dev.pgleader.internal.runtime.SessionSuccessionContract;
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionVacateContract;
import dev.pgleader.internal.runtime.SessionWatchingContract;

/** The simulated session keeps to the contract. */
class InMemorySessionTest extends InMemoryFixture
        implements SessionContract,
                SessionLeaseContract,
                SessionDisturbanceContract,
                SessionLocksContract,
                SessionBidContract,
                SessionTakingContract,
                SessionRegisteringContract,
                SessionVacateContract,
                SessionSuccessionContract,
                SessionListContract,
                SessionWatchingContract {}
