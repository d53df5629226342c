package dev.pgleader.simulation;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Basis;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemoryServer;
import dev.pgleader.testing.memory.InMemorySession;
import dev.pgleader.testing.memory.StoredSession;
import dev.pgleader.testing.memory.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who object when a promise is broken: judged in real time, from what leaderships would answer if they were asked and from
 * what really is in the database. What the design does not promise is excused here, each case by name.
 */
final class Judges extends HistoryJudge implements Witness {

    private static final int ENOUGH = 5;

    /** The part of its refractory period that work may use whatever the rates of clocks are. */
    private static final double SURE_OF_REFRACTORY = 0.9;

    /** What a leader needs to notice that its session has ended, and its work to be told. */
    private static final long NOTICING_NANOS = 200_000_000;

    /** The longest that the watchdog sleeps, and a little more. */
    private static final long WATCHDOG_NANOS = 260_000_000;

    final SuccessionJudge succession;
    final ObserverJudge observers;
    final TicketJudge tickets;
    private final World world;
    private final List<String> objections = new ArrayList<>();

    Judges(World world) {
        super(world);
        this.world = world;
        this.succession = new SuccessionJudge(world, why -> object("F", why));
        this.observers = new ObserverJudge(world);
        this.tickets = new TicketJudge(world);
    }

    /** Objects, naming the promise. */
    @Override
    void object(String promise, String why) {
        world.story.tell("JUDGE " + promise, () -> why);
        if (objections.size() < ENOUGH) {
            objections.add(String.format(
                    Locale.ROOT, "promise %s is broken at %s: %s", promise, Story.seconds(world.now()), why));
        }
    }

    List<String> objections() {
        return objections;
    }

    @Override
    public void sessionWritten(
            InMemoryServer server,
            int session,
            Optional<StoredSession> before,
            Optional<StoredSession> after,
            Writer writer) {
        super.sessionWritten(server, session, before, after, writer);
        if (writer == Writer.LIBRARY) {
            after.ifPresent(row -> observers.extended(server, session, row));
        }
    }

    @Override
    public void committed(
            InMemoryServer server, String election, Optional<Row> before, Optional<Row> after, Writer writer) {
        super.committed(server, election, before, after, writer);
        after.ifPresent(row -> observers.committed(election, before, row));
        if (writer == Writer.LIBRARY && before.isPresent()) {
            after.ifPresent(row -> succession.committed(server, election, before.get(), row));
        }
    }

    @Override
    public void ended(InMemoryServer server, String election, Row before, Loss loss, boolean atOnce) {
        succession.ended(election, before, loss, atOnce);
    }

    @Override
    public void asked(InMemoryServer server, String election, long term, Succession.Request request) {
        succession.asked(server, election, term, request);
    }

    // B: at most one leadership is held, and the work of two does not overlap

    void gained(Reign reign) {
        if (reign.who.isClosed()) {
            object("E", reign + " is led by a candidate that has closed");
        }
        extended(reign);
        if (!reign.isHeld()) {
            return;
        }
        for (Reign other : others(reign)) {
            if (other.isAtWork() && !other.isHeld()) {
                long late = world.now() - other.overSince();
                double allowed = SURE_OF_REFRACTORY
                                * other.who.node.config.refractoryPeriod().toNanos()
                        - (world.settings.fastTakeover() ? NOTICING_NANOS + other.hindered() : 0);
                if (late < allowed && !excused(other, reign)) {
                    object(
                            "B",
                            "the work of " + reign + " on " + reign.who.node + " begins while that of " + other + " on "
                                    + other.who.node + ", over for " + Story.seconds(late) + ", may still stop");
                }
            }
        }
    }

    /** Something has made a leadership last longer, or its time may have come back. */
    void extended(Reign reign) {
        Reading limit = reign.limit();
        Reading believed = reign.tenancy().deadline();
        if (believed.monotonicNanos() > limit.monotonicNanos()) {
            object(
                    "E",
                    reign + " believes in itself for "
                            + Duration.ofNanos(believed.monotonicNanos() - limit.monotonicNanos())
                            + " longer than its last heartbeat gives");
        }
        probe(reign);
        holdersOf(reign.who.election);
    }

