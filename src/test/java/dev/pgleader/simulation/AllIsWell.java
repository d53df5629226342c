package dev.pgleader.simulation;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.simulation.Tally.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The end of a run, when nothing goes wrong any more: each leader is asked to make way, by its user or in SQL, and what was
 * asked for must be what comes of it.
 */
final class AllIsWell {

    private static final Duration PRESENT_FOR = Duration.ofSeconds(4);

    private final World world;
    private final SplittableRandom random;
    private final List<Expectation> expectations = new ArrayList<>();

    /**
     * What must come of it.
     *
     * @param election the election
     * @param former who led
     * @param successor who must lead next; empty where it only must not be the former leader
     * @param takings how many leaders there had been before
     */
    private record Expectation(String election, Aspirant former, Optional<Aspirant> successor, int takings) {}

    AllIsWell(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    void begin() {
        for (String election : world.settings.elections) {
            world.leader(election).filter(this::isSettled).ifPresent(this::ask);
        }
    }

    /** Returns whether a leader has nothing else to do than to go when it is asked. */
    private boolean isSettled(Aspirant leader) {
        Reign reign = leader.reign().orElseThrow();
        Row row = world.database.primary().row(leader.election).orElseThrow().row();
        boolean stopsInTime =
                reign.stopsAfter <= leader.node.config.refractoryPeriod().toNanos();
        boolean longInOffice =
                world.now() - reign.begunNanos > 2 * world.settings.longest(config -> config.retryInterval());
        return leader.isStanding()
                && row.term() == reign.term()
                && row.ownHand()
                && row.writtenOn().hasHistoryOf(world.database.primary().identity())
                && row.succession().request().isEmpty()
                && stopsInTime
                && longInOffice;
    }

    private void ask(Aspirant leader) {
        List<Aspirant> ready = ready(leader);
        if (ready.isEmpty()) {
            return;
        }
        Aspirant successor = ready.get(random.nextInt(ready.size()));
        boolean handsOver = random.nextBoolean();
        String name = random.nextBoolean() && isOnlyOneThere(successor)
                ? successor.config().address()
                : successor.id.toString();
        Succession.Request request = handsOver ? Succession.Request.handOverTo(name) : Succession.Request.RESIGN;
        world.story.tell("world", () -> leader.node + " is asked for " + request + " in " + leader.election);
        expectations.add(new Expectation(
                leader.election,
                leader,
                handsOver ? Optional.of(successor) : Optional.empty(),
                takings(leader.election)));
        world.tally.count(handsOver ? Happening.ALL_WELL_HANDED_OVER : Happening.ALL_WELL_RESIGNED);
        if (random.nextBoolean()) {
            leader.ask(request);
        } else {
            world.tally.count(Happening.ALL_WELL_REQUESTED);
            world.database.primary().requestResignation(leader.election, request);
        }
    }

    /** Returns who can follow at once: it is there, hears, has nothing of old to finish, and nobody else is better. */
    private List<Aspirant> ready(Aspirant leader) {
        List<Aspirant> others = present(leader, Duration.ZERO);
        List<Aspirant> ready =
                present(leader, PRESENT_FOR).stream().filter(this::isReady).toList();
        int best =
                others.stream().mapToInt(each -> each.config().priority()).max().orElse(0);
        boolean bestIsReady = ready.stream().anyMatch(each -> each.config().priority() == best);
        return bestIsReady ? ready : List.of();
    }

    /** Returns those whom others take for present, and will for so long, whether they live or not. */
    private List<Aspirant> present(Aspirant leader, Duration margin) {
        return world.database.primary().present(leader.election, margin).stream()
                .map(each -> world.aspirant(each.candidate()))
                .filter(each -> each != leader)
                .toList();
    }

    private boolean isReady(Aspirant each) {
        return each.isStanding()
                && each.node.hears()
                && each.node.session().isPresent()
                && each.reign().filter(Reign::isAtWork).isEmpty();
    }

    private boolean isOnlyOneThere(Aspirant successor) {
        return world.everybody(successor.election).stream()
                        .filter(each -> each.config()
                                .address()
                                .equals(successor.config().address()))
                        .count()
                == 1;
    }

    private int takings(String election) {
        return world.judges.succession.takings(election).size();
    }

    void judge() {
        for (Expectation each : expectations) {
            List<Aspirant> since = world.judges.succession.takings(each.election()).stream()
                    .skip(each.takings())
                    .map(world::aspirant)
                    .toList();
            boolean met = !since.isEmpty()
                    && since.get(0) != each.former()
                    && each.successor()
                            .map(successor -> successor == since.get(0))
                            .orElse(true);
            if (!met) {
                world.judges.object(
                        "F",
                        each.former().node + " was to make way in " + each.election() + " for "
                                + each.successor()
                                        .map(successor -> successor.node.toString())
                                        .orElse("anybody else")
                                + ", but "
                                + since.stream().map(next -> next.node).toList() + " followed");
            }
        }
    }
}
