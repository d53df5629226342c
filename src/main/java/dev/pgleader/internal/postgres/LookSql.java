package dev.pgleader.internal.postgres;

/**
 * What is read of elections, for one schema and server. Immutable.
 *
 * <p>A row and its holder's session are read in one snapshot. Stamps and lengths that no clock can have written are cut to a
 * century from now, so that one edited row does not spoil the answer about all the others.
 */
final class LookSql {

    /** For those who stand. */
    final String look;

    /** For those who only watch. */
    final String watch;

    /** What has changed since a former look, and how the holders' sessions are now. */
    final String since;

    LookSql(String schema, HereSql here) {
        this.look = look(schema, here, SUCCESSION.formatted(schema));
        this.watch = look(schema, here, NO_SUCCESSION);
        this.since =
                SINCE.formatted(schema, here.select(), SESSION_COLUMNS, MOST_CHANGES + 1, SESSION_SHOWN, HERE_SHOWN);
    }

    private static String look(String schema, HereSql here, String succession) {
        return LOOK.formatted(schema, here.select(), COLUMNS.formatted(succession, SESSION_COLUMNS), SHOWN);
    }

    /** What is read of an election {@code e} and of the session {@code s} of its holder, with who shall be next. */
    static String columns(String schema) {
        return COLUMNS.formatted(SUCCESSION.formatted(schema), SESSION_COLUMNS);
    }

    /** To name more elections than that costs more than to read them all. */
    static final int MOST_CHANGES = 1_000;

    /** What is read of a session {@code s}. */
    private static final String SESSION_COLUMNS =
            """
            s.process, s.beat, coalesce(s.xmin = s.xact::xid, false) as session_own_hand, s.xmin as session_writing, s.locked,
                       least(greatest(s.lease, interval '0'), interval '100 years') as session_lease,
                       least(greatest(s.expires_at, now() - interval '100 years'), now() + interval '100 years') as expires_at,
                       s.system_identifier as session_system, s.timeline as session_timeline,
                       s.postmaster_started_at as session_start""";

    private static final String COLUMNS =
            """
            e.name, e.term, e.released, coalesce(e.xmin = e.xact::xid, false) as own_hand, e.xmin as writing,
                       e.system_identifier, e.timeline,
                       least(greatest(e.lease, interval '0'), interval '100 years') as lease,
                       least(greatest(e.refractory, interval '0'), interval '100 years') as refractory,
                       e.session_id, e.candidate, e.address, e.priority, e.version, e.phase,
                       least(greatest(e.elected_at, now() - interval '100 years'), now() + interval '100 years') as elected_at,
                       %2$s,
                       %1$s""";

    /** Who is to be next, which those who stand need to know. */
    private static final String SUCCESSION =
            """
            e.successor, e.resigned_by,
                       (select array[r.successor, r.preempting::text]
                          from %1$s.resignation as r
                         where r.election = e.name and r.term = e.term
                         order by r.id desc
                         limit 1) as request,
                       (select c.priority
                          from %1$s.candidate as c
                         where c.election = e.name and not c.never_leads
                           and c.candidate is distinct from e.candidate
                           and c.candidate is distinct from e.resigned_by
                           and (select present.expires_at > now()
                                  from %1$s.session as present
                                 where present.id = c.session_id)
                         order by c.priority desc
                         limit 1) as best_rival""";

    /** The same for those who only watch, whom it does not concern, and who need no right to read it. */
    private static final String NO_SUCCESSION =
            "null as successor, null::uuid as resigned_by, null::text[] as request, null::integer as best_rival";

    /** What is returned of a session that was {@code seen}. */
    private static final String SESSION_SHOWN =
            """
            seen.process, seen.beat, seen.session_own_hand, seen.session_writing::text::bigint as session_writing, seen.locked,
                   (extract(epoch from seen.session_lease) * 1000000)::bigint as session_lease_micros,
                   seen.expires_at, seen.session_system, seen.session_timeline,
                   (extract(epoch from seen.session_start) * 1000000)::bigint as session_start_micros""";

    /** What is returned of the server {@code here}, with the moment and the snapshot. */
    private static final String HERE_SHOWN =
            """
            here.system_identifier as here_system, here.timeline as here_timeline, here.start_micros as here_start_micros,
                   now() as moment, current_setting('pgleader.mark', true) as mark, pg_current_snapshot()::text as snapshot""";

    /** What is returned of what was {@code seen} on the server {@code here}, which is there even if nothing was seen. */
    static final String SHOWN =
            """
            seen.name, seen.term, seen.released, seen.own_hand, seen.writing::text::bigint as writing, seen.system_identifier, seen.timeline,
                   (extract(epoch from seen.lease) * 1000000)::bigint as lease_micros,
                   (extract(epoch from seen.refractory) * 1000000)::bigint as refractory_micros,
                   seen.session_id, seen.candidate, seen.address, seen.priority, seen.version, seen.phase, seen.elected_at,
                   %1$s,
                   seen.successor, seen.resigned_by, seen.request, seen.best_rival,
                   %2$s"""
                    .formatted(SESSION_SHOWN, HERE_SHOWN);

    private static final String LOOK =
            """
            with here as materialized (
                %2$s
            ), seen as materialized (
                select %3$s
                  from %1$s.election as e
                  left join %1$s.session as s on s.id = e.session_id
                 where e.name = any(?)
            )
            select %4$s, null::boolean as lock_free
              from here
              left join seen on true
            """;

    /*
     * A row that the library changed bears the transaction that did it, and those whose change the former look could not see are
     * found in the index, however many rows there are; what other hands have changed is in the list of disturbances. A null
     * among the changed means: anything. The bound and the order make the planner use the index, whatever the snapshot is.
     */
    private static final String SINCE =
            """
            with here as materialized (
                %2$s
            ), former as materialized (
                select ?::pg_snapshot as snapshot
            ), changed as materialized (
                select e.name
                  from %1$s.election as e
                 where e.xact >= pg_snapshot_xmin((select f.snapshot from former as f))
                   and not pg_visible_in_snapshot(e.xact, (select f.snapshot from former as f))
                 order by e.xact
                 limit %4$d
            ), disturbed as materialized (
                select d.election
                  from %1$s.disturbed as d
                 where d.x >= pg_snapshot_xmin((select f.snapshot from former as f))
                   and not pg_visible_in_snapshot(d.x, (select f.snapshot from former as f))
                 order by d.x
                 limit %4$d
            ), seen as materialized (
                select s.id, %3$s
                  from %1$s.session as s
                 where s.id = any(?)
            )
            select array(select c.name from changed as c union all select d.election from disturbed as d) as changed,
                   seen.id, %5$s,
                   %6$s
              from here
              left join seen on true
            """;
}
