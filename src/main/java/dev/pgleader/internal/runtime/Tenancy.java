package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Fence;
import dev.pgleader.FencedFunction;
import dev.pgleader.FencedWork;
import dev.pgleader.LeadFunction;
import dev.pgleader.Leadership;
import dev.pgleader.LeadershipLostException;
import dev.pgleader.LossReason;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Tenure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One leadership as its user sees it. Thread-safe and without locks.
 *
 * <p>Whether it is held is for {@link Trust} to say, and what runs under it for {@link Work}.
 */
final class Tenancy implements Leadership {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");
    private static final int LONGEST_KEY = 255;

    private final String election;
    private final long term;
    private final ElectionConfig config;
    private final Trust trust;
    private final Alarms alarms;
    private final TenancyEvents events;
    private final Fencing fencing;
    private final Work work;
    private final Dangers dangers = new Dangers(this);
    private final CountDownLatch lost = new CountDownLatch(1);
    private volatile ProcessState phase = ProcessState.RECOVERING;

    Tenancy(
            String election,
            Tenure tenure,
            ElectionConfig config,
            Ticker ticker,
            Fencing fencing,
            TenancyEvents events) {
        this.election = election;
        this.term = tenure.term();
        this.config = config;
        this.trust = new Trust(ticker, tenure.trust());
        this.alarms = new Alarms(ticker, trust);
        this.fencing = fencing;
        this.events = events;
        this.work = new Work(this, config.callbackThreads(), () -> events.stopped(this));
    }

    // What users ask

    @Override
    public String election() {
        return election;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public boolean isHeld() {
        return trust.isHeld();
    }

    @Override
    public Duration remaining() {
        return trust.remaining();
    }

    @Override
    public void ensure(Duration length) throws InterruptedException {
        if (length.compareTo(config.trust()) >= 0) {
            throw new IllegalArgumentException("a heartbeat gives less than " + config.trust() + ", not " + length);
        }
        if (remaining().compareTo(length) < 0 && isHeld()) {
            beatAndWait();
        }
        Duration left = remaining();
        requireHeld();
        if (left.compareTo(length) < 0) {
            throw new LeadershipLostException(
                    election, term, "only " + left + " of the leadership is certain, not " + length);
        }
    }

    private void beatAndWait() throws InterruptedException {
        CountDownLatch beaten = new CountDownLatch(1);
        events.beat(beaten::countDown);
        if (!beaten.await(config.statementTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.debug("no answer to a heartbeat of the {} in time", this);
        }
    }

    @Override
    public void fence(Connection connection) throws SQLException {
        fencing.raise(connection, heldFence());
    }

    @Override
    public Fence fence() {
        return new Fence(election, term);
    }

    @Override
    public <X extends Exception> void inTransaction(DataSource dataSource, FencedWork<X> work) throws SQLException, X {
        fencing.<Boolean, X>inTransaction(dataSource, heldFence(), connection -> {
            work.run(connection);
            return true;
        });
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T inTransactionResult(
            DataSource dataSource, FencedFunction<T, X> work) throws SQLException, X {
        return fencing.inTransaction(dataSource, heldFence(), work);
    }

    @Override
    public <X extends Exception> boolean once(String key, FencedWork<X> work) throws SQLException, X {
        Texts.require("key", key, LONGEST_KEY);
        return fencing.once(heldFence(), key, work);
    }

    private Fence heldFence() {
        requireHeld();
        return fence();
    }

    private void requireHeld() {
        if (!isHeld()) {
            throw new LeadershipLostException(election, term, "the leadership is lost: " + lossReason());
        }
    }

    @Override
    public void recovered() {
        if (!isCancelled() && phase == ProcessState.RECOVERING) {
            phase = ProcessState.LEADING;
            events.recovered(this);
        }
    }

    @Override
    public LossReason awaitLoss() throws InterruptedException {
        lost.await();
        return lossReason();
    }

    @Override
    public void onLoss(Consumer<LossReason> listener) {
        work.onLoss(listener);
    }

    @Override
    public void onDanger(Duration beforeEnd, Consumer<Duration> listener) {
        dangers.tell(Notice.require("beforeEnd", beforeEnd, config), Objects.requireNonNull(listener, "listener"));
    }

    // What the shell does

    void start(LeadFunction lead) {
        work.start(lead);
    }

    /** Believes for longer; without effect on a leadership that is lost. */
    void extend(Deadline later) {
        Deadline before = trust.deadline();
        trust.extend(later);
        if (alarms.haveSoundedFor(before)) {
            events.alarmSet(this);
        }
    }

    Deadline deadline() {
        return trust.deadline();
    }

    /**
     * Has {@code quick} run, on whichever thread finds out, each time the remaining trust falls to {@code beforeEnd}: once
     * after each heartbeat that is answered, never when the loss is known, here and now if no more than that remains.
     */
    void warn(Duration beforeEnd, Runnable quick) {
        alarms.add(beforeEnd, quick);
        events.alarmSet(this);
    }

    /** Has {@code quick} run once when the leadership has ended and its work was interrupted, or here and now if it has. */
    void whenOver(Runnable quick) {
        alarms.whenOver(quick);
    }

    /** Runs {@code quick} no more, neither as a warning nor at the end. */
    void forget(Runnable quick) {
        alarms.forget(quick);
    }

    /** Returns whether it will be held for more than {@code length} from now on. */
    boolean isCertainFor(Duration length) {
        return trust.isCertainFor(length);
    }

    /** Ends the leadership if its time is over; returns whether this call did it, and {@link #tellOfExpiry} is to follow. */
    boolean interruptIfOver(Reading now) {
        return isOver(now) && interrupt(LossReason.EXPIRED);
    }

    /** Has loss listeners and owner told that the time is over. */
    void tellOfExpiry() {
        work.tellOfLoss();
        events.expired(this);
    }

    /** Does what is due by now, as the watchdog does it for many; returns the nanoseconds until something is due again. */
    long attend(Reading now) {
        if (interruptIfOver(now)) {
            tellOfExpiry();
        }
        return alarms.sound(now);
    }

    /** Returns how far the leadership has come, whether or not it is still held. */
    ProcessState phase() {
        return phase;
    }

    boolean isOver(Reading now) {
        return trust.isOver(now);
    }

    boolean isCancelled() {
        return work.isCancelled();
    }

    /** Ends the leadership: it is no longer held, and its work is cancelled. Returns whether this call did it. */
    boolean cancel(LossReason why) {
        boolean first = interrupt(why);
        if (first) {
            work.tellOfLoss();
        }
        return first;
    }

    private boolean interrupt(LossReason why) {
        trust.lose(why);
        // First the interrupts: the work would otherwise be told by awaitLoss, and hit by them while it cleans up.
        if (!work.interrupt()) {
            return false;
        }
        try {
            alarms.end();
        } finally {
            lost.countDown();
        }
        if (!alarms.isSettled()) {
            events.alarmSet(this);
        }
        return true;
    }

    /** Returns why the leadership is lost, once it is. */
    LossReason lossReason() {
        return trust.lossReason();
    }

    Alarms alarms() {
        return alarms;
    }

    Work work() {
        return work;
    }

    TenancyEvents owner() {
        return events;
    }

    @Override
    public String toString() {
        return "leadership of '" + election + "', term " + term + (isHeld() ? ", held" : ", lost: " + lossReason());
    }
}
