package dev.pgleader.faults.race;

import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.Pause;
import dev.pgleader.testing.PrimaryAndStandby;
import java.util.Optional;

/**
 * One server after another: each is given a standby, loses touch with it, and crashes, whereupon the standby takes its place without
 * what was committed last. For one thread, but for {@link #primary}.
 */
final class Promotions implements AutoCloseable {

    private volatile EmbeddedServer primary;
    private Optional<PrimaryAndStandby> pair = Optional.empty();

    private Promotions(EmbeddedServer first) {
        this.primary = first;
    }

    static Promotions from(EmbeddedServer first) {
        return new Promotions(first);
    }

    /** Returns the server that takes writes now. Thread-safe. */
    EmbeddedServer primary() {
        return primary;
    }

    /** Gives the primary a standby, for which it is restarted. */
    void addStandby() {
        pair = Optional.of(PrimaryAndStandby.restarting(primary));
    }

    /**
     * Has the primary crash, and its standby take its place.
     *
     * @param lostMillis for how long the standby has heard nothing by then
     */
    void fail(int lostMillis) throws InterruptedException {
        PrimaryAndStandby both = pair.orElseThrow();
        both.cutReplication();
        Pause.millis(lostMillis);
        both.primary().crash();
        both.promote();
        primary = both.standby();
        both.primary().close();
        pair = Optional.empty();
    }

    @Override
    public void close() {
        pair.ifPresent(PrimaryAndStandby::close);
        primary.close();
    }
}
