package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.util.concurrent.Executor;

/** What is told to users who watch, for tests outside this package that have time of their own and no thread. */
public final class DispatchUnderTest implements Executor {

    final Dispatch dispatch;

    /**
     * Makes one.
     *
     * @param wake has {@link #turn} called soon
     */
    public DispatchUnderTest(Ticker ticker, Runnable wake) {
        this.dispatch = new Dispatch(ticker, wake);
    }

    @Override
    public void execute(Runnable task) {
        dispatch.execute(task);
    }

    /** Tells what there is to tell; returns when to call again, if not woken before. */
    public Reading turn() {
        return dispatch.turn();
    }

    /** Does what the thread does last. */
    public void end() {
        dispatch.end();
    }
}
