package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import dev.pgleader.ElectionObserver;

/**
 * A real observer of an election that is not stood in, for tests outside this package. What is seen goes through their hands,
 * so that the observer learns of it when the answer would be there.
 */
public final class ObservedUnderTest {

    private final ObservedElection observed;
    private final Couriered onlooker;

    /** Makes one that knows nothing yet. */
    public ObservedUnderTest(String election, ElectionConfig config, Ticker ticker, Courier courier) {
        this.observed = new ObservedElection(
                election, ObservedElection.Self.NOBODY, ticker, config.leaseDuration(), config.statementTimeout());
        this.onlooker = new Couriered(observed, courier);
    }

    /**
     * Has it watched by one observer.
     *
     * @param whenClosed what else is done when the observer is closed
     */
    public ElectionObserver admit(DispatchUnderTest dispatch, Runnable whenClosed) {
        return Spectator.admit(observed, dispatch.dispatch, whenClosed);
    }

    /** Has it looked at; on the loop's thread. */
    public void begin(Conductor conductor) {
        conductor.observe(onlooker);
    }

    /** Has it looked at no longer; on the loop's thread. */
    public void end(Conductor conductor) {
        conductor.ignore(onlooker);
    }
}
