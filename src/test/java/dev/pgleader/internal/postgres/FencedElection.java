package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Fence;
import dev.pgleader.FenceForm;
import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Fencing;
import dev.pgleader.internal.runtime.Session.Beat;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Holding;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The election "orders", led by somebody, with all that can happen to it while a transaction is fenced. One thread. */
final class FencedElection implements AutoCloseable {

    private static final UUID LEADER = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID SUCCESSOR = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final TestDatabase database;
    private final SessionUnderTest session;
    private final Fencing fence;
    private final long term;

    private FencedElection(TestDatabase database, ElectionConfig config) throws Exception {
        this.database = database;
        this.fence = new PostgresDatabase(database.dataSource(), config).fence();
        this.session = SessionUnderTest.open(database.dataSource(), config);
        session.session.register(List.of("orders"));
        assertTrue(taken(LEADER));
        this.term = row().term();
    }

    static FencedElection held(TestDatabase database) throws Exception {
        return held(database, ElectionConfig.defaults());
    }

    static FencedElection held(TestDatabase database, FenceForm form) throws Exception {
        return held(database, ElectionConfig.builder().fenceForm(form).build());
    }

    static FencedElection held(TestDatabase database, ElectionConfig config) throws Exception {
        return new FencedElection(database, config);
    }

    /** Returns the term of the first leader. */
    long term() {
        return term;
    }

    void fence(Connection connection, long fencedTerm) throws SQLException {
        fence("orders", connection, fencedTerm);
    }

    void fence(String election, Connection connection, long fencedTerm) throws SQLException {
        fence.raise(connection, new Fence(election, fencedTerm));
    }

    /** The leader renews; returns whether it could. */
    boolean beat() throws Exception {
        Map<String, Renewal> answers =
                session.session.heartbeat(List.of(new Beat("orders", LEADER, term, Phase.LEADING)));
        return answers.get("orders") instanceof Renewal.Renewed;
    }

    void vacate() throws Exception {
        assertTrue(session.session
                .vacate(List.of(new Holding("orders", LEADER, term, Loss.RESIGNED, Optional.empty())))
                .contains("orders"));
    }

    void expire() {
        database.execute("update pgleader.election set expires_at = clock_timestamp() - interval '1 second'");
    }

    /** Leaves just enough of the lease for a snapshot to be taken in it. */
    void shortenLease() {
        database.execute("update pgleader.election set expires_at = clock_timestamp() + interval '1 second'");
    }

    /** Waits until the lease that {@link #shortenLease} left would be over; the row itself is kept from expiring. */
    void awaitEndOfTheSnapshotsLease() {
        database.execute(
                "update pgleader.election set elected_at = expires_at, expires_at = expires_at + interval '1 min'");
        Waiting.until(
                Duration.ofSeconds(20),
                () -> database.queryOne(Boolean.class, "select elected_at < clock_timestamp() from pgleader.election"),
                () -> "time stands still");
    }

    /** Somebody else takes the election. */
    void succeed() throws Exception {
        assertTrue(trySucceed(), "no successor");
    }

    boolean trySucceed() {
        try {
            return taken(SUCCESSOR);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private boolean taken(UUID candidate) throws Exception {
        Claim claim = new Claim(Claim.Basis.STOOD_STILL, row());
        Enrolment who = new Enrolment("orders", candidate, "10.0.0.7:8080", 0, false, "");
        Bid bid = new Bid(who, LEASE, Duration.ofSeconds(1), 1000, claim, session.session.server());
        return session.session.take(List.of(bid)).containsKey("orders");
    }

    private Row row() throws Exception {
        return Objects.requireNonNull(session.session.look(List.of("orders")).get("orders"))
                .row();
    }

    @Override
    public void close() {
        session.close();
    }
}
