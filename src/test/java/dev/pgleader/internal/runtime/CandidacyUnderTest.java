package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import dev.pgleader.ElectionObserver;
import dev.pgleader.LeaderInfo;
import dev.pgleader.LeadershipTracker;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The observers and trackers of one candidacy, for tests outside this package: what {@link Candidacy} does for them, in the
 * same order, without a {@link Loop}. One thread.
 */
public final class CandidacyUnderTest implements ObservedElection.Self, Tracker.Candidature {

    private final Contender contender;
    private final ElectionConfig config;
    private final Household household;
    private final ObservedElection observed;
    private final Couriered onlooker;
    private final Set<Tracker> trackers = new LinkedHashSet<>();
    private @Nullable Tenancy tenancy;
    private boolean closed;

    /** Whose candidacy it is. */
    public interface Household {
        /** Has something done on the loop's thread. */
        void post(Consumer<Conductor> task);

        /** Has a heartbeat sent, and {@code then} run when it was answered or has failed, or cannot be sent any more. */
        void beat(Runnable then);
    }

    /**
     * Makes one without a leadership.
     *
     * @param courier brings what is seen when the candidacy is over
     */
    public CandidacyUnderTest(
            Contender contender, ElectionConfig config, Ticker ticker, Household household, Courier courier) {
        this.contender = contender;
        this.config = config;
        this.household = household;
        this.observed = new ObservedElection(
                contender.election(), this, ticker, config.leaseDuration(), config.statementTimeout());
        this.onlooker = new Couriered(observed, courier);
    }

    /** Returns how far ahead a tracker may promise. */
    public static Duration longestNotice(ElectionConfig config) {
        return Notice.longest(config);
    }

    // What users ask

    /** Has it watched. */
    public ElectionObserver observe(DispatchUnderTest dispatch) {
        ElectionObserver observer = Spectator.admit(observed, dispatch.dispatch, this::keepWatch);
        keepWatch();
        return observer;
    }

    private void keepWatch() {
        if (closed || contender.config().neverLeads()) {
            household.post(conductor -> {
                if (observed.isWatched()) {
                    conductor.observe(onlooker);
                } else {
                    conductor.ignore(onlooker);
                }
            });
        }
    }

    /**
     * Has it tracked.
     *
     * @param executor where what depends on tickets runs
     */
    public LeadershipTracker tracker(Duration guarantee, Executor executor) {
        Tracker tracker = new Tracker(this, Notice.require("guarantee", guarantee, config), executor);
        trackers.add(tracker);
        tracker.begin();
        if (closed) {
            tracker.close();
        }
        return tracker;
    }

    // What the loop tells

    /** A leadership has begun, and its work has not. */
    public void elected(TenancyUnderTest gained) {
        tenancy = gained.tenancy();
        List.copyOf(trackers).forEach(tracker -> tracker.gained(gained.tenancy()));
    }

    /** The row was read. */
    public void sighted(Sighting seen) {
        observed.saw(seen);
    }

    /** A heartbeat was answered. */
    public void renewed(long term, Instant expiresAt, Reading sentAt) {
        observed.renewed(term, expiresAt, Deadline.after(sentAt, config.leaseDuration()));
    }

    /** What this process is to the election may have changed. */
    public void changed() {
        observed.changed();
    }

    /** The candidacy is over. */
    public void closed() {
        closed = true;
        List.copyOf(trackers).forEach(Tracker::close);
        keepWatch();
    }

    // What observers and trackers ask

    @Override
    public boolean is(LeaderInfo leader) {
        return leader.candidate().equals(contender.candidate().id());
    }

    @Override
    public ProcessState state() {
        return tenancy != null && tenancy.isHeld() ? tenancy.phase() : ProcessState.FOLLOWING;
    }

    @Override
    public String election() {
        return contender.election();
    }

    @Override
    public @Nullable Tenancy tenancy() {
        return tenancy;
    }

    @Override
    public void beat(Runnable then) {
        household.beat(then);
    }

    @Override
    public void dismiss(Tracker tracker) {
        trackers.remove(tracker);
    }
}
