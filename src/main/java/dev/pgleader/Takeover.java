package dev.pgleader;

/** When the lock of a leader whose session has ended may be used. */
public enum Takeover {

    /**
     * Only once the lease is over as well. A leader that was killed is replaced within its lease. The default: it asks
     * nothing of the old leader but that it counts its own time.
     */
    AFTER_LEASE,

    /**
     * One refractory period after the lock came free, even while the lease runs. A leader that was killed is replaced
     * within a look and the refractory period. Fenced writes stay safe whatever happens; for unfenced work this assumes
     * that a leader which lives on notices the end of its session within the refractory period. It usually does at once,
     * because the server closes the connection; a leader whose network is cut off does not.
     */
    ON_SESSION_END
}
