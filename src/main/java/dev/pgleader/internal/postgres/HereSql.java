package dev.pgleader.internal.postgres;

/**
 * Which server answers a statement, as far as this role is told there. Immutable.
 *
 * <p>Some services refuse the functions that tell the cluster's identifier or the timeline. What is refused is unknown, and
 * null in every table. The start of the server is always told.
 *
 * @param tellsSystem whether the cluster's identifier is told
 * @param tellsTimeline whether the WAL's timeline is told
 */
record HereSql(boolean tellsSystem, boolean tellsTimeline) {

    private static final String SYSTEM = "(select c.system_identifier from pg_control_system() as c)";
    private static final String TIMELINE =
            "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer";

    /** Reads the cluster's identifier, or fails where that is refused. */
    static final String ASK_SYSTEM = "select " + SYSTEM;

    /** Reads the timeline, or fails where that is refused. */
    static final String ASK_TIMELINE = "select " + TIMELINE;

    /** Selects the server: {@code system_identifier}, {@code timeline}, {@code started_at} and {@code start_micros}. */
    String select() {
        return """
                select %1$s as system_identifier,
                       %2$s as timeline,
                       pg_postmaster_start_time() as started_at,
                       (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as start_micros"""
                .formatted(tellsSystem ? SYSTEM : "null::bigint", tellsTimeline ? TIMELINE : "null::integer");
    }
}
