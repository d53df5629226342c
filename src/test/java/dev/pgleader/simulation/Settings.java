package dev.pgleader.simulation;

import dev.pgleader.CandidateConfig;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Takeover;
import dev.pgleader.simulation.Tally.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

/** What one run is like: how many processes, by which lengths they live, and what may go wrong. Drawn from the seed. */
final class Settings {

    private static final long MILLI = 1_000_000;
    private static final long[] LEASES = {800 * MILLI, 800 * MILLI, 1_200 * MILLI, 1_200 * MILLI, 2_000 * MILLI};
    private static final long FAST_TAKEOVER_REFRACTORY = 400 * MILLI;

    /** Less than the 1 % by which the fastest clock may outrun the slowest. */
    private static final double RATES_DIFFER = 0.0098;

    private static final int PRIORITIES = 4;
    private static final double SLOWEST_CENTRE = 0.996;
    private static final double FASTEST_CENTRE = 1.004;

    final List<String> elections = new ArrayList<>();
    final int nodes;
    final Set<Happening> faults = EnumSet.noneOf(Happening.class);
    final int timedFaults;

    /** How often a single statement suffers something, where that is among the faults. */
    final double mishaps;

    /** Whether the server ends the session of a leader that has fallen silent. */
    final boolean endsSilentSessions;

    /** Whether users ask at every moment whether they lead, or never. */
    final boolean curious;

    private final List<Duration> leases = new ArrayList<>();
    private final boolean mixedTakeover;
    private final boolean fast;

    /** Which part of the processes reaches the database through a pooler that has no sessions. */
    private final double pooled;

    /** Whether some candidates are wanted more than others. */
    private final boolean ranked;

    /** Whether a process that is started may serve where another has served, or does. */
    private final boolean addressesReused;

    private final double slowestRate;
    private final SplittableRandom random;
    private final List<ElectionConfig> versions = new ArrayList<>();

    Settings(SplittableRandom random) {
        this.random = random;
        int count = random.nextInt(4) == 0 ? 2 + random.nextInt(2) : 1;
        for (int i = 0; i < count; i++) {
            elections.add("e" + i);
        }
        nodes = random.nextInt(8) == 0 ? 1 : 2 + random.nextInt(random.nextInt(3) == 0 ? 4 : 2);
        leases.add(Duration.ofNanos(LEASES[random.nextInt(LEASES.length)]));
        fast = random.nextInt(3) == 0;
        mixedTakeover = fast && random.nextInt(3) == 0;
        slowestRate = random.nextDouble(SLOWEST_CENTRE, FASTEST_CENTRE) - RATES_DIFFER / 2;
        timedFaults = 1 + random.nextInt(10);
        mishaps = random.nextBoolean() ? 0.01 : 0.05;
        endsSilentSessions = random.nextInt(5) != 0;
        curious = random.nextBoolean();
        for (Happening fault : Tally.FAULTS) {
            if (random.nextInt(3) == 0) {
                faults.add(fault);
            }
        }
        pooled = random.nextInt(8) == 0 ? random.nextDouble(0, 2) : 0;
        ranked = random.nextInt(3) != 0;
        addressesReused = random.nextInt(3) == 0;
        versions.add(draw());
        if (random.nextInt(4) == 0) {
            versions.add(draw());
        }
    }

    /** Returns the settings of another process: of the one version that is deployed, or of one of two. */
    ElectionConfig config() {
        return versions.get(random.nextInt(versions.size()));
    }

    /** Returns how another process stands: often like everybody else. */
    CandidateConfig candidate(String name, boolean mustLead) {
        String address = addressesReused ? "h" + random.nextInt(4) : name;
        CandidateConfig ordinary = CandidateConfig.at(address).withVersion("v" + random.nextInt(3));
        if (!ranked || random.nextInt(3) == 0) {
            return ordinary;
        }
        CandidateConfig wanted = ordinary.withPriority(random.nextInt(PRIORITIES) - 1);
        if (!mustLead && random.nextInt(6) == 0) {
            return wanted.withoutLeading();
        }
        return random.nextBoolean() ? wanted.withPreemption() : wanted;
    }

