package dev.pgleader.simulation;

import dev.pgleader.internal.election.Basis;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Tenure;
import dev.pgleader.internal.runtime.TenancyUnderTest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One leadership as the world sees it from outside. */
final class Reign {

    private static final long NOT_YET = Long.MAX_VALUE;

    /** What a leader needs to notice that its session has ended: a pulse, and a little more. */
    private static final long NOTICING_NANOS = 130_000_000;

    private static final double TRUSTED = 0.99;

    final Aspirant who;
    final Tenure tenure;
    final Basis basis;

    /** Becomes present before anybody sees it. */
    @Nullable
    TenancyUnderTest tenancy;

    /** Whose thread does the work, where its user has campaigned. */
    Optional<Appointee> appointee = Optional.empty();

    /** When its taking was sent. */
    final long begunNanos;

    /** How long its work goes on once it is cancelled. */
    final long stopsAfter;

    private Sent lastAnswered;
    private Optional<Loss> loss = Optional.empty();
    private int probes;
    private long overNanos = NOT_YET;
    private boolean betrayed;
    private boolean claimedBack;
    private long sessionEndedNanos;
    private long overtakenNanos = NOT_YET;

    /**
     * A statement that was sent and has been answered.
     *
     * @param nanos when it was sent
     * @param clocks what the sender's clocks said then
     * @param timeline on which timeline the server was
     */
    record Sent(long nanos, Reading clocks, int timeline) {}

    Reign(Aspirant who, Tenure tenure, Basis basis, Sent taken, long stopsAfter) {
        this.who = who;
        this.tenure = tenure;
        this.basis = basis;
        this.lastAnswered = taken;
        this.begunNanos = taken.nanos;
        this.stopsAfter = stopsAfter;
    }

    TenancyUnderTest tenancy() {
        return Objects.requireNonNull(tenancy);
    }

    long term() {
        return tenure.term();
    }

    /** Returns whether its user would be told now that it is held. */
    boolean isHeld() {
        return who.node.isAlive() && tenancy().wouldSayHeld();
    }

    boolean isAtWork() {
        return who.node.isAlive()
                && (!tenancy().hasStopped()
                        || appointee.filter(Appointee::isAtWork).isPresent());
    }

    /** Notes for what its loop has ended it. */
    void lostFor(Loss why) {
        loss = Optional.of(why);
    }

    Optional<Loss> loss() {
        return loss;
    }

    // Its time, as it can be known from outside

    void answered(Sent heartbeat) {
        lastAnswered = heartbeat;
    }

    /** Returns when the last answered statement was sent. */
    long learnedNanos() {
        return lastAnswered.nanos;
    }

    int timeline() {
        return lastAnswered.timeline;
    }

    /** Returns what no clock may show while it is held. */
    Reading limit() {
        Duration lease = who.node.config.leaseDuration();
        Duration refractory = who.node.config.refractoryPeriod();
        return lastAnswered.clocks.plus(Duration.ofNanos(
                (long) Math.ceil(TRUSTED * lease.minus(refractory).toNanos())));
    }

    /** Returns whether by its own clock its lease is over, as far as it can know. */
    boolean leaseIsOver() {
        Reading end = lastAnswered.clocks.plus(who.node.config.leaseDuration());
        return who.node.clocks.reaches(end) <= who.node.clocks.viewNanos();
    }

    int nextProbe() {
        return ++probes;
    }

    boolean isProbe(int number) {
        return number == probes;
    }

    /** Notes that it is known to be over. */
    void overSince(long nanos) {
        overNanos = Math.min(overNanos, nanos);
    }

    /** Returns since when it has been over, by whatever came first. */
    long overSince() {
        return Math.min(overNanos, who.node.clocks.anyReaches(tenancy().deadline(), learnedNanos()));
    }

    /** Returns whether its session is a real one that has not ended. */
    boolean hasLock() {
        return who.node.hasLock(tenure.session(), timeline());
    }

    // Fast takeover

    /** Its session has ended, and somebody has taken over for that. */
    void overtaken(long endedNanos, long takenNanos) {
        sessionEndedNanos = endedNanos;
        overtakenNanos = takenNanos;
    }

    /** The database's clock has jumped over the end of its lease, and its session has ended as well. */
    void bothWitnessesWrong() {
        betrayed = true;
    }

    boolean isBetrayed() {
        return betrayed;
    }

    /** Its candidate led before, when something allowed others to lead beside it. */
    void followsExcused() {
        claimedBack = basis == Basis.CLAIMED;
    }

    /** Returns whether it has claimed what another may have taken meanwhile, beside its candidate's former leadership. */
    boolean hasClaimedBack() {
        return claimedBack;
    }

    /** Returns for how long it could not learn of the end of its session, for which it was overtaken. */
    long hindered() {
        return overtakenNanos == NOT_YET ? 0 : who.node.hinderedWithin(sessionEndedNanos, overtakenNanos);
    }

    /** Returns whether it was overtaken for the end of its session, of which it could not learn in time. */
    boolean couldNotNotice() {
        if (overtakenNanos == NOT_YET) {
            return false;
        }
        return who.node.way.endWasUnheard() || overtakenNanos - sessionEndedNanos - hindered() < NOTICING_NANOS;
    }

    @Override
    public String toString() {
        return who.election + "/" + term();
    }
}
