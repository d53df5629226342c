package dev.pgleader.simulation;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.simulation.MachineClocks.Halt;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemoryServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What goes wrong at some time or other, to some process or to the database: planned at the start, drawn from the seed. */
final class Mischief {

    private static final long MILLI = 1_000_000;
    private static final long HOUR = 3_600_000 * MILLI;

    private final World world;
    private final SplittableRandom random;
    private final long lease;
    private final OtherHands otherHands;
    private final Coincidence coincidence;

    Mischief(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
        this.lease = world.settings.longest(ElectionConfig::leaseDuration);
        this.otherHands = new OtherHands(world, random.split(), lease);
        this.coincidence = new Coincidence(world, random);
    }

    void plan(long untilNanos) {
        List<Happening> kinds = new ArrayList<>(world.settings.faults);
        if (kinds.isEmpty()) {
            return;
        }
        for (int i = 0; i < world.settings.timedFaults; i++) {
            Happening kind = kinds.get(random.nextInt(kinds.size()));
            world.agenda.at(lease / 2 + random.nextLong(untilNanos - lease / 2), () -> strike(kind));
        }
    }

    /** Everything that is still wrong is set right. */
    void end() {
        world.alive().forEach(node -> node.way.heal());
        world.endStall();
        for (InMemoryServer server : world.database.servers()) {
            server.unlockTable();
            world.settings.elections.forEach(server::unlockRow);
            if (server != world.database.primary() && server.isRunning()) {
                server.stop();
            }
        }
        if (!world.database.primary().isRunning()) {
            world.database.primary().start();
            world.everybodyListensAnew();
        }
    }

    private void strike(Happening kind) {
        List<Node> alive = world.alive();
        if (alive.isEmpty()) {
            world.start();
            return;
        }
        Node victim = alive.get(random.nextInt(alive.size()));
        boolean struck =
                switch (kind) {
                    case PAUSE -> halt(victim, Halt.PAUSE);
                    case SUSPENSION -> halt(victim, Halt.SUSPENSION);
                    case FREEZE -> halt(victim, Halt.FREEZE);
                    case SLEPT_UNAWARES -> sleepUnawares(leaderOr(victim));
                    case WALL_CLOCK_FORWARD -> stepWall(victim, random.nextBoolean() ? HOUR : upTo(lease));
                    case WALL_CLOCK_BACK -> stepWall(victim, random.nextBoolean() ? -HOUR : -upTo(lease));
                    case KILL_PROCESS -> kill(victim, upTo(2 * MILLI));
                    case KILL_MACHINE -> kill(victim, World.KEEPALIVE_NANOS / 2 + upTo(World.KEEPALIVE_NANOS / 2));
                    case CUT, CUT_REQUESTS, CUT_ANSWERS, SLOW, CONNECTIONS_REFUSED -> trouble(victim, kind);
                    case HAND_OVER -> handOver(victim);
                    case RESIGN, CLOSE, SHUTDOWN -> userActs(victim, kind);
                    case SESSION_TERMINATED, LISTENER_TERMINATED -> terminate(victim, kind);
                    default -> strikeDatabase(kind);
                };
        if (struck) {
            world.tally.count(kind);
            world.story.tell("!", () -> kind + " (" + victim + ")");
        }
    }

    // A process and its machine

    private boolean halt(Node victim, Halt kind) {
        long from = victim.tamperableFrom();
        if (victim.clocks.awakeAt(from) > from) {
            return false;
        }
        victim.clocks.halt(from, from + world.somePause(random), kind);
        victim.rearm();
        return true;
    }

    /** A machine sleeps and wakes up with the time of day at which it fell asleep. */
    private boolean sleepUnawares(Node victim) {
        long from = victim.tamperableFrom();
        if (victim.clocks.awakeAt(from) > from) {
            return false;
        }
        long length = lease / 2 + upTo(2 * lease);
        victim.clocks.halt(from, from + length, Halt.SUSPENSION);
        victim.clocks.stepWall(from + 1, -length * 102 / 100);
        victim.rearm();
        victim.users.claimAt(from + length);
        return true;
    }

    private Node leaderOr(Node victim) {
        return random.nextInt(4) != 0
                ? world.leader(someElection()).map(leader -> leader.node).orElse(victim)
                : victim;
    }

    private boolean stepWall(Node victim, long by) {
        victim.clocks.stepWall(victim.tamperableFrom(), by);
        victim.rearm();
        return true;
    }

    private boolean kill(Node victim, long farewellAfter) {
        victim.kill(world.now() + farewellAfter);
        if (random.nextInt(4) != 0) {
            world.agenda.at(world.now() + upTo(2 * lease), this::replace);
        }
        return true;
    }

    private void replace() {
        if (!world.isCalm()) {
            world.start();
        }
    }

    private boolean trouble(Node victim, Happening kind) {
        victim.way.trouble(kind, world.now(), world.now() + world.somePause(random));
        return true;
    }

    private boolean userActs(Node victim, Happening kind) {
        Optional<Aspirant> one = world.standing(victim);
        if (kind == Happening.SHUTDOWN) {
            victim.shutDown();
            world.agenda.at(world.now() + upTo(lease), this::replace);
            return true;
        }
        if (one.isEmpty() || !one.get().isStanding()) {
            return false;
        }
        if (kind == Happening.RESIGN) {
            one.get().ask(Succession.Request.RESIGN);
        } else {
            one.get().close();
            world.agenda.at(world.now() + upTo(2 * lease), one.get()::standAgain);
        }
        return true;
    }

