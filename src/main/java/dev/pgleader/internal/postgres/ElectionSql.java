package dev.pgleader.internal.postgres;

/**
 * Every statement on elections but the one that takes them, for one schema and server. Immutable.
 *
 * <p>Arrays make one statement of any number of elections. They are planned before that number is known, so rows are found by
 * their names alone: the index of the sessions would find all rows of one session, once for each of them.
 *
 * <p>Statements that change rows pass over what is locked, so that one locked row cannot keep the others waiting. A statement
 * that announces waits for other announcers for a tenth of a second at most: one that waits for a synchronous standby holds up
 * all of the cluster's.
 */
final class ElectionSql {

    final String register;
    final String lead;
    final String vacate;

    ElectionSql(String schema, HereSql here) {
        this.register = REGISTER.formatted(schema, here.select());
        this.lead = LEAD.formatted(schema);
        this.vacate = VACATE.formatted(schema, here.select());
    }

    /*
     * A row that was removed by hand may have a leader, who finds out at its next heartbeat. So a new row is free at once only if
     * nothing speaks for one: no term of this name that has not ended or was ever removed, since what was removed may have been
     * put back and led on; no history of the server that is younger than a lease; and no lock of a session that has no row. It does
     * not wait for long for a session that is just inserting the same name.
     */
    private static final String REGISTER =
            """
            with here as materialized (
                %2$s
            ), given as materialized (
                select make_interval(secs => ?) as lease, set_config('lock_timeout', '100ms', true)
            )
            insert into %1$s.election (name, released, lease, system_identifier, timeline, xact)
            select w.name,
                   case when exists (select from %1$s.term_history as h
                                      where h.election = w.name and not h.settled)
                          or not (select coalesce(bool_and(
                                             (v.system_identifier, v.timeline)
                                                 is not distinct from (coalesce(here.system_identifier, v.system_identifier),
                                                                       coalesce(here.timeline, v.timeline))
                                             and v.since <= clock_timestamp() - given.lease), false)
                                    from %1$s.server as v, here, given)
                          or (select count(*) > 0
                                from pg_locks as l
                               where l.locktype = 'advisory' and l.classid = (?::bigint & 4294967295)::oid and l.objsubid = 2
                                 and l.granted and l.mode = 'ExclusiveLock'
                                 and l.database = (select d.oid from pg_database as d where d.datname = current_database())
                                 and not exists (select from %1$s.session as s
                                                  where s.id = l.objid::bigint and s.expires_at > clock_timestamp()))
                        then -1
                        else 0
                   end,
                   given.lease, here.system_identifier, here.timeline, pg_current_xact_id()
              from unnest(?::text[]) as w(name)
             cross join here
             cross join given
             where not exists (select from %1$s.election as e where e.name = w.name)
             order by w.name
                on conflict do nothing
            """;

    /** What other hands have written stays theirs. */
    private static final String LEAD =
            """
            with asked as materialized (
                select *
                  from unnest(?::text[], ?::uuid[], ?::bigint[], ?::integer[]) as a(name, candidate, term, session_id)
            ), mine as materialized (
                select e.name, e.phase, case when e.xmin = e.xact::xid then pg_current_xact_id() end as xact
                  from asked as a
                  join %1$s.election as e
                    on e.name = a.name
                   and (e.candidate, e.term, e.session_id) is not distinct from (a.candidate, a.term, a.session_id)
                   for no key update of e skip locked
            ), led as (
                update %1$s.election as e
                   set phase = 'leading', xact = mine.xact
                  from mine
                 where e.name = mine.name and mine.phase <> 'leading'
                returning e.name
            )
            select led.name, set_config('lock_timeout', '100ms', true), set_config('synchronous_commit', 'off', true),
                   case when ? then pg_notify(?, 'changed ' || led.name)::text end
              from led
             union all
            select mine.name, null, null, null
              from mine
             where mine.phase = 'leading'
            """;

    /*
     * Its commit waits neither for the disk nor for a standby: if a crash loses it, the row names a leader that has stopped and
     * whose lease runs out. A later taking is committed later, and does wait. It is one statement, and no block with a savepoint:
     * what is written under one does not bear the mark of the transaction.
     */
    private static final String VACATE =
            """
            with here as materialized (
                %2$s
            ), asked as materialized (
                select *
                  from unnest(?::text[], ?::uuid[], ?::bigint[], ?::integer[], ?::text[], ?::text[])
                    as a(name, candidate, term, session_id, ending, successor)
            ), mine as materialized (
                select e.name, a.ending, a.successor,
                       case when ? and e.xmin = e.xact::xid
                                 and (e.system_identifier, e.timeline)
                                         is not distinct from (here.system_identifier, here.timeline)
                            then e.term
                            else -1
                       end as released
                  from asked as a
                  cross join here
                  join %1$s.election as e
                    on e.name = a.name
                   and (e.candidate, e.term, e.session_id) is not distinct from (a.candidate, a.term, a.session_id)
                   for no key update of e skip locked
            ), emptied as (
                update %1$s.election as e
                   set session_id = null, candidate = null, address = null, phase = null, priority = null, version = null,
                       elected_at = null,
                       released = mine.released,
                       ending = mine.ending,
                       resigned_by = case when mine.ending in ('resigned', 'handed over', 'preempted', 'failed')
                                          then e.candidate
                                     end,
                       successor = (select mine.successor
                                     where exists (select from %1$s.candidate as c
                                                    where c.election = e.name
                                                      and mine.successor in (c.candidate::text, c.address)
                                                      and c.candidate <> e.candidate and not c.never_leads
                                                      and (select s.expires_at > clock_timestamp()
                                                             from %1$s.session as s
                                                            where s.id = c.session_id))),
                       system_identifier = here.system_identifier,
                       timeline = here.timeline,
                       xact = pg_current_xact_id()
                  from mine, here
                 where e.name = mine.name
                returning e.name
            )
            select emptied.name, set_config('lock_timeout', '100ms', true), set_config('synchronous_commit', 'off', true),
                   case when ? then pg_notify(?, ? || emptied.name)::text end
              from emptied
             union all
            select a.name, null, null, null
              from asked as a
              left join %1$s.election as e
                on e.name = a.name
               and (e.candidate, e.term, e.session_id) is not distinct from (a.candidate, a.term, a.session_id)
             where e.name is null
            """;

    /** The same for every schema. */
    static final String ANNOUNCE =
            """
            select set_config('lock_timeout', '100ms', true), set_config('synchronous_commit', 'off', true),
                   array(select pg_notify(?, 'changed ' || changed.name)::text from unnest(?::text[]) as changed(name))
            """;
}
