package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import dev.pgleader.LeadFunction;
import dev.pgleader.Leadership;
import dev.pgleader.LeadershipLostException;
import dev.pgleader.LossReason;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Tenure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One leadership as its user sees it, and the running of its work. Thread-safe and without locks.
 *
 * <h2>Once lost, always lost</h2>
 *
 * Whoever first finds that the deadline has passed, be it a user who asks, the watchdog or the loop, puts the reason into
 * {@link #loss}, which never changes again. So an answer of "no longer held" cannot be followed by another one, even if a
 * heartbeat that the loop accepted in time extends the deadline at that very moment.
 *
 * <h2>When all work has stopped</h2>
 *
 * {@link #parts} counts what of the work has not returned yet: one for the leadership itself until it is cancelled, one for
 * the {@link LeadFunction}, and one for the loss listeners. Who counts it down to zero tells {@link Events#stopped}.
 */
final class Tenancy implements Leadership {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** Told what becomes of the work; called on any thread. */
    interface Events {
        void recovered(Tenancy tenancy);

        void failed(Tenancy tenancy);

        void expired(Tenancy tenancy);

        void stopped(Tenancy tenancy);

        /** Asks for a heartbeat now and waits for its answer for one statement timeout at most. */
        void beatAndWait() throws InterruptedException;
    }

    /** The leadership on whose callback threads the current thread is, if it is one. */
    private static final ThreadLocal<@Nullable Tenancy> CURRENT = new ThreadLocal<>();

    private final String election;
    private final long term;
    private final ElectionConfig config;
    private final Ticker ticker;
    private final Events events;
    private volatile Deadline deadline;
    private final AtomicReference<@Nullable LossReason> loss = new AtomicReference<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final CountDownLatch lost = new CountDownLatch(1);
    private final AtomicInteger parts = new AtomicInteger(1);
    private final AtomicReference<@Nullable List<Consumer<LossReason>>> listeners = new AtomicReference<>(List.of());
    private volatile ProcessState phase = ProcessState.RECOVERING;
    private volatile @Nullable Thread leadThread;

    Tenancy(String election, Tenure tenure, ElectionConfig config, Ticker ticker, Events events) {
        this.election = election;
        this.term = tenure.term();
        this.deadline = tenure.trust();
        this.config = config;
        this.ticker = ticker;
        this.events = events;
    }

    boolean isOf(Events candidacy) {
        return events == candidacy;
    }

    boolean isOf(Loop loop) {
        return events instanceof Candidacy candidacy && candidacy.isOf(loop);
    }

    /** Returns the leadership whose callback runs on the current thread, if one does. */
    static @Nullable Tenancy current() {
        return CURRENT.get();
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
        if (loss.get() != null) {
            return false;
        }
        Reading at = deadline.at();
        if (ticker.monotonicNanos() - at.monotonicNanos() < 0 && ticker.wallNanos() - at.wallNanos() < 0) {
            return true;
        }
        loss.compareAndSet(null, LossReason.EXPIRED);
        return false;
    }

    @Override
    public Duration remaining() {
        if (!isHeld()) {
            return Duration.ZERO;
        }
        Duration left = deadline.remaining(ticker.read());
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public void ensure(Duration length) throws InterruptedException {
        if (length.compareTo(config.trust()) >= 0) {
            throw new IllegalArgumentException("a heartbeat gives less than " + config.trust() + ", not " + length);
        }
        if (remaining().compareTo(length) >= 0 && isHeld()) {
            return;
        }
        events.beatAndWait();
        if (!isHeld()) {
            throw new LeadershipLostException(election, term, "the leadership is lost: " + loss.get());
        }
        Duration left = remaining();
        if (left.compareTo(length) < 0) {
            throw new LeadershipLostException(
                    election, term, "only " + left + " of the leadership is certain, not " + length);
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
        return reason();
    }

    @Override
    public void onLoss(Consumer<LossReason> listener) {
        while (true) {
            List<Consumer<LossReason>> before = listeners.get();
            if (before == null) {
                tell(listener);
                return;
            }
            List<Consumer<LossReason>> after = new ArrayList<>(before);
            after.add(listener);
            if (listeners.compareAndSet(before, after)) {
                return;
            }
        }
    }

    // What the shell does

    void start(LeadFunction lead) {
        parts.incrementAndGet();
        try {
            Thread thread = config.callbackThreads().newThread(() -> run(lead));
            leadThread = thread;
            thread.start();
        } catch (Throwable noThread) {
            LOG.error("election '{}': no thread for the work of term {}", election, term, noThread);
            events.failed(this);
            partReturned();
        }
    }

    private void run(LeadFunction lead) {
        CURRENT.set(this);
        try {
            if (!isCancelled()) {
                lead.lead(this);
                recovered();
            }
        } catch (Throwable thrown) {
            if (isCancelled()) {
                LOG.debug("election '{}': the work of term {} stopped by an exception", election, term, thrown);
            } else {
                LOG.error("election '{}': the work of term {} failed; resigning", election, term, thrown);
                events.failed(this);
            }
        } finally {
            CURRENT.remove();
            leadThread = null;
            partReturned();
        }
    }

    /** Returns how far the leadership has come, whether or not it is still held. */
    ProcessState phase() {
        return phase;
    }

    /** Believes for longer; without effect on a leadership that is lost. */
    void extend(Deadline later) {
        deadline = later;
    }

    Deadline deadline() {
        return deadline;
    }

    boolean isOver(Reading now) {
        return loss.get() != null || deadline.isPast(now);
    }

    boolean isCancelled() {
        return cancelled.get();
    }

    /** Ends a leadership whose time is over. */
    void expire() {
        if (cancel(LossReason.EXPIRED)) {
            events.expired(this);
        }
    }

    /**
     * Ends the leadership: it is no longer held, its function is interrupted, its listeners run.
     *
     * @return whether this call did it
     */
    boolean cancel(LossReason why) {
        loss.compareAndSet(null, why);
        if (!cancelled.compareAndSet(false, true)) {
            return false;
        }
        lost.countDown();
        Thread thread = leadThread;
        if (thread != null) {
            thread.interrupt();
        }
        startListeners();
        partReturned();
        return true;
    }

    private void startListeners() {
        List<Consumer<LossReason>> registered = listeners.getAndSet(null);
        if (registered == null || registered.isEmpty()) {
            return;
        }
        parts.incrementAndGet();
        Runnable all = () -> {
            CURRENT.set(this);
            try {
                registered.forEach(this::tell);
            } finally {
                CURRENT.remove();
                partReturned();
            }
        };
        try {
            config.callbackThreads().newThread(all).start();
        } catch (Throwable noThread) {
            all.run();
        }
    }

    private void tell(Consumer<LossReason> listener) {
        try {
            listener.accept(reason());
        } catch (Throwable thrown) {
            LOG.error("election '{}': a loss listener of term {} failed", election, term, thrown);
        }
    }

    private void partReturned() {
        if (parts.decrementAndGet() == 0) {
            events.stopped(this);
        }
    }

    private LossReason reason() {
        LossReason why = loss.get();
        return why == null ? LossReason.EXPIRED : why;
    }

    /** Returns whether all of the cancelled work has returned. */
    boolean hasStopped() {
        return parts.get() == 0;
    }

    /** Returns where the {@link LeadFunction} is at the moment, for people who wonder why it does not return. */
    String whereabouts() {
        Thread thread = leadThread;
        if (thread == null) {
            return "in a loss listener";
        }
        StringBuilder text = new StringBuilder(thread.getName());
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n\tat ").append(frame);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "leadership of '" + election + "', term " + term + (isHeld() ? ", held" : ", lost: " + loss.get());
    }
}
