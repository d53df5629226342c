package dev.pgleader.internal.postgres;

/**
 * Every statement on the elections, for one schema. Immutable.
 *
 * <p>Times are {@code clock_timestamp()}: {@code now()} is when the transaction began, which for a statement that had to
 * wait is in the past. Arrays make one statement of any number of elections. Statements that change rows pass over what
 * somebody else has locked, so that one locked row cannot keep the others waiting.
 */
final class Sql {

    /** The schema's name as it is. */
    final String schema;

    /** The election table's name, qualified and quoted. */
    final String table;

    /** Reads rows. */
    final LookSql look;

    final String register;
    final String tryLock;
    final String take;
    final String heartbeat;
    final String vacate;
    final String endBackends;

    /** On the list of those who stand. */
    final RollSql roll;

    /** For a user's transactions. */
    final FenceSql fencing;

    /** The schema's version, which is missing where the schema is. */
    final String schemaVersion;

    Sql(SchemaName schema) {
        String quoted = schema.quoted();
        String election = quoted + ".election";
        this.schema = schema.value();
        this.table = election;
        this.roll = new RollSql(schema);
        this.fencing = FenceSql.of(schema);
        this.schemaVersion = "select " + quoted + ".schema_version()";
        this.look = new LookSql(quoted);
        this.register = REGISTER.formatted(election);
        this.tryLock = TRY_LOCK.formatted(election);
        this.take = TAKE.formatted(election, look.columns, LookSql.HERE);
        this.heartbeat = HEARTBEAT.formatted(election, quoted);
        this.vacate = VACATE.formatted(election, quoted);
        this.endBackends = END_BACKENDS.formatted(election);
    }

    private static final String REGISTER =
            """
            insert into %1$s (name)
            select name
              from unnest(?::text[]) as wanted(name)
             where not exists (select from %1$s as e where e.name = wanted.name)
             order by name
                on conflict do nothing
            """;

    /*
     * A lock that is granted comes with the time after which the server ends this session if it falls silent, in the same
     * statement: a process that freezes right after it was granted must not keep the lock.
     */
    private static final String TRY_LOCK =
            """
            with tried as materialized (
                select name, pg_try_advisory_lock(?, lock_id) as granted
                  from %1$s
                 where name = any(?) and current_setting('pgleader.mark', true) = ?
            )
            select name, case when ? and granted then set_config('idle_session_timeout', ?, false) end
              from tried
             where granted
            """;

    /*
     * The timeline stands in front of the count, a trillion terms apart, so that a term which a promoted standby has never
     * heard of is not issued again; in decimal, so that people can read it. Where the row was last written on another
     * timeline the front part grows by as much as the timeline did; where the data came from another cluster, by the whole
     * timeline.
     *
     * Whoever takes a row for which another had the leader preempted, and did not come, counts as appointed. A candidate that
     * hears of nothing and looks less often than others wait would else have them hand over for ever.
     */
    private static final String TAKE =
            """
            with here as materialized (
                %3$s
            ), bid as (
                select * from unnest(?::text[], ?::bigint[], ?::bigint[], ?::boolean[], ?::uuid[], ?::text[],
                                     ?::bigint[], ?::bigint[], ?::integer[], ?::text[], ?::integer[])
                  as b(name, term, beat, before_expiry, candidate, address, system_identifier, timeline,
                       priority, version, terms_kept)
            ), ready as (
                select e.name, b.candidate, b.address, b.priority, b.version, b.terms_kept
                  from %1$s as e
                  join bid as b on b.name = e.name and b.term = e.term and b.beat = e.beat
                  join here on here.system_identifier = b.system_identifier and here.timeline = b.timeline
                 where e.candidate is null or e.expires_at <= clock_timestamp() or b.before_expiry
                   for update of e skip locked)
            update %1$s as e
               set term = case when e.term = 0
                               then here.timeline * 1000000000000 + 1
                               when e.system_identifier <> here.system_identifier
                               then (e.term / 1000000000000 + here.timeline) * 1000000000000 + 1
                               when e.timeline <> here.timeline
                               then (e.term / 1000000000000 + greatest(here.timeline - e.timeline, 1))
                                        * 1000000000000 + 1
                               else e.term + 1
                          end,
                   beat = e.beat + 1,
                   candidate = ready.candidate,
                   address = ready.address,
                   priority = ready.priority,
                   version = ready.version,
                   heir = case when e.ending = 'handed over' and e.heir in (ready.candidate::text, ready.address)
                               then e.heir
                               when e.ending = 'preempted' and e.heir not in (ready.candidate::text, ready.address)
                               then ready.candidate::text
                          end,
                   yielded_by = case when e.candidate is null then e.yielded_by end,
                   ending = null,
                   terms_kept = ready.terms_kept,
                   phase = 'recovering',
                   lease = mine.lease,
                   refractory = mine.refractory,
                   elected_at = clock_timestamp(),
                   renewed_at = clock_timestamp(),
                   expires_at = clock_timestamp() + mine.lease,
                   backend_pid = mine.backend_pid,
                   backend_start = mine.backend_start,
                   system_identifier = here.system_identifier,
                   timeline = here.timeline,
                   postmaster_started_at = mine.server_started_at
              from ready,
                   here,
                   (select make_interval(secs => ?) as lease, make_interval(secs => ?) as refractory,
                           case when s.real then a.pid end as backend_pid,
                           case when s.real then a.backend_start end as backend_start,
                           case when s.real then pg_postmaster_start_time() else 'epoch' end as server_started_at
                      from pg_stat_activity as a, (select ?::boolean as real) as s
                     where a.pid = pg_backend_pid()) as mine
             where e.name = ready.name
            returning %2$s
            """;

