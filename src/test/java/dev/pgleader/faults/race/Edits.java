package dev.pgleader.faults.race;

import java.util.List;

/** What people may do to the tables; the question mark is an election's name. */
final class Edits {

    /** Where rows are kept that are put back later. */
    static final String ATTIC =
            """
            create table public.old_election (like pgleader.election);
            create table public.old_session (like pgleader.session);
            """;

    private static final String KEEP = "insert into public.old_election select * from pgleader.election where name = ?";

    private static final String PUT_BACK =
            """
            delete from pgleader.election as e
             where e.name = ? and exists (select from public.old_election as o where o.name = e.name);
            insert into pgleader.election overriding system value
            select * from public.old_election where name = ? order by random() limit 1;
            """;

    private static final String EMPTY =
            """
            update pgleader.election
               set session_id = null, candidate = null, address = null, phase = null, elected_at = null, %s
             where name = ?
            """;

    private static final String OF_HOLDER = " where id in (select session_id from pgleader.election where name = ?)";

    static final List<String> ELECTIONS = List.of(
            "delete from pgleader.election where name = ?",
            "delete from pgleader.election where name = ?",
            "delete from pgleader.election where name = ?",
            "truncate pgleader.election",
            EMPTY.formatted("released = term"),
            EMPTY.formatted("released = 0"),
            "update pgleader.election set session_id = session_id - 1 where name = ?",
            "update pgleader.election set term = term + 1 where name = ?",
            "update pgleader.election set candidate = gen_random_uuid() where name = ? and candidate is not null",
            "update pgleader.election set released = term where name = ?",
            "delete from pgleader.session" + OF_HOLDER,
            "truncate pgleader.session",
            KEEP,
            KEEP,
            PUT_BACK,
            PUT_BACK);

    static final List<String> SESSIONS = List.of(
            "delete from pgleader.session" + OF_HOLDER,
            "truncate pgleader.session",
            "update pgleader.session set expires_at = clock_timestamp() - interval '1 hour'" + OF_HOLDER,
            "update pgleader.session set expires_at = clock_timestamp()" + OF_HOLDER,
            "update pgleader.session set expires_at = clock_timestamp() + interval '1 hour'" + OF_HOLDER,
            "update pgleader.session set beat = beat - 1" + OF_HOLDER,
            "update pgleader.session set process = gen_random_uuid()" + OF_HOLDER,
            "insert into public.old_session select * from pgleader.session" + OF_HOLDER,
            "insert into public.old_session select * from pgleader.session" + OF_HOLDER,
            """
            delete from pgleader.session where id in (select id from public.old_session);
            insert into pgleader.session select distinct on (id) * from public.old_session order by id, random();
            """);

    private Edits() {}
}
