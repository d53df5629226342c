package dev.pgleader.simulation;

import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.Faults;
import dev.pgleader.testing.memory.InMemorySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What becomes of everything that one process and its server say to each other. One statement is under way at a time; what
 * becomes of it is decided when it is sent.
 */
final class Way implements Faults {

    private static final long MILLI = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final World world;
    private final Node node;
    private final SplittableRandom random;
    private final List<Trouble> troubles = new ArrayList<>();
    private Fate fate = new Fate(Outcome.ANSWERED, 0, 0, 0, 0);
    private long lateNanos;
    private boolean endUnheard;

    /** Something that is wrong with the network for a while. */
    record Trouble(Happening kind, long from, long to) {
        boolean is(Happening asked, long nanos) {
            boolean cut = kind == Happening.CUT && (asked == Happening.CUT_REQUESTS || asked == Happening.CUT_ANSWERS);
            return (kind == asked || cut) && from <= nanos && nanos < to;
        }
    }

    /**
     * What becomes of a statement.
     *
     * @param outcome whether and when it fails
     * @param landsAt when it takes effect, or when its sender gives it up without
     * @param before the time from sending to then
     * @param after the time from then until its sender knows
     * @param lateAt when it takes effect although its sender has given it up
     */
    record Fate(Outcome outcome, long landsAt, long before, long after, long lateAt) {
        long knownAt() {
            return landsAt + after;
        }
    }

    Way(World world, Node node, SplittableRandom random) {
        this.world = world;
        this.node = node;
        this.random = random;
    }

    void trouble(Happening kind, long from, long to) {
        troubles.removeIf(each -> each.to < world.now());
        troubles.add(new Trouble(kind, from, to));
    }

    /** Everything is well from now on. */
    void heal() {
        troubles.replaceAll(each -> new Trouble(each.kind, each.from, Math.min(each.to, world.now())));
    }

    /** Decides what becomes of a statement that is sent now; the sender has already been halted, where it is. */
    Fate send(long timeoutNanos) {
        long sent = world.now();
        long leaves = node.clocks.awakeAt(sent);
        long arrives = arrival(leaves, timeoutNanos);
        long givenUp = leaves + timeoutNanos;
        if (arrives > givenUp) {
            long fails = node.clocks.awakeAt(givenUp);
            boolean late = arrives < NEVER;
            fate = new Fate(late ? Outcome.LATE : Outcome.LOST, fails, fails - sent, 0, Math.max(arrives, fails));
            return fate;
        }
        long fails = node.clocks.awakeAt(givenUp);
        if (world.mishap(Happening.BACKEND_STUCK, random)) {
            return stuck(Outcome.STUCK, sent, arrives, fails, arrives);
        }
        if (world.mishap(Happening.BACKEND_HALTED, random)) {
            long goesOn = random.nextInt(3) == 0 ? NEVER : fails + upTo(timeoutNanos * 6);
            return stuck(Outcome.HALTED, sent, arrives, fails, goesOn);
        }
        if (world.mishap(Happening.SNAPSHOT_OLD, random)) {
            world.agenda.at(arrives, () -> node.session().ifPresent(InMemorySession::begin));
            arrives += upTo(Math.max(1, givenUp - arrives));
        }
        long answer = answer(arrives, timeoutNanos);
        long knows = node.clocks.awakeAt(answer);
        fate = answer <= fails
                ? new Fate(Outcome.ANSWERED, arrives, arrives - sent, knows - arrives, arrives)
                : new Fate(Outcome.ANSWER_LOST, arrives, arrives - sent, Math.max(fails - arrives, 0), arrives);
        return fate;
    }

    private Fate stuck(Outcome how, long sent, long arrives, long fails, long goesOn) {
        fate = new Fate(how, arrives, arrives - sent, Math.max(fails - arrives, 0), goesOn);
        return fate;
    }

    private long arrival(long leaves, long timeout) {
        if (world.mishap(Happening.STATEMENT_LOST, random)) {
            return NEVER;
        }
        if (world.mishap(Happening.STATEMENT_LATE, random)) {
            return leaves + timeout + upTo(timeout * 3);
        }
        long cutUntil = troubledUntil(Happening.CUT_REQUESTS, leaves);
        if (cutUntil > leaves) {
            return random.nextBoolean() ? cutUntil + upTo(1_000 * MILLI) : NEVER;
        }
        return world.stalledUntil(leaves + delay(leaves, timeout));
    }

