package dev.pgleader.internal.election;

/** Why a leadership ended. */
public enum Loss {
    /** It was resigned. */
    RESIGNED,
    /** It was handed over to somebody who was named. */
    HANDED_OVER,
    /** A candidate of higher priority asked for it. */
    PREEMPTED,
    /** The leader was closed. */
    CLOSED,
    /** The work threw an exception. */
    FAILED,
    /** The row no longer named this leader and term, or its lease was over on the database's clock. */
    DEPOSED,
    /** No heartbeat was answered in time. */
    EXPIRED,
    /** The session that held the advisory lock ended. */
    SESSION_LOST
}
