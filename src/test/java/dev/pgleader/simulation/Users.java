package dev.pgleader.simulation;

import dev.pgleader.internal.runtime.CandidacyUnderTest;
import dev.pgleader.simulation.Tally.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The users of one process who want to know something: those who watch elections, and those who hold tickets. */
final class Users {

    /** An election in which nobody ever stands. */
    static final String NOWHERE = "nowhere";

    final Crier crier;
    final List<TicketHolder> holders = new ArrayList<>();
    private final Node node;
    private final SplittableRandom random;
    private final Curiosity curiosity;
    private final boolean onlyWatch;
    private boolean ended;

    Users(Node node, SplittableRandom random) {
        this.node = node;
        this.random = random;
        this.curiosity = node.world.curiosity;
        this.crier = new Crier(node, random.split());
        this.onlyWatch = curiosity.watched && random.nextInt(8) == 0;
    }

    /** Returns whether they have their process stand in an election. */
    boolean wantToStandIn(String election) {
        return !curiosity.watched || (!onlyWatch && random.nextInt(8) != 0);
    }

    /** Returns whose thread is to do the work of a leadership, if its user has campaigned. */
    Optional<Appointee> appointee(Reign begun) {
        boolean campaigns = curiosity.campaigned && random.nextInt(4) != 0;
        return campaigns ? Optional.of(new Appointee(begun, random.split())) : Optional.empty();
    }

    /** The process has started, and stands where it is to stand. */
    void begin() {
        if (!curiosity.watched) {
            return;
        }
        if (node.aspirants.isEmpty()) {
            node.world.tally.count(Happening.ONLY_WATCHES);
        }
        for (String election : node.world.settings.elections) {
            if (!node.aspirants.containsKey(election) || random.nextInt(4) == 0) {
                watchSoon(election);
            }
        }
        if (random.nextInt(8) == 0) {
            watchSoon(NOWHERE);
        }
    }

    private void watchSoon(String election) {
        soon(() -> new Watcher(node, election, Optional.empty(), random.split()).begin());
    }

    /** The process stands in an election. */
    void stood(Aspirant aspirant) {
        if (curiosity.watched && random.nextBoolean()) {
            soon(() -> new Watcher(node, aspirant.election, Optional.of(aspirant), random.split()).begin());
        }
        if (curiosity.tracked) {
            trackSoon(aspirant);
        }
    }

    private void trackSoon(Aspirant aspirant) {
        soon(() -> {
            long longest = CandidacyUnderTest.longestNotice(node.config).toNanos();
            long guarantee = random.nextInt(4) == 0 ? longest : 1 + random.nextLong(longest);
            TicketHolder holder = new TicketHolder(aspirant, Duration.ofNanos(guarantee), random.split());
            holders.add(holder);
            holder.begin();
        });
    }

    /** Everybody who holds tickets asks at this moment, or as soon as the machine is awake, whether it leads for long enough. */
    void claimAt(long nanos) {
        holders.forEach(holder -> node.whenAwake(nanos, holder::claimIfOpen));
    }

    /** Another observer or tracker comes in the place of one that was closed, perhaps. */
    void replace(Watcher closed) {
        if (random.nextBoolean()) {
            soon(() -> new Watcher(node, closed.election, closed.own, random.split()).begin());
        }
    }

    void replace(TicketHolder closed) {
        if (random.nextInt(4) != 0 && closed.aspirant.isStanding()) {
            trackSoon(closed.aspirant);
        }
    }

    private void soon(Runnable what) {
        long lease = node.config.leaseDuration().toNanos();
        node.whenAwake(node.world.now() + random.nextLong(random.nextInt(3) == 0 ? 1_000_000 : lease), what);
    }

    /** The process has closed everything. */
    void end() {
        ended = true;
        crier.end();
    }

    boolean haveEnded() {
        return ended;
    }
}
