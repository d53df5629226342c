package dev.pgleader.testing.memory;

import dev.pgleader.internal.runtime.Database;
import dev.pgleader.internal.runtime.Fencing;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A simulated PostgreSQL: at first one server, and more of them after promotions. Deterministic, and strict: what would be
 * a mistake of the library, such as asking for a lock twice, throws {@link IllegalStateException}. One thread.
 *
 * <p>Used as a {@link Database} itself it never fails by itself; a process of a simulation gets its own {@link Route}.
 */
public final class InMemoryDatabase implements Database {

    private static final long SYSTEM_IDENTIFIER = 7_000_000_000_000_000_001L;
    private static final Duration SILENCE_BOUND = Duration.ofMillis(3465);

    static final Fencing NO_JDBC = new NoJdbc();

    private final LongSupplier trueNanos;
    private final Witness witness;
    private final List<InMemoryServer> servers = new ArrayList<>();
    private final Route sound;
    private InMemoryServer primary;

    /**
     * A database with one server and no elections.
     *
     * @param trueNanos the time that the simulation gives out, which only goes forwards
     */
    public InMemoryDatabase(LongSupplier trueNanos) {
        this(trueNanos, Witness.NOBODY);
    }

    /**
     * A database with one server and no elections.
     *
     * @param trueNanos the time that the simulation gives out, which only goes forwards
     * @param witness told what happens
     */
    public InMemoryDatabase(LongSupplier trueNanos, Witness witness) {
        this.trueNanos = trueNanos;
        this.witness = witness;
        this.primary = new InMemoryServer(trueNanos, new DatabaseClock(trueNanos), witness, SYSTEM_IDENTIFIER, 1);
        this.servers.add(primary);
        this.sound = reachedBy(Faults.NONE);
    }

    /** {@return the server that new connections reach} */
    public InMemoryServer primary() {
        return primary;
    }

    /** {@return every server that there ever was, the oldest first} */
    public List<InMemoryServer> servers() {
        return List.copyOf(servers);
    }

    /**
     * Makes a way to this database, with the silence bound of the default settings.
     *
     * @param faults what goes wrong on it
     * @return the way
     */
    public Route reachedBy(Faults faults) {
        return reachedBy(faults, SILENCE_BOUND);
    }

    /**
     * Makes a way to this database.
     *
     * @param faults what goes wrong on it
     * @param silenceBound how long a session that holds a lock may be silent before the server ends it
     * @return the way
     */
    public Route reachedBy(Faults faults, Duration silenceBound) {
        return new Route(this, faults, silenceBound);
    }

    /**
     * Promotes a standby. New connections reach it; the old primary lives on, with the sessions that it has, until
     * somebody {@linkplain InMemoryServer#stop stops} it.
     *
     * @param lost how many of the primary's last commits the standby had not received
     * @param clock the standby's clock
     * @return the new primary
     */
    public InMemoryServer promoteStandby(int lost, DatabaseClock clock) {
        int timeline = primary.identity().timeline() + 1;
        InMemoryServer promoted = new InMemoryServer(trueNanos, clock, witness, SYSTEM_IDENTIFIER, timeline);
        promoted.replay(primary, lost);
        servers.add(promoted);
        primary = promoted;
        return promoted;
    }

    @Override
    public Session openSession(Guard guard) throws SessionException {
        return sound.openSession(guard);
    }

    @Override
    public Listener openListener(Guard guard) throws SessionException {
        return sound.openListener(guard);
    }

    @Override
    public Fencing fence() {
        return sound.fence();
    }

    /**
     * Says what processes have left open.
     *
     * @return one sentence for each session, lock and listener
     */
    public List<String> leftOpen() {
        return servers.stream().flatMap(server -> server.leftOpen().stream()).toList();
    }
}
