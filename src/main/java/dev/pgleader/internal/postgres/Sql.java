package dev.pgleader.internal.postgres;

/**
 * Every statement of a session, for one schema on one server. Immutable.
 *
 * <p>Times are the database's own. The end of others' leases is judged by {@code now()}, what a process may do itself and what
 * is written down by {@code clock_timestamp()}.
 *
 * @param sessions on the rows of sessions
 * @param look reads elections
 * @param bids takes elections
 * @param elections changes elections in other ways
 * @param candidates on the list of candidates
 */
record Sql(SessionSql sessions, LookSql look, BidSql bids, ElectionSql elections, CandidateSql candidates) {

    /** Returns the statements for a schema, on a server that tells so much of itself. */
    static Sql of(SchemaName schema, HereSql here) {
        String quoted = schema.quoted();
        return new Sql(
                new SessionSql(quoted, here),
                new LookSql(quoted, here),
                new BidSql(quoted, here),
                new ElectionSql(quoted, here),
                new CandidateSql(quoted));
    }
}
