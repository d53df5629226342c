package dev.pgleader.internal.election;

/** What a {@link State} is to those outside the core. */
public enum Stage {
    /** Does not lead, and nothing of a leadership is left. */
    STANDING,
    /** Leads, and is restoring its state. */
    RECOVERING,
    /** Leads. */
    LEADING,
    /** Has cancelled its work by choice and still sends heartbeats until it has returned. */
    DRAINING,
    /** Does not lead; something of a leadership is still to be stopped or released. */
    UNWINDING,
    /** Has ended. */
    CLOSED;

    /** Returns whether nothing of a leadership is left to stop or to release. */
    public boolean isAtRest() {
        return this == STANDING || this == CLOSED;
    }

    /** Returns whether the session must not fall silent, since the server would end it and free the lock. */
    public boolean needsBeats() {
        return this == RECOVERING || this == LEADING || this == DRAINING || this == UNWINDING;
    }
}
