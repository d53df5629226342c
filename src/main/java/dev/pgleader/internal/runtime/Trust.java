package dev.pgleader.internal.runtime;

import dev.pgleader.LossReason;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * For how long a leadership is believed in, judged anew at each question, and why it is lost once it is. Thread-safe and
 * without locks.
 *
 * <p><b>Once lost, always lost.</b> Whoever first finds that the deadline has passed, be it a user who asks, the watchdog or
 * the loop, puts the reason into {@link #loss}, which never changes again. So an answer of "no longer held" cannot be
 * followed by another one, even if a heartbeat that the loop accepted in time extends the deadline at that very moment.
 */
final class Trust {

    private final Ticker ticker;
    private final AtomicReference<@Nullable LossReason> loss = new AtomicReference<>();
    private volatile Deadline deadline;

    Trust(Ticker ticker, Deadline deadline) {
        this.ticker = ticker;
        this.deadline = deadline;
    }

    boolean isHeld() {
        while (loss.get() == null) {
            Deadline judged = deadline;
            if (!ticker.hasPassed(judged)) {
                return true;
            }
            // A thread that was slow to read the clocks has judged a deadline that a heartbeat has replaced meanwhile.
            if (judged.equals(deadline)) {
                loss.compareAndSet(null, LossReason.EXPIRED);
            }
        }
        return false;
    }

    /** Returns what is left; zero once it is lost. */
    Duration remaining() {
        Reading now = ticker.read();
        Duration left = deadline.remaining(now);
        if (deadline.isPast(now)) {
            loss.compareAndSet(null, LossReason.EXPIRED);
        }
        return isHeld() ? left : Duration.ZERO;
    }

    /** Returns whether it will be held for more than {@code length} from now on. Costs about as much as {@link #isHeld}. */
    boolean isCertainFor(Duration length) {
        return isHeld() && !ticker.hasPassed(new Deadline(deadline.at().plus(length.negated())));
    }

    /** Believes for longer; without effect once it is lost. */
    void extend(Deadline later) {
        deadline = later;
    }

    Deadline deadline() {
        return deadline;
    }

    boolean isOver(Reading now) {
        return loss.get() != null || deadline.isPast(now);
    }

    /** Loses it for this reason, unless it is lost already. */
    void lose(LossReason why) {
        loss.compareAndSet(null, why);
    }

    /** Returns why it is lost, once it is. */
    LossReason lossReason() {
        LossReason why = loss.get();
        return why == null ? LossReason.EXPIRED : why;
    }
}
