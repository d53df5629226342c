package dev.pgleader.simulation;

import dev.pgleader.FollowerReason;
import dev.pgleader.LeadershipChangedException;
import dev.pgleader.LeadershipTracker;
import dev.pgleader.Ticket;
import dev.pgleader.simulation.Slip.Kind;
import dev.pgleader.simulation.Tally.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** A user with a tracker, who asks for tickets at random moments and, now and then, closes it. */
final class TicketHolder {

    private static final int MANY = 6;

    final Aspirant aspirant;
    final Duration guarantee;
    private final SplittableRandom random;
    private final TicketJudge judge;
    private final LeadershipTracker tracker;
    private final List<Slip> slips = new ArrayList<>();
    private final List<Slip> answered = new ArrayList<>();
    private int asked;
    private boolean closed;

    TicketHolder(Aspirant aspirant, Duration guarantee, SplittableRandom random) {
        this.aspirant = aspirant;
        this.guarantee = guarantee;
        this.random = random;
        this.judge = aspirant.node.world.judges.tickets;
        this.tracker = aspirant.candidacy.tracker(guarantee, task -> {
            look();
            aspirant.node.users.crier.dispatch.execute(task);
        });
    }

    World world() {
        return aspirant.node.world;
    }

    void begin() {
        judge.admit(this);
        goOn();
    }

    private void goOn() {
        long lease = aspirant.node.config.leaseDuration().toNanos();
        aspirant.node.whenAwake(world().now() + random.nextLong(lease * 2 / 3), this::turn);
    }

    private void turn() {
        slips.removeIf(slip -> !slip.isOpen() && slip.isTold() && !slip.look());
        if (!isClosed()) {
            askForSomething();
        }
        if (random.nextInt(25) == 0 && !closed) {
            close();
        } else if (!closed || !slips.isEmpty()) {
            goOn();
        }
    }

    private void askForSomething() {
        int dice = random.nextInt(20);
        if (dice < 8) {
            claim();
        } else if (dice < 18 && open().size() >= MANY) {
            return;
        } else if (dice < 12) {
            ask(Kind.START, tracker.waitLeader());
        } else if (dice < 18) {
            ask(Kind.END, tracker.waitFollower());
        } else {
            workStably();
        }
    }

    void claimIfOpen() {
        if (!isClosed()) {
            claim();
        }
    }

    private void claim() {
        ask(Kind.CLAIM, tracker.claimLeader());
    }

    private void ask(Kind kind, Ticket<?> ticket) {
        Slip slip = new Slip(this, ++asked, kind, aspirant.reign(), ticket);
        slips.add(slip);
        slip.await();
        look();
        judge.asked(slip);
    }

    private void workStably() {
        boolean leads = aspirant.reign().filter(Reign::isHeld).isPresent();
        boolean certain = leads && judge.isCertain(aspirant.reign().orElseThrow(), guarantee);
        try {
            boolean told = tracker.withStableLeadership(leading -> leading);
            world().tally.count(Happening.STABLE_WORK_DONE);
            if (told != leads || (leads && !certain)) {
                object(this + " has work told that it leads: " + told + ", which is not so or not for long");
            }
        } catch (LeadershipChangedException changed) {
            world().tally.count(Happening.STABLE_WORK_INTERRUPTED);
            if (!leads || certain) {
                object(this + " interrupts work although nothing has changed");
            }
        }
    }

    /** Finds what has been answered. Of several answers that come at once, which is found first is left to chance. */
    private void look() {
        for (Slip slip : slips) {
            if (slip.isOpen() && slip.look()) {
                judge.answered(slip);
                if (answered.isEmpty()) {
                    world().agenda.at(world().now(), this::react);
                }
                answered.add(slip);
            }
        }
    }

    private void react() {
        boolean uncertain =
                answered.stream().anyMatch(slip -> slip.kind == Kind.END && slip.reason() == FollowerReason.UNCERTAIN);
        answered.sort(Comparator.comparingInt(Slip::number));
        answered.forEach(slip -> world().story.tell(aspirant.node, () -> slip + " is answered"));
        answered.clear();
        if (uncertain && random.nextBoolean()) {
            aspirant.node.whenAwake(world().now() + random.nextLong(1_000_000), this::claimIfOpen);
        }
    }

    private void close() {
        if (random.nextBoolean()) {
            claim();
        }
        closed = true;
        tracker.close();
        world().tally.count(Happening.TRACKER_CLOSED);
        judge.closed(this);
        claim();
        ask(Kind.START, tracker.waitLeader());
        ask(Kind.END, tracker.waitFollower());
        aspirant.node.users.replace(this);
        goOn();
    }

    /** Returns whether it is closed, or its candidacy is. */
    boolean isClosed() {
        return closed || aspirant.isClosed();
    }

    List<Slip> open() {
        return slips.stream().filter(Slip::isOpen).toList();
    }

    /** Judges what must be so when the process has ended. */
    void judgeTheEnd() {
        for (Slip slip : slips) {
            if (slip.isOpen() || !slip.isTold()) {
                object(slip + " is left open");
            }
            slip.look();
        }
    }

    void object(String why) {
        world().judges.object("G", why);
    }

    @Override
    public String toString() {
        return "tracker of " + aspirant.election + " on " + aspirant.node + " for " + guarantee;
    }
}
