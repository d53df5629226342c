package dev.pgleader.bench;

import dev.pgleader.testing.Freeze;
import dev.pgleader.testing.Pause;
import java.time.Duration;
import java.util.List;

/**
 * The server process of the leader's session stands still for good and keeps its lock (SIGSTOP). How soon somebody leads again: the
 * leader itself, which may claim its election by another session, or, where its own process is gone as well, the next one.
 */
final class StuckBackend implements Scenario {

    private static final int ARENAS = 5;
    private static final int LEASE_MS = 5000;
    private static final int SLACK_MS = 250;
    private static final int HEARTBEAT_MS = 1000;
    private static final int SETTLING_MS = 3000;

    private final Samples untilItself = new Samples();
    private final Samples untilNext = new Samples();

    @Override
    public String name() {
        return "stuck-backend";
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        Arenas.share(lab.effort().rounds(), ARENAS, (arena, rounds) -> play(lab, arena, rounds));
        List<Figure.Limit> bound = List.of(Figure.atMost(LEASE_MS + SLACK_MS));
        return List.of(
                new Figure(name(), "stop to the same leader's next begin, ms", untilItself, bound).after("never"),
                new Figure(name(), "the same, leader killed as well, to the next one's begin, ms", untilNext, bound)
                        .after("never"));
    }

    private void play(Lab lab, int arena, int rounds) throws Exception {
        Pair pair = Pair.of(lab.start(lab.setup()), lab.start(lab.setup()), name() + arena, Duration.ZERO);
        for (int round = 0; round < rounds; round++) {
            Pause.upToMillis(HEARTBEAT_MS);
            boolean lives = (arena + round) % 2 == 0;
            long stopped = System.nanoTime();
            Freeze stuck = Freeze.of(lab.server().backendOf(pair.election()));
            try {
                if (lives) {
                    untilItself.add(pair.leader().await(Event.Kind.BEGIN).millisSince(stopped));
                } else {
                    pair.leader().kill();
                    untilNext.add(pair.follower().await(Event.Kind.BEGIN).millisSince(stopped));
                }
            } finally {
                stuck.thaw();
            }
            if (lives) {
                Pause.millis(SETTLING_MS);
            } else {
                pair.replaceLeader(lab.start(lab.setup()));
            }
        }
        pair.requireNoSurprise();
    }
}
