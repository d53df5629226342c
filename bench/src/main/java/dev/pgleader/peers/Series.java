package dev.pgleader.peers;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Takeover;
import dev.pgleader.peers.candidate.CuratorLatchPeer;
import dev.pgleader.peers.candidate.CuratorSelectorPeer;
import dev.pgleader.peers.candidate.Peer;
import dev.pgleader.peers.candidate.PgleaderPeer;
import dev.pgleader.peers.candidate.SpringPeer;
import dev.pgleader.peers.candidate.Target;
import java.time.Duration;
import java.util.function.Function;

/** A system with settings: one row in every plot and table that it takes part in. */
public enum Series {
    /** pgleader as it comes. */
    PGLEADER("pgleader", "lease 5 s", Backend.PGLEADER, target -> new PgleaderPeer(target, ElectionConfig.defaults())),

    /** pgleader where a successor does not wait for the lease of a leader whose session has ended. */
    PGLEADER_SESSION_END(
            "pgleader, ON_SESSION_END",
            "refractory period 0, retry interval 50 ms",
            Backend.PGLEADER,
            target -> new PgleaderPeer(target, onSessionEnd())),

    /** Curator's selector as it comes. */
    CURATOR_SELECTOR(
            "Curator LeaderSelector",
            "session 60 s asked, 40 s granted",
            Backend.ZOOKEEPER,
            target -> new CuratorSelectorPeer(target, Duration.ZERO)),

    /** Curator's latch as it comes. */
    CURATOR_LATCH("Curator LeaderLatch", "session 60 s asked, 40 s granted", Backend.ZOOKEEPER, CuratorLatchPeer::new),

    /** Curator's selector with sessions as long as pgleader's leases. */
    CURATOR_SHORT(
            "Curator LeaderSelector",
            "session 5 s",
            Backend.ZOOKEEPER,
            target -> new CuratorSelectorPeer(target, Durations.AS_PGLEADER)),

    /** Spring Integration as it comes. */
    SPRING(
            "Spring Integration JDBC",
            "lock 10 s",
            Backend.SPRING,
            target -> new SpringPeer(target, Durations.SPRING_DEFAULT)),

    /** Spring Integration with locks as long as pgleader's leases. */
    SPRING_SHORT(
            "Spring Integration JDBC",
            "lock 5 s",
            Backend.SPRING,
            target -> new SpringPeer(target, Durations.AS_PGLEADER));

    private final String title;
    private final String settings;
    private final Backend backend;
    private final Function<Target, Peer> peers;

    Series(String title, String settings, Backend backend, Function<Target, Peer> peers) {
        this.title = title;
        this.settings = settings;
        this.backend = backend;
        this.peers = peers;
    }

    /** Lengths that an enum constant cannot name before it exists. */
    private static final class Durations {
        static final Duration AS_PGLEADER = Duration.ofSeconds(5);
        static final Duration SPRING_DEFAULT = Duration.ofSeconds(10);
    }

    private static ElectionConfig onSessionEnd() {
        return ElectionConfig.builder()
                .takeover(Takeover.ON_SESSION_END)
                .refractoryPeriod(Duration.ZERO)
                .retryInterval(Duration.ofMillis(50))
                .build();
    }

    /** {@return the system's name for people} */
    public String title() {
        return title;
    }

    /** {@return the setting that decides how soon a dead leader is replaced} */
    public String settings() {
        return settings;
    }

    /** {@return the server that the system needs} */
    public Backend backend() {
        return backend;
    }

    /** {@return whether this is the library itself, rather than a peer} */
    public boolean isOurs() {
        return backend == Backend.PGLEADER;
    }

    /**
     * Makes a candidate of this system. Loads the system's classes, so only a candidate's process calls it.
     *
     * @param target the server
     * @return the candidate
     */
    public Peer open(Target target) {
        return peers.apply(target);
    }
}
