package dev.pgleader.simulation;

import dev.pgleader.FollowerReason;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.simulation.Slip.Kind;
import dev.pgleader.simulation.Tally.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges tickets (G): that leading was certain for as long as was promised, by the process's own clocks and by who else led
 * then; that nothing was refused which could be promised; that whoever waits is told in time and of what is so; and that
 * none is left open.
 */
final class TicketJudge {

    /** The longest that the watchdog sleeps, and a little more. */
    private static final long WATCHDOG_NANOS = 260_000_000;

    /** A heartbeat that is asked for while a turn of the loop is under way is sent in the next. */
    private static final int TURNS = 2;

    private final World world;
    private final List<TicketHolder> holders = new ArrayList<>();
    private final List<Promised> promised = new ArrayList<>();

    /** Somebody was told that a leadership is certain until its machine's clocks show this. */
    private record Promised(Reign reign, long sinceNanos, Reading until) {}

    TicketJudge(World world) {
        this.world = world;
    }

    void admit(TicketHolder holder) {
        holders.add(holder);
    }

    private static void object(Slip slip, String why) {
        slip.holder.object(slip + " " + why);
    }

    // What is left of a leadership

    /** Returns whether by all three clocks more than this is left of a leadership that is held. */
    boolean isCertain(Reign reign, Duration guarantee) {
        Reading now = reign.who.node.clocks.read();
        Duration left = new Deadline(reign.tenancy().deadline()).remaining(now);
        return reign.isHeld() && left.compareTo(guarantee) > 0;
    }

    private static boolean isHeld(Optional<Reign> reign) {
        return reign.filter(Reign::isHeld).isPresent();
    }

    private boolean isCertain(Slip slip) {
        return slip.reign
                .filter(reign -> isCertain(reign, slip.holder.guarantee))
                .isPresent();
    }

    // Asking and answering

    /** Somebody has just asked. */
    void asked(Slip slip) {
        if (!slip.isOpen()) {
            return;
        }
        if (slip.holder.isClosed()) {
            object(slip, "is open although it was asked for after the close");
        } else if (slip.kind == Kind.START && isHeld(slip.reign)) {
            object(slip, "waits for what has begun");
        } else if (slip.kind == Kind.END && !isCertain(slip)) {
            object(slip, "waits for what is no longer certain");
        } else if (slip.kind == Kind.END) {
            probe(slip);
        }
    }

    /** It has been answered at this moment. */
    void answered(Slip slip) {
        switch (slip.kind) {
            case CLAIM -> claimed(slip);
            case START -> started(slip);
            case END -> ended(slip);
        }
    }

    private void claimed(Slip slip) {
        boolean atOnce = slip.isAnsweredAtOnce();
        if (slip.isYes()) {
            world.tally.count(atOnce ? Happening.CLAIM_GRANTED : Happening.CLAIM_GRANTED_BY_HEARTBEAT);
            slip.reign.ifPresentOrElse(
                    reign -> promise(slip, reign), () -> object(slip, "is granted to who never led"));
        } else {
            world.tally.count(atOnce ? Happening.CLAIM_REFUSED : Happening.CLAIM_REFUSED_LATER);
            if (!slip.holder.isClosed() && isCertain(slip)) {
                object(slip, "is refused although leading is certain for longer");
            }
        }
    }

    private void promise(Slip slip, Reign reign) {
        Reading now = reign.who.node.clocks.read();
        Reading until = now.plus(slip.holder.guarantee);
        Reading limit = reign.limit();
        boolean kept = until.monotonicNanos() < limit.monotonicNanos() && until.wallNanos() < limit.wallNanos();
        if (!reign.isHeld() || !kept) {
            object(slip, "is granted, but " + reign + " is not held for so long");
        }
        if (until.uptimeNanos() >= limit.uptimeNanos()) {
            // The machine has slept and woken up with the time of day at which it fell asleep: a claim asks no third
            // clock.
            world.tally.count(Happening.CLAIM_GRANTED_AFTER_SLEEP);
            return;
        }
        promised.removeIf(each -> !isInForce(each));
        promised.add(new Promised(reign, world.now(), until));
    }

    private void started(Slip slip) {
        Aspirant aspirant = slip.holder.aspirant;
        if (!slip.isYes()) {
            world.tally.count(Happening.START_CLOSED);
            if (!slip.holder.isClosed()) {
                object(slip, "is given up although nothing was closed");
            }
            return;
        }
        world.tally.count(Happening.START_SEEN);
        if (!isHeld(aspirant.reign()) && !aspirant.isBeginning()) {
            object(slip, "is told of a begin, and nothing is held");
        }
    }

