package dev.pgleader.internal.election;

/**
 * Which PostgreSQL server, in which of its lives: advisory locks mean something only among sessions of an equal one.
 *
 * @param systemIdentifier the cluster's identifier, the same on its standbys
 * @param timeline the WAL timeline, which a promotion changes
 * @param startedAtMicros when the postmaster started, in microseconds since 1970 on the server's clock
 */
public record Server(long systemIdentifier, int timeline, long startedAtMicros) {

    /** Returns whether all that was committed there is known here, which a promotion puts in doubt and a restart does not. */
    public boolean hasHistoryOf(Server other) {
        return systemIdentifier == other.systemIdentifier && timeline == other.timeline;
    }
}
