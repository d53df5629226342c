package dev.pgleader.testing;

import java.util.List;
import java.util.UUID;

/**
 * A session without a process behind it: its row, and what such a session does to elections, by SQL alone. It writes what
 * the library writes, mark included, and stands for a candidate of its own. One thread.
 */
public final class SqlSession {

    private static final String STAND =
            """
            insert into pgleader.session (process, lease, refractory, renewed_at, expires_at, locked)
            values (gen_random_uuid(), '5 min', '1 s', clock_timestamp(), clock_timestamp() + interval '5 min', false)
            returning id
            """;

    private static final String REGISTER =
            "insert into pgleader.election (name, xact) values (?, pg_current_xact_id()) on conflict (name) do nothing";

    private static final String TAKE =
            """
            with free as materialized (
                select e.name
                  from pgleader.election as e
                 where e.name = ?
                   and (? or not exists (select from pgleader.session as s
                                          where s.id = e.session_id and s.expires_at > now()))
                   for update of e skip locked
            ), mine as (
                update pgleader.session
                   set beat = beat + 1, renewed_at = clock_timestamp(), expires_at = clock_timestamp() + lease
                 where id = ? and expires_at > clock_timestamp() and exists (select from free)
                returning id, lease, refractory
            )
            update pgleader.election as e
               set term = greatest(e.term,
                                   (select max(h.term) from pgleader.term_history as h where h.election = e.name),
                                   server.front * 1000000000000
                                       + (extract(epoch from clock_timestamp()) * 1000)::bigint - 1577836800000) + 1,
                   session_id = mine.id, candidate = ?, address = ?, phase = 'recovering', ending = null,
                   elected_at = clock_timestamp(), lease = mine.lease, refractory = mine.refractory,
                   xact = pg_current_xact_id()
              from free, mine, pgleader.server as server
             where e.name = free.name
            returning e.term
            """;

    private static final String RECOVER =
            """
            with mine as materialized (
                select name from pgleader.election where name = ? and session_id = ? for no key update skip locked)
            update pgleader.election as e
               set phase = 'leading', xact = pg_current_xact_id()
              from mine
             where e.name = mine.name
            returning e.name
            """;

    private static final String VACATE =
            """
            with mine as materialized (
                select name from pgleader.election where name = ? and session_id = ? for no key update skip locked)
            update pgleader.election as e
               set session_id = null, candidate = null, address = null, phase = null, elected_at = null,
                   released = e.term, ending = ?, xact = pg_current_xact_id()
              from mine
             where e.name = mine.name
            returning e.name
            """;

    private final TestDatabase database;
    private final int id;
    private final UUID candidate = UUID.randomUUID();
    private final String address;

    private SqlSession(TestDatabase database, int id, String address) {
        this.database = database;
        this.id = id;
        this.address = address;
    }

    /**
     * Makes a session's row, good for five minutes.
     *
     * @param database where
     * @param address where its candidate serves
     * @return the session
     */
    public static SqlSession in(TestDatabase database, String address) {
        return new SqlSession(database, database.queryOne(Integer.class, STAND), address);
    }

    /**
     * Creates an election, unless it is there.
     *
     * @param database where
     * @param election its name
     */
    public static void register(TestDatabase database, String election) {
        database.execute(REGISTER, election);
    }

    /**
     * The session's id.
     *
     * @return the id
     */
    public int id() {
        return id;
    }

    /**
     * The identity of its candidate.
     *
     * @return the identity
     */
    public UUID candidate() {
        return candidate;
    }

    /**
     * Takes an election whose holder's session is over, or which has none. A row that is locked is passed over.
     *
     * @param election its name
     * @return whether it was taken
     */
    public boolean take(String election) {
        return taken(election, false);
    }

    /**
     * Takes an election, even while its holder's session runs. A row that is locked is passed over.
     *
     * @param election its name
     * @return whether it was taken
     */
    public boolean takeBeforeTheEnd(String election) {
        return taken(election, true);
    }

    private boolean taken(String election, boolean beforeTheEnd) {
        List<Long> term = database.queryAll(Long.class, TAKE, election, beforeTheEnd, id, candidate, address);
        return !term.isEmpty();
    }

    /**
     * Says that its candidate is ready to serve.
     *
     * @param election the election's name
     * @return whether that was written
     */
    public boolean recover(String election) {
        return !database.queryAll(String.class, RECOVER, election, id).isEmpty();
    }

    /**
     * Gives an election up.
     *
     * @param election its name
     * @param ending how its term ended
     * @return whether that was written
     */
    public boolean vacate(String election, String ending) {
        return !database.queryAll(String.class, VACATE, election, id, ending).isEmpty();
    }

    /**
     * Renews the row, unless its time is over.
     *
     * @return whether that was written
     */
    public boolean renew() {
        return !database.queryAll(
                        Integer.class,
                        "update pgleader.session set beat = beat + 1, renewed_at = clock_timestamp(),"
                                + " expires_at = clock_timestamp() + lease"
                                + " where id = ? and expires_at > clock_timestamp() returning id",
                        id)
                .isEmpty();
    }

    /**
     * Has the next session of a schema get this id.
     *
     * @param database where
     * @param schema which schema, quoted where its name needs it
     * @param id the id
     */
    public static void number(TestDatabase database, String schema, int id) {
        database.execute("alter table " + schema + ".session alter column id restart with " + id);
    }

    /** Has the row's time be over. */
    public void expire() {
        database.execute("update pgleader.session set expires_at = clock_timestamp() where id = ?", id);
    }
}