    private void ended(Slip slip) {
        FollowerReason reason = slip.reason();
        world.tally.count(Happening.valueOf("END_" + reason));
        boolean wrong =
                switch (reason) {
                    case NOT_LEADING -> isHeld(slip.reign) || !slip.isAnsweredAtOnce();
                    case CLOSED -> !slip.holder.isClosed();
                    case LOST -> isHeld(slip.reign);
                    case UNCERTAIN -> !isHeld(slip.reign) || isCertain(slip);
                };
        if (wrong) {
            object(slip, "is answered " + reason + ", and " + slip.reign + " is held: " + isHeld(slip.reign));
        }
    }

    /** Comes back when a wait for the end must have been over, unless a heartbeat has been answered meanwhile. */
    private void probe(Slip slip) {
        Reign reign = slip.reign.orElseThrow();
        Reading deadline = reign.tenancy().deadline();
        long since = world.now();
        long due = dueNanos(slip, reign, since);
        world.agenda.at(due + WATCHDOG_NANOS, () -> {
            if (!slip.isOpen() || !reign.who.node.isAlive()) {
                return;
            }
            long napped = world.now() - WATCHDOG_NANOS;
            boolean awake = reign.who.node.clocks.haltedWithin(napped, world.now()) == 0;
            boolean unchanged = deadline.equals(reign.tenancy().deadline());
            if (awake && unchanged && dueNanos(slip, reign, since) <= napped) {
                object(slip, "is open although leading is no longer certain, or over");
            } else {
                probe(slip);
            }
        });
    }

    /** Returns when, not before {@code since}, its alarm is due by the deadline that is in force. */
    private static long dueNanos(Slip slip, Reign reign, long since) {
        Reading due = reign.tenancy().deadline().plus(slip.holder.guarantee.negated());
        return reign.who.node.clocks.anyReaches(due, since);
    }

    // What happens to leaderships

    /** A leadership has begun, and everybody who is to be told has been told. */
    void gained(Aspirant aspirant) {
        openOf(aspirant, Kind.START).forEach(slip -> object(slip, "is open although leading has begun"));
    }

    /** A leadership is over, and its work has been interrupted. */
    void over(Reign reign) {
        for (Kind kind : List.of(Kind.CLAIM, Kind.END)) {
            openOf(reign.who, kind).stream()
                    .filter(slip -> slip.reign.equals(Optional.of(reign)))
                    .forEach(slip -> object(slip, "is open although " + reign + " is over"));
        }
    }

    private List<Slip> openOf(Aspirant aspirant, Kind kind) {
        return aspirant.node.users.holders.stream()
                .filter(holder -> holder.aspirant == aspirant)
                .flatMap(holder -> holder.open().stream())
                .filter(slip -> slip.kind == kind)
                .toList();
    }

    /** A turn of a loop is over, and whoever waited for its answers has been told. */
    void turnEnded(Node node) {
        for (TicketHolder holder : node.users.holders) {
            for (Slip slip : holder.open()) {
                if (slip.kind == Kind.CLAIM && slip.turn() >= TURNS) {
                    object(slip, "is open although a heartbeat must have been answered or have failed");
                }
            }
        }
    }

    /** Somebody says that it leads: nobody else may have been promised this moment. */
    void held(Reign reign) {
        for (Promised each : promised) {
            boolean others = each.reign.who != reign.who && each.reign.who.election.equals(reign.who.election);
            if (others && isInForce(each) && !world.judges.excused(each.reign, reign)) {
                world.judges.object(
                        "G",
                        reign + " on " + reign.who.node + " is held while " + each.reign + " was promised to "
                                + each.reign.who.node);
            }
        }
    }

    /** What nobody can foresee ends a promise with the leadership. */
    private boolean isInForce(Promised each) {
        Node node = each.reign.who.node;
        boolean lostInTime =
                each.reign.loss().filter(why -> why != Loss.EXPIRED).isPresent();
        return node.isAlive() && !lostInTime && node.clocks.anyReaches(each.until, each.sinceNanos) > world.now();
    }

    // The end

    void closed(TicketHolder holder) {
        holder.open().forEach(slip -> object(slip, "is open after the close"));
    }

    void closed(Aspirant aspirant) {
        aspirant.node.users.holders.stream()
                .filter(holder -> holder.aspirant == aspirant)
                .forEach(this::closed);
    }

    void nothingIsLeft() {
        holders.stream()
                .filter(holder -> holder.aspirant.node.users.haveEnded())
                .forEach(TicketHolder::judgeTheEnd);
    }
}
