package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.SessionFixture;
import dev.pgleader.testing.Part;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.postgresql.ds.PGSimpleDataSource;

/** What the contract tests of sessions need, on a real server. */
@PostgresTest
abstract class PostgresFixture implements SessionFixture {

    static final ElectionConfig CONFIG = ElectionConfig.builder()
            .leaseDuration(Duration.ofSeconds(30))
            .statementTimeout(Duration.ofSeconds(4))
            .build();

    final List<AutoCloseable> opened = new ArrayList<>();
    TestDatabase database;
    private String onlooker = "";

    @BeforeEach
    void setUp(TestDatabase fresh) {
        database = fresh;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (!onlooker.isEmpty()) {
            database.execute("drop owned by " + onlooker);
            database.execute("drop role " + onlooker);
        }
    }

    /** Opens a session of whichever kind is under test. */
    abstract Session openedFrom(DataSource dataSource) throws SessionException;

    @Override
    public final Session session() throws SessionException {
        return openedFrom(database.dataSource());
    }

    @Override
    public Session onlookersSession() throws SessionException {
        if (onlooker.isEmpty()) {
            onlooker = "onlooker_" + database.name();
            database.execute("create role " + onlooker + " login password 'x'");
            Part.OBSERVER.grants(onlooker).forEach(database::execute);
        }
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setUser(onlooker);
        dataSource.setPassword("x");
        return openedFrom(dataSource);
    }

    @Override
    public Listener listener() throws SessionException {
        Listener listener = new PostgresDatabase(database.dataSource(), CONFIG).openListener(Guard.NONE);
        opened.add(listener);
        return listener;
    }

    @Override
    public void letLeasesRunOut() {
        database.execute("update pgleader.election set expires_at = clock_timestamp() - interval '1 microsecond'");
    }

    @Override
    public Foreign lockRow(String election) {
        return held("select from pgleader.election where name = '" + election + "' for update");
    }

    @Override
    public Foreign fenceRow(String election) {
        return held("select from pgleader.election where name = '" + election + "' for key share");
    }

    @Override
    public Foreign lockTable() {
        return held("lock table pgleader.election in access exclusive mode");
    }

    /** A transaction that has run a statement and stays open. */
    private Foreign held(String sql) {
        try {
            Connection connection = database.server().connectAsAdmin(database.name());
            opened.add(connection);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
            return () -> rollBack(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean request(String election, Optional<String> successor) {
        return database.queryOne(
                Boolean.class,
                "select pgleader.request_resignation(?, ?::text) is not null",
                election,
                successor.orElse(null));
    }

    @Override
    public void kill(Row.Backend backend) {
        database.queryOne(Boolean.class, "select pg_terminate_backend(?, 10000)", backend.pid());
    }

    @Override
    public void rewrite(String election, long term, long systemIdentifier, int timeline) {
        database.execute(
                "update pgleader.election set term = ?, system_identifier = ?, timeline = ? where name = ?",
                term,
                systemIdentifier,
                timeline,
                election);
    }
}
