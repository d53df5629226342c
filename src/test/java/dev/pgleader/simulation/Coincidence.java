package dev.pgleader.simulation;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Conductor;
import dev.pgleader.simulation.MachineClocks.Halt;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemoryServer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What goes wrong together with something else, which chance alone would hardly ever bring about: what the design says that it
 * cannot help, so that its excuse is known to be needed, and what it helps only by looking closely.
 */
final class Coincidence {

    private static final long MILLI = 1_000_000;

    private final World world;
    private final SplittableRandom random;

    Coincidence(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    /** A leader can no longer be reached, nor reach anybody, and its server has noticed: its lock is gone. */
    void isolate(String election) {
        world.leader(election).map(leader -> leader.node).ifPresent(this::isolate);
    }

    private void isolate(Node victim) {
        victim.way.trouble(Happening.CUT, world.now(), world.now() + world.somePause(random));
        victim.session().ifPresent(world::endBackend);
        world.story.tell("!", () -> victim + " is isolated");
    }

    /** An administrator ends all sessions, and a leader that cannot be reached does not notice. */
    void endAll(String election) {
        isolate(election);
        world.alive().forEach(node -> node.session().ifPresent(world::endBackend));
    }

    /** Somebody comes who has not seen anything yet. */
    void newcomer() {
        world.agenda.at(world.now() + random.nextLong(2 * MILLI), () -> {
            if (!world.isCalm()) {
                world.start();
            }
        });
    }

    /**
     * The row of a leader's session is put back as it was when all others saw it last, before they hung for longer than its
     * lease: just before they go on.
     */
    boolean putBackUnseen(InMemoryServer server, String election) {
        Optional<Aspirant> leader = world.leader(election);
        if (leader.isEmpty()) {
            return false;
        }
        Node leading = leader.get().node;
        int session = leader.get().reign().orElseThrow().tenure.session();
        others(leading).forEach(each -> each.post(Conductor::lookAgain));
        long hang = world.now() + 8 * MILLI;
        long wake = hang + world.settings.longest(ElectionConfig::leaseDuration) * 4 / 3;
        world.agenda.at(hang, () -> {
            Optional<Runnable> copy = server.byHand().copied(session);
            for (Node each : others(leading)) {
                each.clocks.halt(each.tamperableFrom(), wake, Halt.PAUSE);
                each.rearm();
            }
            copy.ifPresent(back -> world.agenda.at(wake - MILLI / 10, () -> putBack(server, session, back)));
        });
        return true;
    }

    private void putBack(InMemoryServer server, int session, Runnable copy) {
        if (server.isRunning() && server.byHand().exists(session)) {
            world.story.tell("!", () -> "session " + session + " is put back");
            world.judges.succession.presenceDoubted(server);
            copy.run();
        }
    }

    private List<Node> others(Node leading) {
        return world.alive().stream().filter(each -> each != leading).toList();
    }
}