    /** Judges who says that it leads at this moment. */
    void holdersOf(String election) {
        List<Reign> held = new ArrayList<>();
        for (Node node : world.nodes) {
            Aspirant aspirant = node.aspirants.get(election);
            if (aspirant != null && aspirant.reign().isPresent() && node.isAlive() && node.isAwake()) {
                Reign reign = aspirant.reign().get();
                if (world.settings.curious ? reign.tenancy().isHeld() : reign.isHeld()) {
                    held.add(reign);
                }
            }
        }
        for (Reign one : held) {
            tickets.held(one);
            for (Reign other : held) {
                if (one.who.node.number < other.who.node.number && !excused(one, other)) {
                    object(
                            "B",
                            one + " on " + one.who.node + " and " + other + " on " + other.who.node + " are both held");
                }
            }
        }
    }

    private List<Reign> others(Reign reign) {
        List<Reign> others = new ArrayList<>();
        for (Node node : world.nodes) {
            Aspirant aspirant = node.aspirants.get(reign.who.election);
            if (aspirant != null && aspirant != reign.who && node.isAlive()) {
                aspirant.reign().filter(Reign::isAtWork).ifPresent(others::add);
            }
        }
        return others;
    }

    boolean excused(Reign one, Reign other) {
        boolean twoPrimaries = world.wasSplit() && one.timeline() != other.timeline();
        return twoPrimaries || isForgotten(one, other) || isForgotten(other, one) || excused(one) || excused(other);
    }

    /** A promotion has lost what another took beside a leader, which was excused; so that leader claims again. */
    private static boolean isForgotten(Reign taker, Reign claimant) {
        return claimant.hasClaimedBack() && claimant.timeline() != taker.timeline();
    }

    boolean excused(Reign reign) {
        return clocksLied(reign)
                || reign.couldNotNotice()
                || reign.isBetrayed()
                || world.isUnseen(reign)
                || awaitsWatchdog(reign);
    }

    /** A machine that has slept, and whose wall clock was set back meanwhile, knows it by its uptime, once that is looked at. */
    private boolean awaitsWatchdog(Reign reign) {
        MachineClocks clocks = reign.who.node.clocks;
        long now = world.now();
        long overFor = clocks.read().uptimeNanos() - reign.limit().uptimeNanos();
        boolean justAwake = clocks.haltedWithin(now - WATCHDOG_NANOS, now) > 0;
        boolean justOver = overFor <= WATCHDOG_NANOS && clocks.haltedWithin(reign.learnedNanos(), now) > 0;
        boolean hidden = overFor >= 0 && (justAwake || justOver);
        if (hidden) {
            world.tally.count(Happening.SLEPT_AND_SET_BACK);
        }
        return hidden;
    }

    /**
     * A clock that stands still while real time passes has a rate of its own, which promise B leaves out. A claim rests on what it said
     * of the lease before.
     */
    private boolean clocksLied(Reign reign) {
        long before = reign.basis == Basis.CLAIMED ? world.settings.longest(ElectionConfig::leaseDuration) : 0;
        return reign.who.node.clocks.frozeWithin(
                Math.min(reign.learnedNanos(), reign.begunNanos - before), world.now());
    }

    // E: nothing lies

    /** Asks at the very moment at which the time of a leadership is over, and again when the watchdog must have come. */
    private void probe(Reign reign) {
        int number = reign.nextProbe();
        MachineClocks clocks = reign.who.node.clocks;
        long over = clocks.soonReaches(reign.limit(), world.now());
        world.agenda.at(over, () -> askAtTheEnd(reign, number, "at the end of its time"));
        long surelyOver = clocks.anyReaches(reign.limit(), world.now());
        world.agenda.at(clocks.awakeAt(surelyOver) + WATCHDOG_NANOS, () -> {
            long awake = world.now() - WATCHDOG_NANOS;
            if (clocks.haltedWithin(awake, world.now()) == 0) {
                askAtTheEnd(reign, number, "after the watchdog must have come");
            }
        });
    }

