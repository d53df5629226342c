package dev.pgleader;

import dev.pgleader.testing.TestDatabase;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The list of candidates as an administrator sees it. */
final class Candidates {

    private Candidates() {}

    /** Waits until just these addresses are on the list. */
    static void arePresent(TestDatabase database, String election, String... addresses) {
        arePresentIn("pgleader", database, election, addresses);
    }

    /** Waits until just these addresses are on the list of a schema. */
    static void arePresentIn(String schema, TestDatabase database, String election, String... addresses) {
        String candidate = '"' + schema.replace("\"", "\"\"") + "\".candidates";
        Eventually.holds("present are " + List.of(addresses), () -> Set.copyOf(database.queryAll(
                        String.class, "select address from " + candidate + " where election = ? and present", election))
                .equals(Set.of(addresses)));
    }

    /** Puts somebody on the list who is not there in truth. */
    static void add(TestDatabase database, String election, UUID candidate, String address, int priority) {
        database.execute(
                """
                with dead as (
                    insert into pgleader.session (process, lease, refractory, renewed_at, expires_at, locked)
                    values (?, '1 hour', '0', clock_timestamp(), clock_timestamp() + interval '1 hour', false)
                    returning id)
                insert into pgleader.candidate (election, candidate, session_id, address, priority, never_leads, version)
                select ?, ?, id, ?, ?, false, '' from dead
                """,
                UUID.randomUUID(),
                election,
                candidate,
                address,
                priority);
    }
}
