package dev.pgleader.internal.runtime;

import dev.pgleader.CandidateConfig;
import dev.pgleader.ElectionConfig;
import dev.pgleader.ElectionObserver;
import dev.pgleader.LeadFunction;
import dev.pgleader.Leader;
import dev.pgleader.LeaderInfo;
import dev.pgleader.LeaderUnknownException;
import dev.pgleader.LeadershipTracker;
import dev.pgleader.LossReason;
import dev.pgleader.Problem;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.election.Tenure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One candidacy as its user holds it: reads snapshots, and posts what is to be done to the loop.
 *
 * <p>Thread-safe. The {@link Principal} half is called on the loop thread, the {@link TenancyEvents} half on whatever
 * thread the work is on.
 */
final class Candidacy implements Leader, Principal, TenancyEvents, ObservedElection.Self, Tracker.Candidature {

    private final Loop loop;
    private final ElectionConfig config;
    private final Ticker ticker;
    private final LeadFunction lead;
    private final Contender contender;
    private final ObservedElection observed;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Set<Tracker> trackers = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Tenancy tenancy;

    /** Who waits for nothing of a leadership to be left. Loop thread only. */
    private final List<CompletableFuture<Void>> awaitingRest = new ArrayList<>();

    Candidacy(
            Loop loop,
            ElectionConfig config,
            Ticker ticker,
            String election,
            CandidateConfig candidate,
            LeadFunction lead) {
        this.loop = loop;
        this.config = config;
        this.ticker = ticker;
        this.lead = lead;
        this.contender = new Contender(election, candidate, UUID.randomUUID(), loop.timings(), this, ticker.read());
        this.observed = new ObservedElection(election, this, ticker, config.leaseDuration(), config.statementTimeout());
    }

    Contender contender() {
        return contender;
    }

    // What users ask

    @Override
    public String election() {
        return contender.election();
    }

    @Override
    public UUID candidate() {
        return contender.candidate().id();
    }

    @Override
    public ProcessState state() {
        Tenancy mine = tenancy;
        return mine != null && mine.isHeld() ? mine.phase() : ProcessState.FOLLOWING;
    }

    @Override
    public String address() {
        if (closed.isDone()) {
            throw new LeaderUnknownException(election(), "this candidacy is closed");
        }
        return loop.ask(new Inquiry(election())).address(election(), ticker.read());
    }

    @Override
    public Optional<LeaderInfo> current() {
        return observed.state().leader();
    }

    @Override
    public ElectionObserver observe() {
        ElectionObserver observer = loop.gallery().admit(observed, this::keepWatch);
        keepWatch();
        return observer;
    }

    /** A candidacy that is over looks no more, and one that never leads not at the end of a lease: as those who only watch. */
    private void keepWatch() {
        if (closed.isDone() || contender.config().neverLeads()) {
            loop.post(observed::joinAudience);
        }
    }

    @Override
    public LeadershipTracker tracker(Duration guarantee) {
        Tracker tracker = new Tracker(this, Notice.require("guarantee", guarantee, config), loop.gallery());
        loop.gallery().open();
        trackers.add(tracker);
        tracker.begin();
        if (closed.isDone()) {
            tracker.close();
        }
        return tracker;
    }

    @Override
    public void dismiss(Tracker tracker) {
        trackers.remove(tracker);
    }

    @Override
    public @Nullable Tenancy tenancy() {
        return tenancy;
    }

    @Override
    public boolean is(LeaderInfo leader) {
        return leader.candidate().equals(candidate());
    }

    @Override
    public boolean resign() {
        return giveUp(Succession.Request.RESIGN);
    }

    @Override
    public boolean handOverTo(String successor) {
        Texts.requireAddress("successor", successor);
        boolean meansThisOne = contender.candidate().isNamedBy(successor);
        return meansThisOne ? state() == ProcessState.FOLLOWING : giveUp(Succession.Request.handOverTo(successor));
    }

    private boolean giveUp(Succession.Request request) {
        CompletableFuture<Void> rest = new CompletableFuture<>();
        boolean standing = loop.post(conductor -> {
            conductor.happen(contender, Event.resignAsked(request));
            awaitingRest.add(rest);
            if (contender.stage().isAtRest()) {
                atRest();
            }
        });
        return !standing || await(rest);
    }

    @Override
    public void close() {
        loop.post(conductor -> conductor.close(contender));
        await(closed);
    }

    /** Completes on the loop thread when this candidacy has ended. */
    CompletionStage<Void> end() {
        return closed;
    }

    /** Waits as long as a graceful release may take, unless this is the very work that would be waited for. */
    private boolean await(CompletableFuture<Void> moment) {
        boolean ownWork = AtWork.isOf(tenancy -> tenancy.owner() == this);
        return ownWork ? moment.isDone() : Uninterrupted.await(moment, config.drainTimeout());
    }

    @Override
    public Optional<Problem> problem() {
        return loop.problem();
    }

    // What the loop tells

    @Override
    public void elected(Tenure tenure, Claim.Basis basis) {
        Tenancy gained = new Tenancy(contender.election(), tenure, config, ticker, loop.fence(), this);
        tenancy = gained;
        loop.watch(gained);
        trackers.forEach(tracker -> tracker.gained(gained));
        gained.start(lead);
        observed.changed();
    }

    @Override
    public void renewed(long term, Instant expiresAt) {
        observed.renewed(term, expiresAt, Deadline.after(ticker.read(), config.leaseDuration()));
    }

    @Override
    public void extended(Tenure tenure) {
        Optional.ofNullable(tenancy).ifPresent(mine -> mine.extend(tenure.trust()));
    }

    @Override
    public void lost(long term, Loss loss) {
        Tenancy mine = tenancy;
        if (mine != null && mine.term() == term) {
            mine.cancel(Reasons.of(loss));
            loop.awaitReturn(mine);
            observed.changed();
        }
    }

    @Override
    public void sighted(Sighting seen) {
        observed.saw(seen);
    }

    @Override
    public void atRest() {
        awaitingRest.forEach(rest -> rest.complete(null));
        awaitingRest.clear();
    }

    @Override
    public void closed() {
        loop.forget(this);
        conclude();
    }

    private void conclude() {
        closed.complete(null);
        trackers.forEach(Tracker::close);
        keepWatch();
    }

    /** Returns whether {@code tenancy} is one that this loop has given. */
    static boolean isFrom(Loop loop, Tenancy tenancy) {
        return tenancy.owner() instanceof Candidacy candidacy && candidacy.loop == loop;
    }

    /** Cancels whatever still runs, because the loop has ended and nobody will look after it. Usually nothing does. */
    void abandon() {
        Optional.ofNullable(tenancy).ifPresent(mine -> mine.cancel(LossReason.SESSION_LOST));
        conclude();
    }

    // What the work tells

    @Override
    public void recovered(Tenancy mine) {
        observed.changed();
        post(Event.recovered(mine.term()));
    }

    @Override
    public void failed(Tenancy mine) {
        post(Event.workFailed(mine.term()));
    }

    @Override
    public void expired(Tenancy mine) {
        observed.changed();
        post(Event.trustEnded(mine.term()));
    }

    @Override
    public void stopped(Tenancy mine) {
        post(Event.workStopped(mine.term()));
    }

    @Override
    public void alarmSet(Tenancy mine) {
        loop.watch(mine);
    }

    private void post(Event event) {
        loop.post(conductor -> conductor.happen(contender, event));
    }

    @Override
    public void beat(Runnable then) {
        loop.beat(then);
    }

    @Override
    public void aside(Runnable task) {
        loop.aside(task);
    }
}
