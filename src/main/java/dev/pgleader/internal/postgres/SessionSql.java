package dev.pgleader.internal.postgres;

/**
 * Every statement on the rows of sessions, for one schema and server. Immutable.
 *
 * <p>A process judges its own right to renew by {@code clock_timestamp()}, which is later than anything that it waited for.
 */
final class SessionSql {

    final String enter;
    final String lock;
    final String renew;
    final String leave;

    SessionSql(String schema, HereSql here) {
        this.enter = ENTER.formatted(schema, here.select());
        this.lock = LOCK.formatted(schema);
        this.renew = RENEW.formatted(schema);
        this.leave = LEAVE.formatted(schema);
    }

    /*
     * The row comes before its lock: a lock without a row is the sign of a leader whose row was removed by other hands, and
     * a process that has just come must not be taken for one. It says that there is a lock when there is one, and not before.
     * Where it says so a lock that was seen free proves that the session is over.
     *
     * The rest is done at connecting because that is rare: the newest server is written down, and sessions that ended long
     * ago are forgotten, unless an election still names them.
     */
    private static final String ENTER =
            """
            with here as materialized (
                %2$s
            ), known as materialized (
                select v.one, here.system_identifier, here.timeline
                  from %1$s.server as v, here
                 where (coalesce(here.system_identifier, v.system_identifier), coalesce(here.timeline, v.timeline))
                           is distinct from (v.system_identifier, v.timeline)
                   for no key update of v skip locked
            ), moved as (
                update %1$s.server as v
                   set system_identifier = coalesce(known.system_identifier, v.system_identifier),
                       timeline = coalesce(known.timeline, v.timeline),
                       front = greatest(v.front, known.timeline),
                       since = clock_timestamp()
                  from known
                 where v.one = known.one
            ), old as materialized (
                select s.id
                  from %1$s.session as s
                 where s.expires_at < clock_timestamp() - interval '1 hour'
                   and not exists (select from %1$s.election as e where e.session_id = s.id)
                   for update of s skip locked
            ), forgotten as (
                delete from %1$s.session as s using old where s.id = old.id
            ), unlisted as (
                delete from %1$s.candidate as c using old where c.session_id = old.id
            )
            insert into %1$s.session (process, lease, refractory, renewed_at, expires_at, locked, backend_pid, backend_start,
                                      system_identifier, timeline, postmaster_started_at, xact)
            select mine.process, mine.lease, mine.refractory, clock_timestamp(), clock_timestamp() + mine.lease, false,
                   case when mine.real then pg_backend_pid() end,
                   case when mine.real then (select a.backend_start
                                               from pg_stat_activity as a
                                              where a.pid = pg_backend_pid()) end,
                   case when mine.real then here.system_identifier end,
                   case when mine.real then here.timeline end,
                   case when mine.real then here.started_at end,
                   pg_current_xact_id()
              from here,
                   (select ?::uuid as process, make_interval(secs => ?) as lease, make_interval(secs => ?) as refractory,
                           ?::boolean as real) as mine
            returning id, pg_current_snapshot()::text as snapshot, current_setting('pgleader.mark', true) as mark
            """;

    /** A lock that is refused belongs to a session of other days, or to a standby's that was promoted. */
    private static final String LOCK =
            """
            with tried as materialized (
                select pg_try_advisory_lock(?, ?) as granted
            ), mine as (
                update %1$s.session as s
                   set locked = true,
                       beat = s.beat + 1,
                       renewed_at = clock_timestamp(),
                       expires_at = clock_timestamp() + s.lease,
                       xact = pg_current_xact_id()
                  from tried
                 where tried.granted and s.id = ? and s.process = ? and s.expires_at > clock_timestamp()
                returning s.id
            )
            select tried.granted, exists (select from mine) as entered, pg_current_snapshot()::text as snapshot,
                   current_setting('pgleader.mark', true) as mark
              from tried
            """;

    /*
     * What other hands did is read in the order of commits: what the renewal before could not see, whenever it was begun. A
     * number from a sequence would not do, since an earlier one may be committed later.
     *
     * The server is told by the same statement after how much silence to end the session.
     */
    private static final String RENEW =
            """
            with mine as materialized (
                select s.id
                  from %1$s.session as s
                 where s.id = ? and s.process = ? and s.expires_at > clock_timestamp()
                   and current_setting('pgleader.mark', true)
                           is not distinct from coalesce(?, current_setting('pgleader.mark', true))
                   for no key update of s skip locked
            ), renewed as (
                update %1$s.session as s
                   set beat = s.beat + 1,
                       lease = given.lease,
                       renewed_at = clock_timestamp(),
                       expires_at = clock_timestamp() + given.lease,
                       xact = pg_current_xact_id()
                  from (select make_interval(secs => ?) as lease) as given
                 where s.id = (select mine.id from mine)
                returning s.expires_at
            ), former as materialized (
                select ?::pg_snapshot as snapshot
            )
            select (select r.expires_at from renewed as r) as expires_at,
                   exists (select from %1$s.session as s
                            where s.id = ? and s.process = ? and s.expires_at > clock_timestamp()) as still_ours,
                   array(select d.election
                           from %1$s.disturbed as d
                          where d.x >= pg_snapshot_xmin((select f.snapshot from former as f))
                            and not pg_visible_in_snapshot(d.x, (select f.snapshot from former as f))
                            and (d.session_id is null or d.session_id = ?)
                          limit ?) as disturbed,
                   pg_current_snapshot()::text as snapshot,
                   current_setting('pgleader.mark', true) as mark,
                   case when b.bound is not null then set_config('idle_session_timeout', b.bound, false) end
              from (select ?::text as bound) as b
            """;

    /*
     * A row that an election still names stays, and with it the lock, since its work may still run. Where the row goes the
     * lock goes as well: a lock without a row is the sign of a leader.
     */
    private static final String LEAVE =
            """
            with gone as (
                delete from %1$s.session as s
                 where s.id = ? and s.process = ?
                   and not exists (select from %1$s.election as e where e.session_id = s.id)
                returning s.id, s.locked
            ), unlisted as (
                delete from %1$s.candidate as c
                 where c.session_id = ?
                   and not exists (select from %1$s.session as s where s.id = c.session_id and s.process <> ?)
            )
            select set_config('synchronous_commit', 'off', true),
                   (select pg_advisory_unlock(?, gone.id) from gone where gone.locked)
            """;
}
