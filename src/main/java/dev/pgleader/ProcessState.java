package dev.pgleader;

/** What this process is doing in one election. */
public enum ProcessState {
    /** Another process leads, or nobody does. */
    FOLLOWING,
    /** Elected, and the callback is still restoring state. */
    RECOVERING,
    /** Elected, and at work. */
    LEADING
}
