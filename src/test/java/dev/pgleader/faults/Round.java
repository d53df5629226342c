package dev.pgleader.faults;

import dev.pgleader.testing.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** One time that a fault strikes: on what, whom, when and for how long. One thread only. */
final class Round {

    private final Scene scene;
    private final Random random;
    private long mendedAt = Long.MIN_VALUE;

    Round(Scene scene, Random random) {
        this.scene = scene;
        this.random = random;
    }

    Scene scene() {
        return scene;
    }

    <G extends Ground> G ground(Class<G> kind) {
        return kind.cast(scene.ground());
    }

    Random random() {
        return random;
    }

    /** Returns the leader, or now and then a follower: what happens to one must not concern the leader. */
    Contestant victim() {
        Contestant leader = scene.leader();
        if (random.nextInt(4) > 0) {
            return leader;
        }
        List<Contestant> followers = scene.contestants().stream()
                .filter(contestant -> contestant != leader)
                .toList();
        return followers.get(random.nextInt(followers.size()));
    }

    /** Returns a length from one up to another. */
    Duration between(Duration least, Duration most) {
        return least.plusMillis(random.nextLong(most.minus(least).toMillis() + 1));
    }

    /** Waits: a length from one up to another. */
    void hold(Duration least, Duration most) throws InterruptedException {
        Pause.millis(between(least, most).toMillis());
    }

    /**
     * Waits for longer than a lease: mostly so little longer that a leader which believed in its last heartbeat for too long
     * would still do so when the next one leads, else until everything has come to rest.
     */
    void holdPastLease() throws InterruptedException {
        if (random.nextInt(3) > 0) {
            hold(Settings.LEASE, Settings.LEASE.plus(Settings.REFRACTORY));
        } else {
            hold(Settings.LEASE.plus(Settings.REFRACTORY), Settings.LEASE.multipliedBy(2));
        }
    }

    /** Says that from now on candidates can lead again. */
    void mended() {
        mendedAt = System.nanoTime();
    }

    /** Returns the moment from which a bound counts. */
    long countsFrom(Bound bound) {
        if (bound.from() == Bound.From.LOSS) {
            return Long.MIN_VALUE;
        }
        if (mendedAt == Long.MIN_VALUE) {
            throw new IllegalStateException("a fault whose bound counts from its end has to say when that was");
        }
        return mendedAt;
    }
}
