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

    LookSql(String schema, HereSql here) {
        this.look = look(schema, here, SUCCESSION.formatted(schema));
        this.watch = look(schema, here, NO_SUCCESSION);
    }

    private static String look(String schema, HereSql here, String succession) {
        return LOOK.formatted(schema, here.select(), COLUMNS.formatted(succession), SHOWN);
    }

    /** What is read of an election {@code e} and of the session {@code s} of its holder, with who shall be next. */
    static String columns(String schema) {
        return COLUMNS.formatted(SUCCESSION.formatted(schema));
    }

    private static final String COLUMNS =
            """
            e.name, e.term, e.released, coalesce(e.xmin = e.xact::xid, false) as own_hand, e.xmin as writing,
                       e.system_identifier, e.timeline,
                       least(greatest(e.lease, interval '0'), interval '100 years') as lease,
                       least(greatest(e.refractory, interval '0'), interval '100 years') as refractory,
                       e.session_id, e.candidate, e.address, e.priority, e.version, e.phase,
                       least(greatest(e.elected_at, now() - interval '100 years'), now() + interval '100 years') as elected_at,
                       s.process, s.beat, coalesce(s.xmin = s.xact::xid, false) as session_own_hand, s.xmin as session_writing, s.locked,
                       least(greatest(s.lease, interval '0'), interval '100 years') as session_lease,
                       least(greatest(s.expires_at, now() - interval '100 years'), now() + interval '100 years') as expires_at,
                       s.system_identifier as session_system, s.timeline as session_timeline,
                       s.postmaster_started_at as session_start,
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
                       (select max(c.priority)
                          from %1$s.candidate as c
                         where c.election = e.name and not c.never_leads
                           and c.candidate is distinct from e.candidate
                           and c.candidate is distinct from e.resigned_by
                           and (select present.expires_at > now()
                                  from %1$s.session as present
                                 where present.id = c.session_id)) as best_rival""";

    /** The same for those who only watch, whom it does not concern, and who need no right to read it. */
    private static final String NO_SUCCESSION =
            "null as successor, null::uuid as resigned_by, null::text[] as request, null::integer as best_rival";

    /** What is returned of what was {@code seen} on the server {@code here}, which is there even if nothing was seen. */
    static final String SHOWN =
            """
            seen.name, seen.term, seen.released, seen.own_hand, seen.writing::text::bigint as writing, seen.system_identifier, seen.timeline,
                   (extract(epoch from seen.lease) * 1000000)::bigint as lease_micros,
                   (extract(epoch from seen.refractory) * 1000000)::bigint as refractory_micros,
                   seen.session_id, seen.candidate, seen.address, seen.priority, seen.version, seen.phase, seen.elected_at,
                   seen.process, seen.beat, seen.session_own_hand, seen.session_writing::text::bigint as session_writing, seen.locked,
                   (extract(epoch from seen.session_lease) * 1000000)::bigint as session_lease_micros,
                   seen.expires_at, seen.session_system, seen.session_timeline,
                   (extract(epoch from seen.session_start) * 1000000)::bigint as session_start_micros,
                   seen.successor, seen.resigned_by, seen.request, seen.best_rival,
                   here.system_identifier as here_system, here.timeline as here_timeline, here.start_micros as here_start_micros,
                   now() as moment, current_setting('pgleader.mark', true) as mark""";

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
}