    private static final String HEARTBEAT =
            """
            with asked as (
                select * from unnest(?::text[], ?::uuid[], ?::bigint[], ?::text[]) as a(name, candidate, term, phase)
            ), mine as (
                select e.name, a.phase
                  from %1$s as e
                  join asked as a on a.name = e.name and a.candidate = e.candidate and a.term = e.term
                 where e.expires_at > clock_timestamp()
                   for no key update of e skip locked
            ), renewed as (
                update %1$s as e
                   set beat = e.beat + 1,
                       phase = mine.phase,
                       renewed_at = clock_timestamp(),
                       expires_at = clock_timestamp() + e.lease
                  from mine
                 where e.name = mine.name
                returning e.name, e.expires_at
            )
            select a.name, r.expires_at, e.name is not null as still_ours,
                   (select array[q.heir, q.preempting::text]
                      from %2$s.resignation as q
                     where q.election = a.name and q.term = a.term
                     order by q.id desc
                     limit 1) as request,
                   current_setting('pgleader.mark', true) as mark
              from asked as a
              left join renewed as r on r.name = a.name
              left join %1$s as e on e.name = a.name and e.candidate = a.candidate and e.term = a.term
                                 and e.expires_at > clock_timestamp()
            """;

    /*
     * Its commit waits neither for the disk nor for a standby: if a crash loses it, the row names a leader that has stopped
     * and whose lease runs out. Once somebody has taken the row, whose commit comes later and does wait, it is safe.
     */
    private static final String VACATE =
            """
            with asked as (
                select * from unnest(?::text[], ?::uuid[], ?::bigint[], ?::text[], ?::text[])
                  as a(name, candidate, term, ending, heir)
            ), mine as (
                select e.name, a.ending, a.heir
                  from %1$s as e
                  join asked as a on a.name = e.name and a.candidate = e.candidate and a.term = e.term
                   for no key update of e skip locked
            ), emptied as (
                update %1$s as e
                   set candidate = null, address = null, phase = null, priority = null, version = null,
                       beat = e.beat + 1,
                       ending = mine.ending,
                       yielded_by = case when mine.ending in ('resigned', 'handed over', 'preempted', 'failed')
                                         then e.candidate
                                    end,
                       heir = (select mine.heir
                                where exists (select from %2$s.standing as s
                                                join %2$s.member as m on m.id = s.member
                                               where s.election = e.name
                                                 and mine.heir in (s.candidate::text, s.address)
                                                 and s.candidate <> e.candidate and not s.never_leads
                                                 and m.expected_by > clock_timestamp())),
                       renewed_at = clock_timestamp(), expires_at = clock_timestamp(),
                       backend_pid = null, backend_start = null
                  from mine
                 where e.name = mine.name
                returning e.name
            )
            select a.name, set_config('synchronous_commit', 'off', true)
              from asked as a
             where a.name in (select name from emptied)
                or not exists (select from %1$s as e
                                where e.name = a.name and e.candidate = a.candidate and e.term = a.term)
            """;

    /*
     * One statement, so one transaction: an unlock takes effect at once, an announcement at the commit, which for its sake
     * neither waits for other announcers for long nor for the disk.
     */
    static final String RELEASE =
            """
            select set_config('lock_timeout', '100ms', true),
                   set_config('synchronous_commit', 'off', true),
                   array(select pg_advisory_unlock(?, id) from unnest(?::int[]) as released(id)) as unlocked,
                   array(select pg_notify(?, name)::text from unnest(?::text[]) as changed(name))
            """;

    /*
     * The row is locked before the process is ended, so that it cannot begin to lead anew in between; and a process id alone
     * is used again.
     */
    private static final String END_BACKENDS =
            """
            with asked as (
                select * from unnest(?::text[], ?::bigint[], ?::bigint[]) as a(name, term, beat)
            ), condemned as materialized (
                select e.name, e.backend_pid, e.backend_start
                  from %1$s as e
                  join asked as a on a.name = e.name and a.term = e.term and a.beat = e.beat
                   for no key update of e skip locked
            )
            select c.name, pg_terminate_backend(s.pid)
              from condemned as c
              join pg_stat_activity as s on s.pid = c.backend_pid and s.backend_start = c.backend_start
            """;
}
