package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Basis;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Tenure;
import java.time.Instant;

/**
 * On whose behalf a {@link Contender} stands: told what happens, on the loop thread. Must return at once.
 *
 * <p>After {@link #lost}, when everything that {@link #elected} has started is over, it says so by {@link
 * Event#workStopped}.
 */
public interface Principal {

    /** The election was won: start the work. */
    void elected(Tenure tenure, Basis basis);

    /**
     * A heartbeat that was sent at {@code sentAt} was answered; the session now expires at {@code expiresAt} on the database's
     * clock.
     */
    void renewed(Instant expiresAt, Reading sentAt);

    /** A heartbeat was answered in time: the work may believe in itself for longer. */
    void extended(Tenure tenure);

    /** The leadership is over: cancel the work, if it was not cancelled already. */
    void lost(long term, Loss loss);

    /** The election's row was read. */
    void sighted(Sighting seen);

    /** Nothing of a leadership is left to stop or to release. */
    void atRest();

    /** The end: nothing more will be told. */
    void closed();
}
