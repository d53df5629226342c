package dev.pgleader.faults.race;

import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.Freeze;
import dev.pgleader.testing.Pause;
import dev.pgleader.testing.PrimaryAndStandby;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One server after another: each is given a standby, loses touch with it, and crashes, whereupon the standby takes its place without
 * what was committed last. Some of those who were connected are cut off, and do not hear of it. For one thread, but for
 * {@link #primary}.
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

    /** Has the standby miss whatever is committed from now on. */
    void cutReplication() {
        pair.orElseThrow().cutReplication();
    }

    /**
     * Has the primary crash, and its standby take its place.
     *
     * @param cutOff the server processes of those who do not hear of it. They never go on: a server that did would have leaders of
     *     its own
     * @param deaf for how long those hear nothing after that
     */
    void fail(List<Long> cutOff, Duration deaf) throws InterruptedException {
        PrimaryAndStandby both = pair.orElseThrow();
        List<Freeze> frozen = new ArrayList<>();
        cutOff.forEach(backend -> freeze(backend).ifPresent(frozen::add));
        both.primary().kill();
        both.promote();
        primary = both.standby();
        Pause.millis(deaf.toMillis());
        frozen.forEach(Freeze::kill);
        both.primary().close();
        pair = Optional.empty();
    }

    /** Returns what stops a process; empty if that has ended by itself. */
    private static Optional<Freeze> freeze(long pid) {
        try {
            return Optional.of(Freeze.of(pid));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        pair.ifPresent(PrimaryAndStandby::close);
        primary.close();
    }
}
