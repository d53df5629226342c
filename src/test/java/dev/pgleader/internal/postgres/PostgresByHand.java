package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.ByHand;
import dev.pgleader.internal.runtime.SessionFixture;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What an administrator does to the tables of a real server.
 *
 * @param database where
 */
record PostgresByHand(TestDatabase database) implements ByHand {

    private static final String LENGTH = "? * interval '1 microsecond'";

    @Override
    public void deleteElection(String election) {
        database.execute("delete from pgleader.election where name = ?", election);
    }

    @Override
    public void truncateElections() {
        database.execute("truncate pgleader.election");
    }

    @Override
    public void rewrite(String election) {
        database.execute("update pgleader.election set name = name where name = ?", election);
    }

    @Override
    public void empty(String election) {
        database.execute(
                "update pgleader.election set session_id = null, candidate = null, address = null, phase = null,"
                        + " elected_at = null, priority = null, version = null where name = ?",
                election);
    }

    @Override
    public void give(String election, int session) {
        database.execute("update pgleader.election set session_id = ? where name = ?", session, election);
    }

    @Override
    public void setTerm(String election, long term) {
        database.execute(
                "update pgleader.election set term = ?, xact = pg_current_xact_id() where name = ?", term, election);
    }

    @Override
    public void setHistory(String election, long systemIdentifier, int timeline) {
        database.execute(
                "update pgleader.election set system_identifier = ?, timeline = ?, xact = pg_current_xact_id()"
                        + " where name = ?",
                systemIdentifier,
                timeline,
                election);
    }

    @Override
    public void deleteSession(int session) {
        database.execute("delete from pgleader.session where id = ?", session);
    }

    @Override
    public void truncateSessions() {
        database.execute("truncate pgleader.session");
    }

    @Override
    public void rewriteSession(int session) {
        database.execute("update pgleader.session set beat = beat where id = ?", session);
    }

    @Override
    public void setRemaining(int session, Duration remaining) {
        database.execute(
                "update pgleader.session set xact = pg_current_xact_id(), expires_at = clock_timestamp() + " + LENGTH
                        + " where id = ?",
                micros(remaining),
                session);
    }

    @Override
    public void setLease(int session, Duration lease) {
        database.execute(
                "update pgleader.session set xact = pg_current_xact_id(), lease = " + LENGTH + " where id = ?",
                micros(lease),
                session);
    }

    @Override
    public void setProcess(int session, UUID process) {
        database.execute(
                "update pgleader.session set xact = pg_current_xact_id(), process = ? where id = ?", process, session);
    }

    @Override
    public void raiseBeat(int session) {
        database.execute(
                "update pgleader.session set xact = pg_current_xact_id(), beat = beat + 1 where id = ?", session);
    }

    @Override
    public void setUnlocked(int session) {
        database.execute(
                "update pgleader.session set xact = pg_current_xact_id(), locked = false where id = ?", session);
    }

    @Override
    public void setServer(int session, Server server) {
        database.execute(
                "update pgleader.session set xact = pg_current_xact_id(), system_identifier = ?, timeline = ?,"
                        + " postmaster_started_at = timestamptz 'epoch' + " + LENGTH + " where id = ?",
                server.systemIdentifier(),
                server.timeline(),
                server.startedAtMicros(),
                session);
    }

    @Override
    public void setServerSince(Duration ago) {
        database.execute("update pgleader.server set since = clock_timestamp() - " + LENGTH, micros(ago));
    }

    @Override
    public void setFront(int front) {
        database.execute("update pgleader.server set front = ?", front);
    }

    @Override
    public void remember(String election, long term, Optional<Duration> endedAgo, String ending) {
        database.execute(
                """
                insert into pgleader.term_history (election, term, candidate, address, lease, elected_at, ended_at, ending, settled)
                select ?, ?, gen_random_uuid(), 'there', ? * interval '1 microsecond', clock_timestamp() - interval '1 day',
                       case when ? then clock_timestamp() - ? * interval '1 microsecond' end, case when ? then ? end, ?
                """,
                election,
                term,
                micros(SessionFixture.LEASE),
                endedAgo.isPresent(),
                micros(endedAgo.orElse(Duration.ZERO)),
                endedAgo.isPresent(),
                ending,
                endedAgo.isPresent() && !ending.equals("removed"));
    }

    @Override
    public void dropSessions() {
        database.execute("drop table pgleader.session cascade");
    }

    private static long micros(Duration length) {
        return length.toNanos() / 1_000;
    }
}
