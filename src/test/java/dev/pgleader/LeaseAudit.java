package dev.pgleader;

import dev.pgleader.testing.TestDatabase;

/** A trigger that notes, inside the database, each take-over of an election whose lease was not over. */
final class LeaseAudit {

    static final String INSTALL =
            """
            create table public.taken_early (name text, at timestamptz);
            create function public.note_early() returns trigger language plpgsql security definer as $$
            begin
                insert into public.taken_early
                select new.name, clock_timestamp() from pgleader.session as s
                 where s.id = old.session_id and s.expires_at > clock_timestamp();
                return null;
            end $$;
            create trigger note_early after update on pgleader.election for each row
                when (old.candidate is not null and new.candidate is not null and old.candidate <> new.candidate)
                execute function public.note_early();
            """;

    private LeaseAudit() {}

    static int takenEarly(TestDatabase database) {
        return database.queryOne(Integer.class, "select count(*)::int from public.taken_early");
    }
}
