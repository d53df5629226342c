package dev.pgleader.internal.election;

/**
 * Which PostgreSQL server, in which of its lives.
 *
 * <p>Behind a pooler that has no sessions nobody knows which server process a statement will reach, so a lock proves
 * nothing there: such a server is known as {@linkplain #sessionless one without a life}.
 *
 * @param systemIdentifier the cluster's identifier, the same on its standbys
 * @param timeline the WAL timeline, which a promotion changes
 * @param startedAtMicros when the postmaster started, in microseconds since 1970 on the server's clock; 0 where sessions
 *     mean nothing
 */
public record Server(long systemIdentifier, int timeline, long startedAtMicros) {

    private static final long NO_SESSIONS = 0;

    /** Returns this server as those see it, and write it down, who have no sessions of their own there. */
    public Server sessionless() {
        return new Server(systemIdentifier, timeline, NO_SESSIONS);
    }

    /** Returns whether a lock that a leader holds since it wrote {@code other} down would be in a candidate's way here. */
    public boolean sharesLocksWith(Server other) {
        return startedAtMicros != NO_SESSIONS && equals(other);
    }

    /** Returns whether all that was committed there is known here, which a promotion puts in doubt and a restart does not. */
    public boolean hasHistoryOf(Server other) {
        return systemIdentifier == other.systemIdentifier && timeline == other.timeline;
    }
}
