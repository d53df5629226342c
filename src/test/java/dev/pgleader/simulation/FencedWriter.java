package dev.pgleader.simulation;

import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.FencedTransaction;
import dev.pgleader.testing.memory.InMemoryServer;
import java.util.Optional;
import java.util.SplittableRandom;

/** Writes under the fence of one leadership, again and again, and goes on for a while when that is over. */
final class FencedWriter {

    private static final long MILLI = 1_000_000;

    private final Reign reign;
    private final World world;
    private final Node node;
    private final SplittableRandom random;
    private final long lease;

    FencedWriter(Reign reign) {
        this.reign = reign;
        this.node = reign.who.node;
        this.world = node.world;
        this.random = node.random;
        this.lease = node.config.leaseDuration().toNanos();
    }

    void start() {
        node.whenAwake(world.now() + random.nextLong(lease), this::write);
    }

    private void write() {
        boolean longOver = reign.overSince() < world.now() - 2 * lease;
        if (longOver || world.isCalm()) {
            return;
        }
        InMemoryServer server = world.database.primary();
        world.agenda.at(world.now() + random.nextLong(MILLI), () -> transact(server));
        start();
    }

    /** The commit may come when the leadership is long over, and even when the process is dead. */
    private void transact(InMemoryServer server) {
        Optional<FencedTransaction> begun = server.fence(reign.who.election, reign.term());
        if (begun.isEmpty()) {
            world.tally.count(Happening.FENCE_REFUSED);
            return;
        }
        FencedTransaction transaction = begun.get();
        long bound = node.config.trust().toNanos();
        boolean stalls = world.mishap(Happening.FENCE_STALLS, random) || random.nextInt(10) == 0;
        long ends = world.now() + (stalls ? random.nextLong(2 * bound) : random.nextLong(10 * MILLI));
        if (ends > world.now() + bound) {
            world.agenda.at(world.now() + bound, transaction::rollback);
        } else {
            world.agenda.at(ends, transaction::commit);
        }
    }
}
