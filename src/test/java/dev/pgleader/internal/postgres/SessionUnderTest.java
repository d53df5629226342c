package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;

/** A session together with the connection that it uses, so that a test can look at both. One thread. */
final class SessionUnderTest implements AutoCloseable {

    private final Wire wire;
    final JdbcSession session;

    private SessionUnderTest(Wire wire, JdbcSession session) {
        this.wire = wire;
        this.session = session;
    }

    static SessionUnderTest open(DataSource dataSource, ElectionConfig config) throws SessionException {
        return open(dataSource, config, Guard.NONE);
    }

    static SessionUnderTest open(DataSource dataSource, ElectionConfig config, Guard guard) throws SessionException {
        Wire wire = Wire.open(Connector.to(dataSource, config), config.statementTimeout(), guard, config.schema());
        Sql sql = new Sql(new SchemaName(config.schema()));
        OwnSettings settings = OwnSettings.apply(wire, config);
        return new SessionUnderTest(wire, JdbcSession.open(wire, Facts.find(wire, sql), settings, config, sql));
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

    /** Returns the lock of an election, which is created if it is not there. */
    int lockId(String election) throws Exception {
        session.register(List.of(election));
        Session.Found found =
                Objects.requireNonNull(session.look(List.of(election)).get(election));
        return found.row().lockId();
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
