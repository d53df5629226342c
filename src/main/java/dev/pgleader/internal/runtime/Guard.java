package dev.pgleader.internal.runtime;

/**
 * Watches over one connection: whoever is about to wait for it says so, and is freed if that takes far too long. Used by
 * one thread at a time.
 */
public interface Guard {

    /** Watches over nothing, for a caller who bears it that a server stops in the middle of a message. */
    Guard NONE = new Guard() {
        @Override
        public void begin(Runnable abort) {}

        @Override
        public void end() {}
    };

    /** Says that a wait begins; {@code abort} will be run on another thread if it does not end in time. */
    void begin(Runnable abort);

    /** Says that the wait is over. */
    void end();
}
