package dev.pgleader.internal.postgres;

/**
 * Every statement on the list of candidates and on what they wish, for one schema. Immutable.
 *
 * <p>Nothing rests on the list but who goes first, so no commit here waits for the disk.
 */
final class CandidateSql {

    final String enroll;
    final String withdraw;
    final String listed;
    final String askToResign;

    CandidateSql(String schema) {
        this.enroll = ENROLL.formatted(schema);
        this.withdraw = WITHDRAW.formatted(schema);
        this.listed = LISTED.formatted(schema);
        this.askToResign = ASK_TO_RESIGN.formatted(schema);
    }

    /** A candidate that comes back with another session stays on the list where it was. */
    private static final String ENROLL =
            """
            with come as (
                insert into %1$s.candidate as c (election, candidate, session_id, address, priority, never_leads, version)
                select w.election, w.candidate, ?, w.address, w.priority, w.never_leads, w.version
                  from unnest(?::text[], ?::uuid[], ?::text[], ?::integer[], ?::boolean[], ?::text[])
                    as w(election, candidate, address, priority, never_leads, version)
                 order by w.election, w.candidate
                    on conflict (election, candidate) do update
                   set session_id = excluded.session_id,
                       address = excluded.address,
                       priority = excluded.priority,
                       never_leads = excluded.never_leads,
                       version = excluded.version
                 where c.session_id <> excluded.session_id
            )
            select set_config('synchronous_commit', 'off', true)
            """;

    private static final String WITHDRAW =
            """
            with gone as (
                delete from %1$s.candidate as c
                 using unnest(?::text[], ?::uuid[]) as w(election, candidate)
                 where c.election = w.election and c.candidate = w.candidate
            )
            select set_config('synchronous_commit', 'off', true)
            """;

    private static final String LISTED = "select count(*)::integer from %1$s.candidate where session_id = ?";

    /** A candidate that is not on the list could not be named as the successor: any other would be, and be asked again. */
    private static final String ASK_TO_RESIGN =
            """
            with asked as (
                select * from unnest(?::text[], ?::bigint[], ?::text[]) as a(name, term, successor)
            ), written as (
                insert into %1$s.resignation (election, term, successor, preempting)
                select a.name, a.term, a.successor, true
                  from asked as a
                  join %1$s.election as e on e.name = a.name and e.term = a.term and e.session_id is not null
                 where not exists (select from %1$s.resignation as r where r.election = a.name and r.term = a.term)
                   and exists (select from %1$s.candidate as c
                                where c.election = a.name and c.candidate::text = a.successor and not c.never_leads
                                  and (select s.expires_at > clock_timestamp()
                                         from %1$s.session as s
                                        where s.id = c.session_id))
                returning election
            )
            select pg_notify(?, 'changed ' || election) from written
            """;
}
