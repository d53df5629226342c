package dev.pgleader;

/** Why a leadership ended. */
public enum LossReason {
    /** {@link Leader#resign()} was called, or the SQL function {@code request_resignation}. */
    RESIGNED,
    /** It was handed over to a successor that somebody has named, by {@link Leader#handOverTo} or in SQL. */
    HANDED_OVER,
    /** A candidate of higher priority has asked for it: {@link CandidateConfig#preempts()}. */
    PREEMPTED,
    /** {@link Leader#close()} or {@link Elections#close()} was called. */
    CLOSED,
    /** The {@link LeadFunction} threw an exception. */
    FAILED,
    /** The database no longer named this leader and term, or the lease was over on the database's clock. */
    DEPOSED,
    /** No heartbeat was answered in time, for instance because the database hung or this process was paused. */
    EXPIRED,
    /** The session that held the advisory lock ended. */
    SESSION_LOST
}
