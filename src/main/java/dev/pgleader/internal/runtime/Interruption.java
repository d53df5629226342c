package dev.pgleader.internal.runtime;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The right to interrupt a thread while it does one piece of work, and not a moment longer: an interrupt that comes just as
 * the work returns would hit whatever the thread does next.
 *
 * <pre>
 * RUNNING → DONE                           nobody has fired
 * RUNNING → FIRING → FIRED → DONE          the interrupt was ours
 * RUNNING → FIRING → FIRED_SECOND → DONE   somebody else's was waiting when ours came
 * </pre>
 *
 * <p>A thread has one interrupt flag, whoever has set it. When the work has ended after a shot, the flag is cleared, and set
 * again where somebody else was seen to have set it first. An interrupt of somebody else that came <i>after</i> ours cannot be
 * told from it, and is cleared with it.
 *
 * <p>Thread-safe and without locks.
 */
public final class Interruption {

    private enum State {
        RUNNING,
        FIRING,
        FIRED,
        FIRED_SECOND,
        DONE
    }

    private final Thread thread;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    /** Begins a piece of work that {@code thread} does. */
    public Interruption(Thread thread) {
        this.thread = thread;
    }

    /** Interrupts the work, once, unless it has ended; returns whether this call did it. Any thread. */
    public boolean fire() {
        if (!state.compareAndSet(State.RUNNING, State.FIRING)) {
            return false;
        }
        boolean others = thread.isInterrupted();
        thread.interrupt();
        state.set(others ? State.FIRED_SECOND : State.FIRED);
        return true;
    }

    /** Returns whether the work that goes on was interrupted. Any thread. */
    public boolean hasFired() {
        awaitShot();
        State now = state.get();
        return now == State.FIRED || now == State.FIRED_SECOND;
    }

    /**
     * Ends the work: from now on nothing is fired, and what was fired does not outlast it. On the thread that did the work.
     *
     * @return whether the work was interrupted, and the flag cleared
     */
    public boolean end() {
        if (state.compareAndSet(State.RUNNING, State.DONE)) {
            return false;
        }
        awaitShot();
        State before = state.getAndSet(State.DONE);
        if (before == State.DONE) {
            return false;
        }
        Thread.interrupted();
        if (before == State.FIRED_SECOND) {
            thread.interrupt();
        }
        return true;
    }

    /** Waits for a shot that is on its way: its thread is between two instructions. */
    private void awaitShot() {
        while (state.get() == State.FIRING) {
            Thread.onSpinWait();
        }
    }
}
