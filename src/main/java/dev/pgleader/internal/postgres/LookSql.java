package dev.pgleader.internal.postgres;

/** What is read of a row, for one schema. Immutable. */
final class LookSql {

    /** For those who stand. */
    final String look;

    /** For those who only watch. */
    final String watch;

    /** The columns that a statement returns of a row {@code e} which it has written on a server {@code here}. */
    final String columns;

    LookSql(String quotedSchema) {
        String election = quotedSchema + ".election";
        this.columns = COLUMNS.formatted(SUCCESSION.formatted(quotedSchema));
        this.look = LOOK.formatted(columns, election, HERE);
        this.watch = LOOK.formatted(COLUMNS.formatted(NO_SUCCESSION), election, HERE);
    }

    private static final String COLUMNS =
            """
            e.name, e.lock_id, e.term, e.beat, e.candidate, e.address, e.priority, e.version, e.phase,
                   extract(epoch from e.lease) * 1000000 as lease_micros,
                   extract(epoch from e.refractory) * 1000000 as refractory_micros,
                   e.elected_at, e.expires_at,
                   extract(epoch from e.expires_at - clock_timestamp()) * 1000000 as remaining_micros,
                   e.backend_pid, (extract(epoch from e.backend_start) * 1000000)::bigint as backend_start_micros,
                   %1$s,
                   e.system_identifier, e.timeline,
                   (extract(epoch from e.postmaster_started_at) * 1000000)::bigint as postmaster_start_micros,
                   e.tableoid::bigint as table_oid, current_setting('pgleader.mark', true) as mark,
                   here.system_identifier as here_system_identifier, here.timeline as here_timeline,
                   (extract(epoch from here.started_at) * 1000000)::bigint as here_start_micros""";

    /** Who is to be next, which those who stand need to know. */
    private static final String SUCCESSION =
            """
            e.heir, e.yielded_by,
                   (select array[r.heir, r.preempting::text]
                      from %1$s.resignation as r
                     where r.election = e.name and r.term = e.term
                     order by r.id desc
                     limit 1) as request,
                   (select max(s.priority)
                      from %1$s.standing as s
                      join %1$s.member as m on m.id = s.member
                     where s.election = e.name and not s.never_leads and m.expected_by > clock_timestamp()
                       and s.candidate is distinct from e.candidate
                       and s.candidate is distinct from e.yielded_by) as best_rival""";

    /** The same for those who only watch, whom it does not concern, and who need no right to read it. */
    private static final String NO_SUCCESSION =
            "null as heir, null::uuid as yielded_by, null::text[] as request, null::integer as best_rival";

    /** The server that answers, which behind a pooler need not be the one that answered before. */
    static final String HERE =
            """
            select system_identifier,
                   ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int as timeline,
                   pg_postmaster_start_time() as started_at
              from pg_control_system()""";

    private static final String LOOK =
            """
            with here as materialized (
                %3$s
            )
            select %1$s
              from %2$s as e, here
             where e.name = any(?)
            """;
}
