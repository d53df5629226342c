package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.time.Duration;
import java.util.List;

/** A leader's connections fall silent without being closed: when it knows, and how soon the next one begins. */
final class BlackHole implements Scenario {

    private static final int ARENAS = 5;
    private static final int LEASE_MS = 5000;
    private static final int SLACK_MS = 250;
    private static final int HEARTBEAT_MS = 1000;

    /** Time for what was on its way when the network was cut. */
    private static final int ARRIVING_MS = 300;

    /** Time for a former leader to connect again and to listen. */
    private static final int HEALING_MS = 4000;

    private final Samples untilKnown = new Samples();
    private final Samples knownPastLease = new Samples();
    private final Samples untilNext = new Samples();
    private final Samples nextPastLease = new Samples();
    private final Samples overlap = new Samples();

    @Override
    public String name() {
        return "black-hole";
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        Arenas.share(lab.effort().rounds(), ARENAS, (arena, rounds) -> play(lab, arena, rounds));
        return List.of(
                new Figure(name(), "cut to isHeld() being false, ms", untilKnown, List.of()),
                new Figure(
                        name(),
                        "end of the lease to isHeld() being false, ms",
                        knownPastLease,
                        List.of(Figure.atMost(0))),
                new Figure(
                        name(),
                        "cut to the next leader's begin, ms",
                        untilNext,
                        List.of(Figure.atMost(LEASE_MS + SLACK_MS))),
                new Figure(
                        name(),
                        "end of the lease to the next leader's begin, ms",
                        nextPastLease,
                        List.of(Figure.atMost(SLACK_MS))),
                new Figure(name(), "overlap of callbacks, ms", overlap, List.of(Figure.atMost(0))));
    }

    private void play(Lab lab, int arena, int rounds) throws Exception {
        int port = lab.server().port();
        try (Network one = Network.to(port);
                Network other = Network.to(port)) {
            Pair pair = Pair.of(
                    lab.start(Setup.defaults(one.port())),
                    lab.start(Setup.defaults(other.port())),
                    name() + arena,
                    Duration.ZERO);
            for (int round = 0; round < rounds; round++) {
                Pause.upToMillis(HEARTBEAT_MS);
                Network leaders = round % 2 == 0 ? one : other;
                silence(lab, pair, leaders);
                leaders.heal();
                Pause.millis(HEALING_MS);
            }
            pair.requireNoSurprise();
        }
    }

    private void silence(Lab lab, Pair pair, Network leaders) throws Exception {
        pair.leader().send("watch");
        Pause.millis(ARRIVING_MS);
        long cut = leaders.cut();
        Pause.millis(ARRIVING_MS);
        long leaseEnd = lab.server().leaseEndNanos(pair.election());
        Event known = pair.leader().await(Event.Kind.NOT_HELD);
        Event end = pair.leader().await(Event.Kind.END);
        Event begin = pair.follower().await(Event.Kind.BEGIN);
        untilKnown.add(known.millisSince(cut));
        knownPastLease.add(known.millisSince(leaseEnd));
        untilNext.add(begin.millisSince(cut));
        nextPastLease.add(begin.millisSince(leaseEnd));
        overlap.add(Math.max(0, end.millisSince(begin.nanos())));
        pair.swap();
    }
}
