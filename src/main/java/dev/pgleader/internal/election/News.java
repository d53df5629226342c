package dev.pgleader.internal.election;

/** What is announced of an election. A hint: the database is asked whether it is so. */
public enum News {
    /** Its leader has given it up, and it may be taken. */
    VACATED,

    /** Something else: it was taken, its leader has recovered, or a leader is asked to resign. */
    CHANGED
}
