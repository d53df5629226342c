package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Server;

/**
 * How a statement learns which server answers it. Immutable.
 *
 * <p>Some services refuse the functions that tell the cluster's identifier or the timeline. What is refused is unknown, and
 * null in every table. The start of the server is always told.
 *
 * @param system the cluster's identifier, as an expression
 * @param timeline the timeline of the server's WAL, as an expression
 */
record HereSql(String system, String timeline) {

    private static final String SYSTEM = "(select c.system_identifier from pg_control_system() as c)";
    private static final String TIMELINE =
            "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer";
    private static final String NO_SYSTEM = "null::bigint";
    private static final String NO_TIMELINE = "null::integer";

    /** Reads the cluster's identifier, or fails where that is refused. */
    static final String ASK_SYSTEM = "select " + SYSTEM;

    /** Reads the timeline, or fails where that is refused. */
    static final String ASK_TIMELINE = "select " + TIMELINE;

    /** Has each statement ask for as much as this role is told, where the next one may meet another server. */
    static HereSql asked(boolean tellsSystem, boolean tellsTimeline) {
        return new HereSql(tellsSystem ? SYSTEM : NO_SYSTEM, tellsTimeline ? TIMELINE : NO_TIMELINE);
    }

    /**
     * Has statements name the server that was found at connecting, where each meets the same server process: a process sees
     * neither change, and asking takes half as long as a whole look.
     */
    static HereSql known(Server server) {
        return new HereSql(
                server.systemIdentifier() == 0 ? NO_SYSTEM : server.systemIdentifier() + "::bigint",
                server.timeline() == 0 ? NO_TIMELINE : server.timeline() + "::integer");
    }

    /** Returns whether the cluster's identifier is told. */
    boolean tellsSystem() {
        return !system.equals(NO_SYSTEM);
    }

    /** Returns whether the timeline is told. */
    boolean tellsTimeline() {
        return !timeline.equals(NO_TIMELINE);
    }

    /** Selects the server: {@code system_identifier}, {@code timeline}, {@code started_at} and {@code start_micros}. */
    String select() {
        return """
                select %1$s as system_identifier,
                       %2$s as timeline,
                       pg_postmaster_start_time() as started_at,
                       (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as start_micros"""
                .formatted(system, timeline);
    }
}
