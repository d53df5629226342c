package dev.pgleader.internal.runtime;

import dev.pgleader.LeadershipLostException;
import dev.pgleader.Stint;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One leadership on its way from the callback thread that gained it to the thread that campaigned for it and does the work.
 * Thread-safe and without locks.
 *
 * <p>To the rest of the library the callback thread does the work: it stays until the other has returned. So all that is
 * promised of work (stop before release, the drain, the report of work that does not return) holds here as well. Only the
 * interrupt that comes with the loss is meant for the other.
 */
final class Post {

    /**
     * Whoever takes it and whatever withdraws it decide between them, once, whether the work runs.
     *
     * <pre>
     * OFFERED → TAKEN → LEFT
     * OFFERED → WITHDRAWN
     * </pre>
     */
    private enum State {
        /** Nobody has taken it yet. */
        OFFERED,
        /** The work is running. */
        TAKEN,
        /** The work has returned. */
        LEFT,
        /** It was lost before anybody had taken it. */
        WITHDRAWN
    }

    private final Tenancy tenancy;
    private final Thread worker;
    private final Interruption interruption;
    private final Thread callback = Thread.currentThread();
    private final AtomicReference<State> state = new AtomicReference<>(State.OFFERED);

    /** Offers a leadership to {@code worker}. On the callback thread. */
    Post(Tenancy tenancy, Thread worker) {
        this.tenancy = tenancy;
        this.worker = worker;
        this.interruption = new Interruption(worker);
    }

    // The callback thread

    /** Stays until the work has returned, or the leadership was lost before it began. */
    void stay() {
        offer();
        while (isOpen()) {
            LockSupport.park(this);
            // Nobody who interrupts this thread has anything to say to the work.
            Thread.interrupted();
        }
    }

    /** From now on the loss of the leadership withdraws it, or interrupts the work. */
    void offer() {
        tenancy.whenOver(this::over);
    }

    /** Returns whether somebody may still take it, or is at work. */
    boolean isOpen() {
        State now = state.get();
        return now == State.OFFERED || now == State.TAKEN;
    }

    /** Withdraws it, or interrupts the work. On whichever thread has found out about the loss. */
    private void over() {
        if (state.compareAndSet(State.OFFERED, State.WITHDRAWN)) {
            LockSupport.unpark(callback);
        } else {
            interruption.fire();
        }
    }

    // The thread that does the work

    /** Takes it, unless it is lost already; returns whether the work is to run now. */
    boolean take() {
        return tenancy.isHeld() && state.compareAndSet(State.OFFERED, State.TAKEN);
    }

    /**
     * Does the work of a post that was {@linkplain #take taken}.
     *
     * @throws X when the work fails, in a leadership that is still held
     * @throws LeadershipLostException if the leadership was lost by the time at which the work returned or failed
     */
    <T extends @Nullable Object, X extends Exception> T fill(Stint<T, X> work) throws X {
        AtWork.begin(tenancy, interruption::hasFired);
        try {
            return whileHeld(work);
        } finally {
            AtWork.end();
            leave();
        }
    }

    private <T extends @Nullable Object, X extends Exception> T whileHeld(Stint<T, X> work) throws X {
        T result;
        try {
            tenancy.recovered();
            result = work.run(tenancy);
        } catch (Throwable thrown) {
            if (tenancy.isHeld()) {
                throw thrown;
            }
            if (thrown instanceof InterruptedException && !interruption.hasFired()) {
                // It cannot have been our own, so somebody else is still to be heard.
                Thread.currentThread().interrupt();
            }
            throw new LeadershipLostException(tenancy.election(), term(), lost(), thrown);
        }
        if (!tenancy.isHeld()) {
            throw new LeadershipLostException(tenancy.election(), term(), lost());
        }
        return result;
    }

    private String lost() {
        return "the leadership was lost before the work was done: " + tenancy.lossReason();
    }

    private void leave() {
        if (interruption.end() && AtWork.isInterrupted()) {
            // This thread had been told by others as well that it should stop, and they are still to be heard.
            Thread.currentThread().interrupt();
        }
        state.set(State.LEFT);
        LockSupport.unpark(callback);
    }

    Thread worker() {
        return worker;
    }

    long term() {
        return tenancy.term();
    }

    boolean isHeld() {
        return tenancy.isHeld();
    }

    /** Returns whether something says of this very leadership that it is lost. */
    boolean isMeantBy(LeadershipLostException lost) {
        return lost.term() == term() && lost.election().equals(tenancy.election());
    }
}
