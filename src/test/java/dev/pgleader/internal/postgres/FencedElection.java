package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Fence;
import dev.pgleader.FenceForm;
import dev.pgleader.internal.runtime.Fencing;
import dev.pgleader.testing.SqlSession;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The election "orders", which is led, with all that can happen to it while a transaction is fenced. One thread. */
final class FencedElection {

    private static final String ORDERS = "orders";

    private final TestDatabase database;
    private final SqlSession leader;
    private final SqlSession successor;
    private final Fencing fence;
    private final long term;

    private FencedElection(TestDatabase database, ElectionConfig config) {
        this.database = database;
        this.fence = new PostgresDatabase(database.dataSource(), config).fence();
        this.leader = SqlSession.in(database, "10.0.0.7:8080");
        this.successor = SqlSession.in(database, "10.0.0.8:8080");
        SqlSession.register(database, ORDERS);
        assertTrue(leader.take(ORDERS));
        this.term = database.queryOne(Long.class, "select term from pgleader.election");
    }

    static FencedElection held(TestDatabase database) {
        return held(database, ElectionConfig.defaults());
    }

    static FencedElection held(TestDatabase database, FenceForm form) {
        return held(database, ElectionConfig.builder().fenceForm(form).build());
    }

    static FencedElection held(TestDatabase database, ElectionConfig config) {
        return new FencedElection(database, config);
    }

    /** Returns the term of the first leader. */
    long term() {
        return term;
    }

    void fence(Connection connection, long fencedTerm) throws SQLException {
        fence(ORDERS, connection, fencedTerm);
    }

    void fence(String election, Connection connection, long fencedTerm) throws SQLException {
        fence.raise(connection, new Fence(election, fencedTerm));
    }

    /** The leader renews its session and writes its phase; returns whether it could do both. */
    boolean beat() {
        return leader.renew() && leader.recover(ORDERS);
    }

    void vacate() {
        assertTrue(leader.vacate(ORDERS, "resigned"));
    }

    void expire() {
        leader.expire();
    }

    /** Leaves just enough of the lease for a snapshot to be taken in it. */
    void shortenLease() {
        database.execute("update pgleader.session set expires_at = clock_timestamp() + interval '1 second'");
    }

    /** Waits until the lease that {@link #shortenLease} left would be over; the row itself is kept from expiring. */
    void awaitEndOfTheSnapshotsLease() {
        database.execute(
                "update pgleader.session set renewed_at = expires_at, expires_at = expires_at + interval '1 min'");
        Waiting.until(
                Duration.ofSeconds(20),
                () -> database.queryOne(
                        Boolean.class, "select bool_and(renewed_at < clock_timestamp()) from pgleader.session"),
                () -> "time stands still");
    }

    /** Another candidate takes the election, whether or not the lease is over. */
    void succeed() {
        assertTrue(successor.takeBeforeTheEnd(ORDERS), "no successor");
    }

    /** Another candidate takes the election if the lease is over; returns whether it could. */
    boolean trySucceed() {
        return successor.take(ORDERS);
    }
}
