package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.runtime.Grounds;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** A session together with the connection that it uses, so that a test can look at both. One thread. */
final class SessionUnderTest implements AutoCloseable {

    private final Wire wire;
    final JdbcSession session;

    private final ElectionConfig config;

    private SessionUnderTest(Wire wire, JdbcSession session, ElectionConfig config) {
        this.wire = wire;
        this.session = session;
        this.config = config;
    }

    static SessionUnderTest open(DataSource dataSource, ElectionConfig config) throws SessionException {
        return open(dataSource, config, Guard.NONE);
    }

    static SessionUnderTest open(DataSource dataSource, ElectionConfig config, Guard guard) throws SessionException {
        Wire wire = Wire.open(Connector.to(dataSource, config), config.statementTimeout(), guard, config.schema());
        SchemaName schema = new SchemaName(config.schema());
        wire.prepareStatements();
        OwnSettings settings = OwnSettings.apply(wire, config);
        JdbcSession session =
                JdbcSession.open(wire, Facts.find(wire, schema), settings, config, schema, new SpentTerms());
        return new SessionUnderTest(wire, session, config);
    }

    /** Returns a setting as this session has it. */
    String setting(String name) throws Exception {
        return wire.query("select current_setting(?)", statement -> statement.setString(1, name), rows -> {
            rows.next();
            return rows.getString(1);
        });
    }

    /** Does something to the session that its owner does not know of. */
    void run(String sql) throws Exception {
        wire.update(sql, statement -> {});
    }

    int pid() throws Exception {
        return wire.query("select pg_backend_pid()", statement -> {}, rows -> {
            rows.next();
            return rows.getInt(1);
        });
    }

    /** Makes the session's row, for the lease of its settings; returns its id. */
    int enter() throws Exception {
        return session.enter(UUID.randomUUID(), config.leaseDuration(), config.refractoryPeriod());
    }

    /** Registers elections. */
    void register(String... elections) throws Exception {
        session.register(List.of(elections), config.leaseDuration());
    }

    /** Bids once, with no grounds of its own, for elections that exist. */
    Session.Outcome bid(int id, UUID candidate, String... elections) throws Exception {
        return session.bid(
                terms(id),
                Stream.of(elections).map(name -> bidOf(candidate, name)).toList());
    }

    /** Registers an election and takes it, which must be possible; returns the leadership. */
    Session.Held elect(int id, UUID candidate, String election) throws Exception {
        register(election);
        Session.Won won =
                Objects.requireNonNull(bid(id, candidate, election).won().get(election), "not won");
        return new Session.Held(election, candidate, won.term(), id);
    }

    /** Returns what all bids have in common. */
    Session.BidTerms terms(int id) {
        return new Session.BidTerms(id, config.leaseDuration(), config.refractoryPeriod(), false);
    }

    private static Session.Bid bidOf(UUID candidate, String election) {
        return Grounds.NONE.by(new Session.Enrolment(election, candidate, "10.0.0.7:8080", 0, false, ""));
    }

    /** Ends a leadership that was resigned. */
    static Session.Vacation resigned(Session.Held held) {
        return new Session.Vacation(held, Loss.RESIGNED, Optional.empty());
    }

    /** Waits until the server process waits for one of these. */
    static void awaitWait(TestDatabase database, int pid, Set<String> events) {
        Waiting.until(
                Duration.ofSeconds(10),
                () -> events.contains(database.queryOne(
                        String.class, "select coalesce(wait_event, '') from pg_stat_activity where pid = ?", pid)),
                () -> "server process " + pid + " does not wait for any of " + events);
    }

    @Override
    public void close() {
        session.close();
    }
}
