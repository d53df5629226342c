package dev.pgleader.internal.postgres;

/**
 * Every statement on the list of those who stand and on what they wish, for one schema. Immutable.
 *
 * <p>Nothing rests on the list but who goes first, so no commit here waits for the disk.
 */
final class RollSql {

    final String attend;
    final String enroll;
    final String leave;
    final String askToResign;

    RollSql(SchemaName schema) {
        String quoted = schema.quoted();
        this.attend = ATTEND.formatted(quoted);
        this.enroll = ENROLL.formatted(quoted);
        this.leave = LEAVE.formatted(quoted);
        this.askToResign = ASK_TO_RESIGN.formatted(quoted);
    }

    /** Those of whom nothing was heard for an hour after they were due are forgotten. */
    private static final String ATTEND =
            """
            with forgotten as (
                delete from %1$s.member
                 where id in (select id
                                from %1$s.member
                               where expected_by < clock_timestamp() - interval '1 hour'
                                 for update skip locked)
            ), seen as (
                update %1$s.member
                   set seen_at = clock_timestamp(), expected_by = clock_timestamp() + make_interval(secs => ?)
                 where id = ?
                returning id
            )
            select set_config('synchronous_commit', 'off', true), exists (select from seen) as enrolled
            """;

    private static final String ENROLL =
            """
            with me as (
                insert into %1$s.member as m (id, seen_at, expected_by)
                values (?, clock_timestamp(), clock_timestamp() + make_interval(secs => ?))
                    on conflict (id) do update set seen_at = excluded.seen_at, expected_by = excluded.expected_by
                returning m.id
            ), wanted as (
                select * from unnest(?::text[], ?::uuid[], ?::text[], ?::integer[], ?::boolean[], ?::text[])
                  as w(election, candidate, address, priority, never_leads, version)
            ), gone as (
                delete from %1$s.standing as s
                 using me
                 where s.member = me.id and s.candidate not in (select candidate from wanted)
            ), come as (
                insert into %1$s.standing (election, candidate, member, address, priority, never_leads, version)
                select w.election, w.candidate, me.id, w.address, w.priority, w.never_leads, w.version
                  from wanted as w, me
                    on conflict (election, candidate) do nothing
            )
            select set_config('synchronous_commit', 'off', true)
            """;

    private static final String LEAVE =
            """
            with gone as (
                delete from %1$s.member where id = ?
            )
            select set_config('synchronous_commit', 'off', true)
            """;

    /** Whoever is not on the list could not be named as the heir: the post would go to anybody, and be asked for again. */
    private static final String ASK_TO_RESIGN =
            """
            with asked as (
                select * from unnest(?::text[], ?::bigint[], ?::text[]) as a(name, term, heir)
            ), written as (
                insert into %1$s.resignation (election, term, heir, preempting)
                select a.name, a.term, a.heir, true
                  from asked as a
                  join %1$s.election as e on e.name = a.name and e.term = a.term
                 where not exists (select from %1$s.resignation as r where r.election = a.name and r.term = a.term)
                   and exists (select from %1$s.standing as s
                                 join %1$s.member as m on m.id = s.member
                                where s.election = a.name and s.candidate::text = a.heir and not s.never_leads
                                  and m.expected_by > clock_timestamp())
                returning election
            )
            select pg_notify(?, election) from written
            """;
}
