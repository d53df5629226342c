package dev.pgleader;

/** Why a {@linkplain LeadershipTracker#waitFollower() wait for the end of leading} is over. */
public enum FollowerReason {
    /** This process did not lead when the ticket was asked for. */
    NOT_LEADING,
    /** The leadership was lost. */
    LOST,
    /**
     * Heartbeats are late: the leadership is still held, but no longer certain for the guaranteed time. It may yet be saved by
     * one that is answered.
     */
    UNCERTAIN,
    /** The tracker, the candidacy or the elections were closed. */
    CLOSED
}
