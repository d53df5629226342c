package dev.pgleader;

import dev.pgleader.testing.TestDatabase;
import java.util.UUID;

/** One election as an administrator sees it in the database. Each question is a query. */
record ElectionRow(TestDatabase database, String name) {

    private static final String LOCKED =
            """
            select exists (
                select from pg_locks l join pgleader.election e on l.objid::bigint = e.lock_id
                where l.locktype = 'advisory' and l.objsubid = 2 and l.granted and e.name = ?
                    and l.database = (select oid from pg_database where datname = current_database()))
            """;

    private static final String GIVE_AWAY =
            """
            update pgleader.election
            set term = term + 1, candidate = gen_random_uuid(), address = ?, phase = 'leading', beat = beat + 1,
                lease = interval '1 hour', elected_at = clock_timestamp(), renewed_at = clock_timestamp(),
                expires_at = clock_timestamp() + interval '1 hour'
            where name = ?
            """;

    boolean isVacant() {
        return ask(Boolean.class, "candidate is null");
    }

    boolean isExpired() {
        return ask(Boolean.class, "clock_timestamp() >= expires_at");
    }

    boolean isLocked() {
        return database.queryOne(Boolean.class, LOCKED, name);
    }

    long term() {
        return ask(Long.class, "term");
    }

    long beat() {
        return ask(Long.class, "beat");
    }

    UUID candidate() {
        return ask(UUID.class, "candidate");
    }

    String phase() {
        return ask(String.class, "phase");
    }

    int backendPid() {
        return ask(Integer.class, "backend_pid");
    }

    /** Ends the session that leads, as an administrator would. */
    void terminateLeadersSession() {
        database.execute("select pg_terminate_backend(?)", backendPid());
    }

    /** Has somebody else take it, for an hour, under a term of his own and without the lock. */
    void giveTo(String address) {
        database.execute(GIVE_AWAY, address, name);
    }

    private <T> T ask(Class<T> type, String expression) {
        return database.queryOne(type, "select " + expression + " from pgleader.election where name = ?", name);
    }
}
