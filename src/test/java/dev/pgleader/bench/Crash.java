package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.time.Duration;
import java.util.List;

/** A leader is killed as by {@code kill -9}: how soon the next one begins. */
final class Crash implements Scenario {

    private static final int ARENAS = 5;
    private static final int LEASE_MS = 5000;
    private static final int P50_MS = 4300;
    private static final int SLACK_MS = 250;
    private static final int FAST_P50_MS = 30;
    private static final int FAST_P99_MS = 100;
    private static final int HEARTBEAT_MS = 1000;

    private final boolean fast;
    private final Samples untilNext = new Samples();
    private final Samples pastLease = new Samples();

    /**
     * Makes the case.
     *
     * @param fast whether the next leader may begin as soon as the session of the last one has ended
     */
    Crash(boolean fast) {
        this.fast = fast;
    }

    @Override
    public String name() {
        return fast ? "kill-session-end" : "kill";
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        // What takes milliseconds is not to be disturbed by another arena's starting processes.
        int arenas = fast ? 1 : ARENAS;
        Arenas.share(lab.effort().rounds(), arenas, (arena, rounds) -> play(lab, arena, rounds));
        return fast
                ? List.of(new Figure(
                                name(),
                                "kill to the next leader's begin, ms",
                                untilNext,
                                List.of(new Figure.Limit(50, FAST_P50_MS), new Figure.Limit(99, FAST_P99_MS)))
                        .after("p50 37, p99 62 to 81"))
                : List.of(
                        new Figure(
                                        name(),
                                        "kill to the next leader's begin, ms",
                                        untilNext,
                                        List.of(new Figure.Limit(50, P50_MS), Figure.atMost(LEASE_MS + SLACK_MS)))
                                .after("max 5,100"),
                        new Figure(
                                name(),
                                "end of the lease to the next leader's begin, ms",
                                pastLease,
                                List.of(Figure.atMost(SLACK_MS))));
    }

    private void play(Lab lab, int arena, int rounds) throws Exception {
        Setup setup = fast ? lab.setup().with(Setup.Style.FAST_TAKEOVER) : lab.setup();
        Pair pair = Pair.of(lab.start(setup), lab.start(setup), name() + arena, Duration.ZERO);
        for (int round = 0; round < rounds; round++) {
            Pause.upToMillis(HEARTBEAT_MS);
            if (fast) {
                lab.calm().await();
            }
            long killed = pair.leader().kill();
            if (fast) {
                untilNext.add(pair.follower().await(Event.Kind.BEGIN).millisSince(killed));
            } else {
                long leaseEnd = lab.server().leaseEndNanos(pair.election());
                Event begin = pair.follower().await(Event.Kind.BEGIN);
                untilNext.add(begin.millisSince(killed));
                pastLease.add(begin.millisSince(leaseEnd));
            }
            pair.replaceLeader(lab.start(setup));
        }
        pair.requireNoSurprise();
    }
}
