package dev.pgleader.internal.postgres;

import dev.pgleader.Diagnosis;
import dev.pgleader.ElectionConfig;
import dev.pgleader.FenceForm;
import dev.pgleader.internal.runtime.ConnectAttempts;
import dev.pgleader.internal.runtime.Database;
import dev.pgleader.internal.runtime.Fencing;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.Ticker;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL database, reached through the user's {@link DataSource}. Thread-safe. */
public final class PostgresDatabase implements Database {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");
    private static final String ROW_ONLY = "a pooler that lends out server processes for single transactions stands in"
            + " between: elections run row-only, without locks and notifications";

    private final AtomicBoolean rowOnly = new AtomicBoolean();
    private final DataSource dataSource;
    private final Connector connector;
    private final ConnectAttempts examining;
    private final ElectionConfig config;
    private final SchemaName schema;
    private final SpentTerms spent = new SpentTerms();

    /**
     * Connects nowhere yet.
     *
     * @throws IllegalArgumentException if no connection can ever be made past the data source's pool
     */
    public PostgresDatabase(DataSource dataSource, ElectionConfig config) {
        this.dataSource = dataSource;
        this.connector = Connector.to(dataSource, config);
        this.examining = new ConnectAttempts(Ticker.system(), config.connectTimeout());
        this.config = config;
        this.schema = new SchemaName(config.schema());
    }

    @Override
    public Session openSession(Guard guard) throws SessionException {
        return using(guard, (wire, settings) -> {
            Facts facts = Facts.find(wire, schema);
            if (rowOnly.getAndSet(settings.isEmpty()) == settings.isPresent()) {
                LOG.info(settings.isPresent() ? "sessions are real again" : ROW_ONLY);
            }
            return settings.isPresent()
                    ? JdbcSession.open(wire, facts, settings.get(), config, schema, spent)
                    : JdbcSession.rowOnly(wire, facts.sessionless(), schema, spent);
        });
    }

    @Override
    public Listener openListener(Guard guard) throws SessionException {
        return using(guard, (wire, settings) -> {
            if (settings.isPresent()) {
                return JdbcListener.open(wire, Facts.channel(wire, schema));
            }
            wire.close();
            return new DeafListener();
        });
    }

    /** Looks at the surroundings and says what follows, over connections of its own; waits for them. */
    public Diagnosis diagnose() {
        return Examination.of(this::openInTime, config, schema);
    }

    private Wire openInTime() throws SessionException {
        try {
            return examining
                    .begin(() -> open(Guard.NONE), Wire::close, () -> {})
                    .await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new SessionException(Problems.doubtful("interrupted while connecting"), stop);
        }
    }

    @Override
    public Fencing fence() {
        FenceSql sql = FenceSql.of(schema);
        String call = config.fenceForm() == FenceForm.SHARED_LOCK ? sql.fenceShared() : sql.fence();
        return new JdbcFencing(call, sql.once(), config.fenceTimeout(), dataSource);
    }

    /** What is made of a connection, once it is known whether the session is its own. */
    private interface Use<T> {
        T make(Wire wire, Optional<OwnSettings> settings) throws SessionException;
    }

    private <T> T using(Guard guard, Use<T> use) throws SessionException {
        Wire wire = open(guard);
        try {
            Optional<OwnSettings> settings = SessionProbe.settle(wire, config, () -> open(guard));
            return use.make(wire, settings);
        } catch (SessionException | RuntimeException unusable) {
            wire.close();
            throw unusable;
        }
    }

    private Wire open(Guard guard) throws SessionException {
        return Wire.open(connector, config.statementTimeout(), guard, config.schema());
    }
}