    /** A user hands over, mostly where the leader is. */
    private boolean handOver(Node victim) {
        String election = someElection();
        Optional<Aspirant> leader = world.leader(election).filter(any -> random.nextInt(4) != 0);
        Optional<Aspirant> asked = leader.or(() -> world.standing(victim)).filter(Aspirant::isStanding);
        asked.ifPresent(one -> one.ask(Succession.Request.handOverTo(someName(one.election))));
        return asked.isPresent();
    }

    /** Somebody asks in SQL. */
    private boolean request(InMemoryServer primary) {
        String election = someElection();
        Succession.Request request =
                random.nextInt(3) == 0 ? Succession.Request.RESIGN : Succession.Request.handOverTo(someName(election));
        world.story.tell("!", () -> "asked in SQL: " + election + ", " + request);
        return primary.requestResignation(election, request);
    }

    /** Returns what somebody may take for the name of a candidate. */
    private String someName(String election) {
        List<Aspirant> all = world.everybody(election);
        if (all.isEmpty() || random.nextInt(10) == 0) {
            return "nobody";
        }
        List<Aspirant> standing = all.stream().filter(Aspirant::isStanding).toList();
        List<Aspirant> from = standing.isEmpty() || random.nextInt(4) == 0 ? all : standing;
        Aspirant one = from.get(random.nextInt(from.size()));
        return random.nextBoolean() ? one.config().address() : one.id.toString();
    }

    private String someElection() {
        return world.settings.elections.get(random.nextInt(world.settings.elections.size()));
    }

    private boolean terminate(Node victim, Happening kind) {
        if (kind == Happening.LISTENER_TERMINATED) {
            victim.listenSoon();
            return true;
        }
        victim.session().ifPresent(world::endBackend);
        return victim.session().isPresent();
    }

    // The database

    private boolean strikeDatabase(Happening kind) {
        InMemoryServer primary = world.database.primary();
        switch (kind) {
            case SERVER_RESTARTED -> {
                return restart(primary, 0);
            }
            case SERVER_DOWN -> {
                return restart(primary, upTo(2 * lease));
            }
            case REQUEST -> {
                return request(primary);
            }
            case ROLL_FORGOTTEN -> {
                world.judges.succession.presenceDoubted(primary);
                primary.byHand().forgetCandidates();
            }
            case SERVER_STALLED -> world.stall(world.now() + upTo(2 * lease));
            case PROMOTION -> promote(0, 0);
            case COMMITS_LOST -> promote(1 + random.nextInt(6), 0);
            case OLD_PRIMARY_LIVES -> promote(random.nextInt(4), 1 + upTo(3 * lease));
            case DATABASE_CLOCK_FORWARD -> {
                boolean leaderIsGone = random.nextInt(3) == 0;
                if (leaderIsGone) {
                    coincidence.isolate(someElection());
                    coincidence.newcomer();
                }
                long by = leaderIsGone || random.nextBoolean() ? HOUR : upTo(2 * lease);
                world.judges.clockJumpedForward(primary, by == HOUR);
                world.judges.succession.presenceDoubted(primary);
                primary.clock().jump(Duration.ofNanos(by));
            }
            case DATABASE_CLOCK_BACK -> {
                world.clockSetBack();
                world.judges.succession.presenceDoubted(primary);
                primary.clock().jump(Duration.ofNanos(random.nextBoolean() ? -HOUR : -upTo(2 * lease)));
            }
            case ROW_LOCKED -> {
                String row = someElection();
                primary.lockRow(row);
                world.agenda.at(world.now() + upTo(2 * lease), () -> primary.unlockRow(row));
            }
            case TABLE_LOCKED -> {
                primary.lockTable();
                world.agenda.at(world.now() + upTo(2 * lease), primary::unlockTable);
            }
            case SERVER_CRASHED -> {
                if (!primary.isRunning()) {
                    return false;
                }
                primary.crash();
                world.everybodyListensAnew();
            }
            case SESSION_RESTORED -> {
                String election = someElection();
                return primary.isRunning()
                        && (random.nextBoolean()
                                ? coincidence.putBackUnseen(primary, election)
                                : otherHands.strike(kind, primary, election));
            }
            case SCHEMA_DROPPED -> {
                String election = someElection();
                if (primary.isRunning() && random.nextBoolean()) {
                    coincidence.endAll(election);
                }
                return primary.isRunning() && otherHands.strike(kind, primary, election);
            }
            default -> {
                return primary.isRunning() && otherHands.strike(kind, primary, someElection());
            }
        }
        return true;
    }

    private boolean restart(InMemoryServer primary, long downNanos) {
        if (!primary.isRunning()) {
            return false;
        }
        primary.stop();
        world.agenda.at(world.now() + downNanos, () -> {
            if (!primary.isRunning() && world.database.primary() == primary) {
                world.story.tell("database", () -> "starts");
                primary.start();
                world.everybodyListensAnew();
            }
        });
        return true;
    }

    private void promote(int lost, long oldLives) {
        if (lost > 0) {
            world.tally.count(Happening.COMMITS_LOST);
        }
        long ahead = random.nextInt(3) == 0 ? random.nextLong(4 * lease) - 2 * lease : 0;
        world.promote(lost, oldLives, ahead);
    }

    private long upTo(long nanos) {
        return random.nextLong(Math.max(1, nanos));
    }
}