    /** Returns whether the end of a session may be enough for anybody to take over. */
    boolean fastTakeover() {
        return fast;
    }

    /** Returns whether another process is behind a pooler, and so has to do without locks. */
    boolean throughPooler() {
        return random.nextDouble() < pooled;
    }

    boolean mixed() {
        return versions.size() > 1;
    }

    /** Returns the rate of another clock; often the slowest or the fastest that is allowed. */
    double rate() {
        return switch (random.nextInt(4)) {
            case 0 -> slowestRate;
            case 1 -> slowestRate + RATES_DIFFER;
            default -> slowestRate + random.nextDouble(0, RATES_DIFFER);
        };
    }

    private ElectionConfig draw() {
        double scale = versions.isEmpty() ? 1 : random.nextDouble(0.6, 1.8);
        long lease = (long) (leases.get(0).toNanos() * scale);
        long refractory = refractory(lease);
        double trust = 0.99 * (lease - refractory);
        double heartbeat = trust * random.nextDouble(0.15, 0.4);
        double statement = (trust - heartbeat) / 2 * random.nextDouble(0.5, 0.99);
        boolean onSessionEnd = fast && !(mixedTakeover && random.nextBoolean());
        return ElectionConfig.builder()
                .leaseDuration(micros((double) lease))
                .refractoryPeriod(micros((double) refractory))
                .heartbeatInterval(micros(heartbeat))
                .statementTimeout(micros(statement))
                .retryInterval(micros(Math.max(10 * MILLI, lease * random.nextDouble(0.1, 1))))
                .drainTimeout(micros(lease * random.nextDouble(0.5, 4)))
                .takeover(onSessionEnd ? Takeover.ON_SESSION_END : Takeover.AFTER_LEASE)
                .build();
    }

    /** With fast takeover a live leader must have the time to notice that its session has ended. */
    private long refractory(long lease) {
        long drawn = (long) (lease * (random.nextInt(3) == 0 ? 0 : random.nextDouble(0.05, 0.5)));
        return fast ? Math.max(FAST_TAKEOVER_REFRACTORY, drawn) : drawn;
    }

    private static Duration micros(double nanos) {
        long whole = (long) (nanos / 1_000);
        return Duration.ofNanos(whole * 1_000);
    }

    /** Returns the longest that any process has of something. */
    long longest(Function<ElectionConfig, Duration> length) {
        return versions.stream()
                .mapToLong(config -> length.apply(config).toNanos())
                .max()
                .orElseThrow();
    }

    /** Returns for how long things go wrong. */
    long troubledNanos() {
        return longest(ElectionConfig::leaseDuration) * 9;
    }

    /**
     * Returns within which time somebody leads once nothing goes wrong any more: statements that hang time out, a session
     * is opened, the election is looked at, what its row says is waited out, and a lock or a transaction that is still
     * in the way is waited for.
     */
    long leaderWithinNanos() {
        long statement = longest(ElectionConfig::statementTimeout);
        long retry = longest(ElectionConfig::retryInterval);
        long lease = longest(ElectionConfig::leaseDuration);
        return 4 * statement + 6 * retry + 3 * lease + 1_000 * MILLI;
    }

    /**
     * Returns within which time somebody has succeeded a leader that was asked to go while all is well: it hears of it,
     * its work stops, and the others go ahead without whoever was to go first.
     */
    long successorWithinNanos() {
        long retry = longest(ElectionConfig::retryInterval);
        return longest(ElectionConfig::heartbeatInterval)
                + longest(ElectionConfig::refractoryPeriod)
                + 3 * retry
                + 500 * MILLI;
    }

    @Override
    public String toString() {
        return nodes + " processes, elections " + elections + ", " + versions + ", faults " + faults;
    }
}