    private void askAtTheEnd(Reign reign, int number, String when) {
        Node node = reign.who.node;
        if (reign.isProbe(number) && node.isAlive() && node.isAwake() && reign.isHeld()) {
            boolean over = node.clocks.soonReaches(reign.limit(), world.now()) <= world.now()
                    || node.clocks.anyReaches(reign.limit(), world.now()) + WATCHDOG_NANOS <= world.now();
            if (over) {
                object("E", reign + " says that it is held " + when);
            }
        }
    }

    /** The watchdog sees a time that is over on whichever clock. */
    void watchdogLeaves(Reign reign) {
        Reading now = reign.who.node.clocks.read();
        Reading limit = reign.limit();
        boolean over = now.monotonicNanos() >= limit.monotonicNanos()
                || now.uptimeNanos() >= limit.uptimeNanos()
                || now.wallNanos() >= limit.wallNanos();
        if (over && reign.isHeld()) {
            object("E", reign + " is held although the watchdog has come by after its time");
        }
    }

    /** An answer that comes when the time is over changes nothing. */
    void answered(Reign reign) {
        Reading answer = reign.who.node.lastAnswered();
        Reading limit = reign.limit();
        if (answer.monotonicNanos() >= limit.monotonicNanos() || answer.wallNanos() >= limit.wallNanos()) {
            object("E", reign + " lives on by an answer that came when it was over");
        }
    }

    /** A candidate does not lead anew before its work of old has returned. */
    void succeeded(Reign former) {
        if (former.isAtWork()) {
            object("B", former.who.node + " leads again while its work of " + former + " still runs");
        }
    }

    /** A machine's clocks have been tampered with, or it has come to. */
    void clocksChanged(Aspirant aspirant) {
        aspirant.reign().ifPresent(reign -> {
            probe(reign);
            holdersOf(aspirant.election);
        });
    }

    void closed(Aspirant aspirant) {
        aspirant.reign().filter(Reign::isHeld).ifPresent(reign -> object("E", reign + " is held after its close"));
        aspirant.reign()
                .filter(reign -> reign.appointee.filter(Appointee::waits).isPresent())
                .ifPresent(reign -> object("C", "the post of " + reign + " is open after its close"));
    }

    void ended(Node node) {
        node.aspirants.values().forEach(this::closed);
    }

    // D: somebody leads

    /** What other hands have done may keep everybody out for longer. */
    private boolean isKept(String election) {
        return world.database
                .primary()
                .row(election)
                .map(found -> found.row())
                .filter(row -> outwaitsAPresence(row) || isAStrangers(election, row))
                .isPresent();
    }

    /**
     * A session's row says for how long its process was there, and not for how long it leads: it was put back as it was before that
     * led anything, or a promotion has brought the election's row back.
     */
    private boolean outwaitsAPresence(Row row) {
        return row.session()
                .filter(session -> !session.ownHand() || world.hasPromoted())
                .filter(session -> session.lease().compareTo(row.lease()) > 0)
                .isPresent();
    }

    /** A row was given away to a session that lives on, and whose process does not stand in that election. */
    private boolean isAStrangers(String election, Row row) {
        Optional<Integer> holder = row.holder().map(Row.Holder::sessionId).filter(id -> !row.ownHand());
        return world.nodes.stream()
                .filter(node -> holder.isPresent()
                        && node.session().map(InMemorySession::id).equals(holder))
                .map(node -> Optional.ofNullable(node.aspirants.get(election)))
                .anyMatch(aspirant -> aspirant.filter(Aspirant::isStanding).isEmpty());
    }

    void somebodyMustLead() {
        for (String election : world.settings.elections) {
            boolean led = false;
            for (Node node : world.nodes) {
                Aspirant aspirant = node.aspirants.get(election);
                led |= aspirant != null && aspirant.reign().map(Reign::isHeld).orElse(false);
            }
            if (!led && !isKept(election) && !succession.isChangingHands(election)) {
                object(
                        "D",
                        "nobody leads " + election + " although all is well again: "
                                + world.database.primary().row(election));
            }
        }
    }

    // The end

    void nothingIsLeft() {
        for (Node node : world.nodes) {
            if (node.isAlive()) {
                object("E", node + " has not come to its end");
            }
        }
        observers.nothingIsLeft();
        tickets.nothingIsLeft();
        world.database.leftOpen().forEach(open -> object("E", "left open: " + open));
        world.tally.count(Happening.ENDED);
    }
}
