package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionState;
import dev.pgleader.ElectionState.State;
import dev.pgleader.LeaderInfo;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Observation;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An election as this process has seen it last. Written on the loop thread; whoever asks, on any thread, gets an answer that
 * is judged at that moment.
 */
final class ObservedElection implements Onlooker {

    /** What this process itself is to the election; asked on any thread. */
    interface Self {

        /** An onlooker: never the leader. */
        Self NOBODY = new Self() {
            @Override
            public boolean is(LeaderInfo leader) {
                return false;
            }

            @Override
            public ProcessState state() {
                return ProcessState.FOLLOWING;
            }
        };

        /** Returns whether that leader is this process. */
        boolean is(LeaderInfo leader);

        /** Returns what this process is to the election at this moment. */
        ProcessState state();
    }

    private final String election;
    private final Self self;
    private final Ticker ticker;
    private final Duration patience;
    private final Duration grace;
    private final Set<Spectator> spectators = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Glimpse glimpse;

    /** This process as the row has named it last. */
    private volatile @Nullable LeaderInfo own;

    /** Loop thread only. */
    private Optional<Observation> last = Optional.empty();

    /** When another look is worth its while, although nothing was announced. Loop thread only. */
    private Optional<Reading> wakesAt = Optional.empty();

    /**
     * Knows nothing yet.
     *
     * @param patience for how long it may be told that nobody leads without another look
     * @param grace how long a look may take, so that nobody need be told of the moments without an answer
     */
    ObservedElection(String election, Self self, Ticker ticker, Duration patience, Duration grace) {
        this.election = election;
        this.self = self;
        this.ticker = ticker;
        this.patience = patience;
        this.grace = grace;
    }

    @Override
    public String election() {
        return election;
    }

    // What is seen

    @Override
    public void saw(Sighting seen) {
        conclude(Observation.of(last, seen, patience));
    }

    @Override
    public void sawNothing(Reading askedAt) {
        conclude(Observation.ofNothing(askedAt, patience));
    }

    /** What was known before grows old by itself. */
    @Override
    public void unanswerable(String why) {
        wakesAt = Optional.empty();
    }

    private void conclude(Observation observed) {
        last = Optional.of(observed);
        wakesAt = Optional.of(observed.lookAgainAt());
        Glimpse before = glimpse;
        Glimpse after = Glimpse.of(observed);
        after.leader().filter(self::is).ifPresent(mine -> own = mine);
        glimpse = after;
        if (before == null || !isSame(before.leader(), after.leader()) || ticker.hasPassed(before.goodUntil())) {
            changed();
        }
    }

    /** A heartbeat of this process was answered. Loop thread only. */
    void renewed(long term, Instant expiresAt, Deadline until) {
        Glimpse before = glimpse;
        if (before != null
                && before.leader()
                        .filter(self::is)
                        .map(LeaderInfo::term)
                        .filter(mine -> mine == term)
                        .isPresent()) {
            Glimpse after = before.renewed(expiresAt, until);
            own = after.leader().orElseThrow();
            glimpse = after;
        }
    }

    /** Something may have changed, here or in what this process is to the election; any thread. */
    void changed() {
        spectators.forEach(Spectator::stir);
    }

    @Override
    public Optional<Reading> wakesAt() {
        return wakesAt;
    }

    // What is told

    /** Returns what can be told at this moment. */
    ElectionState state() {
        Glimpse known = glimpse;
        return known == null ? ElectionState.unknown() : told(known, ticker.hasPassed(known.goodUntil()));
    }

    /** Returns what is to be told to those who are told of changes: the same, but for a moment in which a look is under way. */
    ElectionState settled(Reading now) {
        Glimpse known = glimpse;
        return known == null
                ? ElectionState.unknown()
                : told(known, settlesAt(known).isPast(now));
    }

    /** Returns when {@link #settled} changes if nothing is seen before. */
    Optional<Reading> settlesAt() {
        return Optional.ofNullable(glimpse).map(known -> settlesAt(known).at());
    }

    private Deadline settlesAt(Glimpse known) {
        return new Deadline(known.goodUntil().at().plus(grace));
    }

    /** A leadership that is held is told, whatever the row says that it does not know yet. */
    private ElectionState told(Glimpse known, boolean stale) {
        ProcessState mine = self.state();
        LeaderInfo named = own;
        if (mine != ProcessState.FOLLOWING && named != null) {
            return new ElectionState(State.LEADER, Optional.of(Glimpse.inPhase(named, mine)));
        }
        Optional<LeaderInfo> another = known.leader().filter(leader -> !self.is(leader));
        return stale ? ElectionState.unknown() : new ElectionState(State.FOLLOWER, another);
    }

    /** Returns whether two leaders are the same one, or both nobody. */
    private static boolean isSame(Optional<LeaderInfo> one, Optional<LeaderInfo> other) {
        return one.map(known ->
                        other.filter(shown -> Glimpse.isSame(known, shown)).isPresent())
                .orElseGet(other::isEmpty);
    }

    static boolean isSame(ElectionState one, ElectionState other) {
        return one.state() == other.state() && isSame(one.leader(), other.leader());
    }

    boolean isWatched() {
        return !spectators.isEmpty();
    }

    /** Is shown what those see who only watch, for as long as this is watched. Loop thread only. */
    void joinAudience(Conductor conductor) {
        if (isWatched()) {
            conductor.observe(this);
        } else {
            conductor.ignore(this);
        }
    }

    void admit(Spectator spectator) {
        spectators.add(spectator);
    }

    void dismiss(Spectator spectator) {
        spectators.remove(spectator);
    }
}
