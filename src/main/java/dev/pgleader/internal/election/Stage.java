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
    /** Does not lead, and holds nothing that the session is needed for; work of a leadership still runs. */
    OUTLIVED,
    /** Has ended. */
    CLOSED;

    /** Returns whether nothing of a leadership is left to stop or to release. */
    public boolean isAtRest() {
        return this == STANDING || this == CLOSED;
    }

    /** Returns whether something hangs on the session: it must not fall silent, and whether it lives matters. */
    public boolean needsSession() {
        return isHeld() || this == UNWINDING;
    }

    /** Returns whether heartbeats extend a leadership. */
    public boolean isHeld() {
        return this == RECOVERING || this == LEADING || this == DRAINING;
    }
}
