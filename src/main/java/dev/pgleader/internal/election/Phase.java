package dev.pgleader.internal.election;

/** How far a leader has come, as the table stores it. */
public enum Phase {
    /** Elected; the work is still restoring its state. */
    RECOVERING,
    /** Ready to serve. */
    LEADING
}