    private long answer(long arrives, long timeout) {
        if (world.mishap(Happening.ANSWER_LOST, random)) {
            return NEVER;
        }
        long cutUntil = troubledUntil(Happening.CUT_ANSWERS, arrives);
        if (cutUntil > arrives) {
            return random.nextBoolean() ? cutUntil + upTo(1_000 * MILLI) : NEVER;
        }
        return arrives + delay(arrives, timeout);
    }

    private long delay(long nanos, long timeout) {
        return troubledUntil(Happening.SLOW, nanos) > nanos ? upTo(timeout * 3 / 2) : 20_000 + upTo(2 * MILLI);
    }

    private long troubledUntil(Happening kind, long nanos) {
        long until = nanos;
        for (Trouble trouble : troubles) {
            if (trouble.is(kind, nanos)) {
                until = Math.max(until, trouble.to);
            }
        }
        return until;
    }

    private long upTo(long nanos) {
        return random.nextLong(Math.max(1, nanos));
    }

    // What the simulated database asks

    @Override
    public Fault strike(Act act) {
        return switch (act) {
            case CLOSE -> closing();
            case END -> endHeard();
            case NOTICE -> notice();
            case OPEN_LISTENER, PING -> reachable() ? Fault.NONE : Fault.of(Outcome.LOST);
            case OPEN_SESSION -> {
                boolean refused =
                        troubledUntil(Happening.CONNECTIONS_REFUSED, node.clocks.viewNanos()) > node.clocks.viewNanos();
                yield refused ? Fault.of(Outcome.LOST) : statement(act);
            }
            default -> statement(act);
        };
    }

    private Fault statement(Act act) {
        Fate now = fate;
        if (act == Act.RENEW || act == Act.BID) {
            node.asksForTrust();
        }
        if (node.aspirants.isEmpty() && act != Act.OPEN_SESSION && act != Act.LOOK) {
            world.judges.object("H", node + " only watches, and sends " + act);
        }
        lateNanos = now.lateAt;
        world.story.tell(
                node,
                () -> act + " sent at " + Story.seconds(node.clocks.viewNanos()) + ", " + now.outcome
                        + (now.outcome == Outcome.LATE ? " at " + Story.seconds(now.lateAt) : "") + ", known at "
                        + Story.seconds(now.knownAt()));
        return new Fault(now.outcome, Duration.ofNanos(now.before), Duration.ofNanos(now.after));
    }

    /** A connection is closed after what was sent on it before; a server that cannot be reached finds out by itself. */
    private Fault closing() {
        if (!node.isAlive()) {
            return Fault.of(Outcome.LOST);
        }
        long closed = Math.max(node.clocks.viewNanos(), fate.outcome == Outcome.LATE ? fate.lateAt + 1 : 0);
        long cutUntil = troubledUntil(Happening.CUT_REQUESTS, closed);
        lateNanos = cutUntil > closed
                ? Math.min(cutUntil + upTo(1_000 * MILLI), closed + World.KEEPALIVE_NANOS)
                : closed + delay(closed, MILLI);
        return Fault.of(Outcome.LATE);
    }

    private Fault endHeard() {
        boolean unheard = world.mishap(Happening.END_UNHEARD, random)
                || troubledUntil(Happening.CUT_ANSWERS, world.now()) > world.now();
        endUnheard = unheard;
        return unheard ? Fault.of(Outcome.LOST) : Fault.delay(Duration.ofNanos(upTo(2 * MILLI)), Duration.ZERO);
    }

    private Fault notice() {
        if (world.mishap(Happening.NOTICE_LOST, random) || !reachable()) {
            return Fault.of(Outcome.LOST);
        }
        world.agenda.at(world.now() + delay(world.now(), 100 * MILLI), node::hear);
        return Fault.NONE;
    }

    private boolean reachable() {
        long now = world.now();
        return troubledUntil(Happening.CUT_REQUESTS, now) == now
                && troubledUntil(Happening.CUT_ANSWERS, now) == now
                && troubledUntil(Happening.CONNECTIONS_REFUSED, now) == now;
    }

    /** Returns whether the word that the last session was ended has been lost. */
    boolean endWasUnheard() {
        return endUnheard;
    }

    @Override
    public void elapse(Duration length) {
        node.clocks.elapse(length.toNanos());
    }

    @Override
    public void postpone(Runnable effect) {
        boolean statement =
                (fate.outcome == Outcome.LATE || fate.outcome == Outcome.HALTED) && lateNanos == fate.lateAt;
        if (lateNanos >= NEVER) {
            return;
        }
        world.agenda.at(lateNanos, () -> {
            if (statement) {
                world.tally.count(Happening.LATE_EFFECT);
                world.story.tell(node, () -> "what it gave up reaches the server");
            }
            effect.run();
        });
    }
}
