package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.ByHand;
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
import java.util.UUID;
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
    private String observer = "";

    @BeforeEach
    void setUp(TestDatabase fresh) {
        database = fresh;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (!observer.isEmpty()) {
            database.execute("drop owned by " + observer);
            database.execute("drop role " + observer);
        }
    }

    /** Opens a session of whichever kind is under test. */
    abstract Session openedFrom(DataSource dataSource) throws SessionException;

    @Override
    public final Session session() throws SessionException {
        return openedFrom(database.dataSource());
    }

    @Override
    public Session observersSession() throws SessionException {
        if (observer.isEmpty()) {
            observer = "observer_" + database.name();
            database.execute("create role " + observer + " login password 'x'");
            Part.OBSERVER.grants(observer).forEach(database::execute);
        }
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setUser(observer);
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
    public ByHand byHand() {
        return new PostgresByHand(database);
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

    @Override
    public Foreign lockSession(int session) {
        return held("select from pgleader.session where id = " + session + " for update");
    }

    @Override
    public Foreign registering(String election) {
        return held("insert into pgleader.election (name, xact) values ('" + election + "', pg_current_xact_id())");
    }

    @Override
    public Foreign deleting(String election) {
        return held("delete from pgleader.election where name = '" + election + "'");
    }

    /** A transaction that has run a statement and stays open. */
    final Foreign held(String sql) {
        try {
            Connection connection = database.server().connectAsAdmin(database.name());
            opened.add(connection);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
            return new OpenTransaction(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /**
     * A transaction on a connection of its own.
     *
     * @param connection that connection
     */
    private record OpenTransaction(Connection connection) implements Foreign {

        @Override
        public void end() {
            finish("rollback");
        }

        @Override
        public void commit() {
            finish("commit");
        }

        private void finish(String how) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(how);
            } catch (SQLException e) {
                throw new IllegalStateException(how, e);
            }
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
    public void kill(int session) {
        database.queryOne(
                Boolean.class,
                "select pg_terminate_backend(pid, 10000) from pg_locks where locktype = 'advisory'"
                        + " and classid = (pgleader.lock_space()::bigint & 4294967295)::oid and objid = ?::oid"
                        + " and database = (select oid from pg_database where datname = current_database())",
                (long) session);
    }

    @Override
    public List<PastTerm> history(String election) {
        return database
                .queryAll(
                        String.class,
                        "select concat_ws(' ', term, candidate, ending) from pgleader.term_history where election = ?"
                                + " order by term",
                        election)
                .stream()
                .map(PostgresFixture::pastTerm)
                .toList();
    }

    private static PastTerm pastTerm(String told) {
        String[] words = told.split(" ", 3);
        return new PastTerm(
                Long.parseLong(words[0]),
                UUID.fromString(words[1]),
                words.length < 3 ? Optional.empty() : Optional.of(words[2]));
    }

    /** Opens a session as it is where a pooler gives each statement another server process. */
    static Session rowOnly(Connector connector, ElectionConfig config) throws SessionException {
        SchemaName schema = new SchemaName(config.schema());
        Wire wire = Wire.open(connector, config.statementTimeout(), Guard.NONE, config.schema());
        wire.frameEach(OwnSettings.perTransaction(config));
        return JdbcSession.rowOnly(wire, Facts.find(wire, schema).sessionless(), schema, new SpentTerms());
    }
}
