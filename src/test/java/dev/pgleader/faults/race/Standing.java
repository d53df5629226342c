package dev.pgleader.faults.race;

import dev.pgleader.CandidateConfig;
import dev.pgleader.faults.race.Tally.Count;
import dev.pgleader.internal.election.Basis;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.election.Tenure;
import dev.pgleader.internal.runtime.Conductor;
import dev.pgleader.internal.runtime.Contender;
import dev.pgleader.internal.runtime.Event;
import dev.pgleader.internal.runtime.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A racer in one election, with the work that it does when it leads. The racer's thread only. */
final class Standing implements Principal {

    private static final int RECOVERS_ONE_IN = 2;
    private static final int STUBBORN_ONE_IN = 30;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Racer racer;
    private final Track track;
    private final String election;
    final Contender contender;
    private @Nullable Claim claim;
    private boolean cancelled;
    private boolean recovered;
    private long returnsAt;

    Standing(Racer racer, Track track, String election) {
        this.racer = racer;
        this.track = track;
        this.election = election;
        this.contender = new Contender(
                election,
                CandidateConfig.at("racer " + racer.number),
                UUID.randomUUID(),
                Lengths.timings(track.kind),
                this,
                Track.CLOCK.read());
    }

    @Override
    public void elected(Tenure tenure, Basis basis) {
        track.tally.count(basis);
        claim = track.judge.won(
                racer.number,
                election,
                tenure.term(),
                racer.line(),
                tenure.since().monotonicNanos(),
                tenure.trust().at().monotonicNanos());
        cancelled = false;
        recovered = racer.random.nextInt(RECOVERS_ONE_IN) == 0;
    }

    @Override
    public void renewed(Instant expiresAt, Reading sentAt) {
        track.tally.count(Count.HEARTBEATS);
    }

    @Override
    public void extended(Tenure tenure) {
        Optional.ofNullable(claim)
                .ifPresent(
                        mine -> track.judge.extended(mine, tenure.trust().at().monotonicNanos()));
    }

    /** The work returns soon, as a rule. */
    @Override
    public void lost(long term, Loss loss) {
        track.tally.count(loss == Loss.RESIGNED ? Count.RESIGNED : Count.LOST_OTHERWISE);
        cancelled = true;
        boolean stubborn = racer.random.nextInt(STUBBORN_ONE_IN) == 0;
        long atMost = (stubborn ? Lengths.lease(track.kind).multipliedBy(2) : Lengths.WORK).toMillis();
        returnsAt = System.nanoTime() + racer.random.nextLong(atMost) * NANOS_PER_MILLI;
    }

    @Override
    public void sighted(Sighting seen) {}

    @Override
    public void atRest() {}

    @Override
    public void closed() {}

    /** Does what the work and its watchdog would have done by now. */
    void work(Conductor loop) {
        Claim mine = claim;
        if (mine == null) {
            return;
        }
        long now = System.nanoTime();
        if (cancelled) {
            if (now - returnsAt >= 0) {
                stop();
                loop.happen(contender, Event.workStopped(mine.term));
            }
        } else if (now - mine.trustEnd() >= 0) {
            loop.happen(contender, Event.trustEnded(mine.term));
        } else if (!recovered) {
            recovered = true;
            loop.happen(contender, Event.recovered(mine.term));
        }
    }

    /** Asks it to resign, if it leads. */
    void resign(Conductor loop) {
        if (claim != null && !cancelled) {
            loop.happen(contender, Event.resignAsked(Succession.Request.RESIGN));
        }
    }

    /** The work is over: it has returned, or its process is gone. */
    void stop() {
        Claim mine = claim;
        if (mine != null) {
            track.judge.stopped(mine, System.nanoTime());
            claim = null;
            track.tell();
        }
    }
}
