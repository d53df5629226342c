package dev.pgleader;

import dev.pgleader.testing.TestDatabase;

/**
 * A trigger that notes, inside the database, each take-over of an election whose lease was not over, and each taking of a
 * row that was let go while the work went on and that has not stood still for a lease since.
 */
final class LeaseAudit {

    static final String INSTALL =
            """
            create table public.taken_early (name text, at timestamptz);
            create function public.note_early() returns trigger language plpgsql security definer as $$
            begin
                insert into public.taken_early
                select new.name, clock_timestamp() from pgleader.session as s
                 where s.id = old.session_id and s.expires_at > clock_timestamp();
                insert into public.taken_early
                select new.name, clock_timestamp() from pgleader.term_history as h
                 where old.candidate is null and old.released <> old.term
                   and h.election = old.name and h.term = old.term and h.ended_at > clock_timestamp() - old.lease;
                return null;
            end $$;
            create trigger note_early after update on pgleader.election for each row
                when (new.candidate is not null and new.candidate is distinct from old.candidate)
                execute function public.note_early();
            """;

    private LeaseAudit() {}

    static int takenEarly(TestDatabase database) {
        return database.queryOne(Integer.class, "select count(*)::int from public.taken_early");
    }
}
