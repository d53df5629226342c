package dev.pgleader;

import dev.pgleader.testing.TestDatabase;
import java.util.UUID;

/** One election as an administrator sees it in the database. Each question is a query. */
record ElectionRow(TestDatabase database, String name) {

    private static final String LOCKED =
            """
            select exists (
                select from pg_locks l join pgleader.election e on l.objid::bigint = e.session_id
                where l.locktype = 'advisory' and l.objsubid = 2 and l.granted and e.name = ?
                    and l.classid::bigint::bit(32) = pgleader.lock_space()::bit(32)
                    and l.database = (select oid from pg_database where datname = current_database()))
            """;

    private static final String GIVE_AWAY =
            """
            with another as (
                insert into pgleader.session (process, lease, refractory, renewed_at, expires_at, locked)
                values (gen_random_uuid(), '1 hour', '0', clock_timestamp(), clock_timestamp() + interval '1 hour', false)
                returning id)
            update pgleader.election
            set term = term + 1, candidate = gen_random_uuid(), address = ?, phase = 'leading',
                lease = interval '1 hour', elected_at = clock_timestamp(), session_id = another.id
            from another
            where name = ?
            """;

    /** Empties every election, as other hands would. */
    static final String EMPTY =
            "update pgleader.election set session_id = null, candidate = null, address = null, phase = null,"
                    + " elected_at = null";

    /** Gives every election up as the library does, so that they are free at once. */
    static final String RELEASE = EMPTY + ", released = term, xact = pg_current_xact_id()";

    /** Announces a change of an election as the library does. */
    static final String ANNOUNCE =
            "select pg_notify('pgleader_' || lpad(to_hex(pgleader.lock_space()), 8, '0'), 'changed ' || ?)";

    private static final String OF_SESSION = "(select %s from pgleader.session as s where s.id = session_id)";

    boolean isVacant() {
        return ask(Boolean.class, "candidate is null");
    }

    /** Returns whether it was given up after its work had stopped; any other row must stand still for a lease. */
    boolean isFreeAtOnce() {
        return ask(Boolean.class, "session_id is null and released = term");
    }

    boolean isExpired() {
        return ask(Boolean.class, OF_SESSION.formatted("clock_timestamp() >= s.expires_at"));
    }

    boolean isLocked() {
        return database.queryOne(Boolean.class, LOCKED, name);
    }

    long term() {
        return ask(Long.class, "term");
    }

    long beat() {
        return ask(Long.class, OF_SESSION.formatted("s.beat"));
    }

    UUID candidate() {
        return ask(UUID.class, "candidate");
    }

    String phase() {
        return ask(String.class, "phase");
    }

    int backendPid() {
        return ask(Integer.class, OF_SESSION.formatted("s.backend_pid"));
    }

    /** Ends the session that leads, as an administrator would. */
    void terminateLeadersSession() {
        database.execute("select pg_terminate_backend(?)", backendPid());
    }

    /** Gives it to another leader, for an hour, under the next term and without a lock, as other hands would. */
    void giveTo(String address) {
        database.execute(GIVE_AWAY, address, name);
    }

    /** Ends its leader's session on the database's clock, in so long. */
    void letTheLeaseEndIn(String length) {
        database.execute(
                "update pgleader.session as s set expires_at = clock_timestamp() + ?::interval"
                        + " from pgleader.election as e where e.session_id = s.id and e.name = ?",
                length,
                name);
    }

    /** Has its leader give it up as the library does. */
    void release() {
        database.execute(RELEASE + " where name = ?", name);
    }

    void announce() {
        database.queryOne(String.class, ANNOUNCE + "::text", name);
    }

    private <T> T ask(Class<T> type, String expression) {
        return database.queryOne(type, "select " + expression + " from pgleader.election where name = ?", name);
    }
}
