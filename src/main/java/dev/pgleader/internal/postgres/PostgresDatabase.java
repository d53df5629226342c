package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Database;
import dev.pgleader.internal.runtime.Fence;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
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
    private final Connector connector;
    private final ElectionConfig config;
    private final Sql sql;

    /**
     * Connects nowhere yet.
     *
     * @throws IllegalArgumentException if no connection can ever be made past the data source's pool
     */
    public PostgresDatabase(DataSource dataSource, ElectionConfig config) {
        this.connector = Connector.to(dataSource, config.statementTimeout());
        this.config = config;
        this.sql = new Sql(new SchemaName(config.schema()));
    }

    @Override
    public Session openSession(Guard guard) throws SessionException {
        return using(guard, (wire, facts, own) -> {
            if (rowOnly.getAndSet(!own) == own) {
                LOG.info(own ? "sessions are real again" : ROW_ONLY);
            }
            return own ? JdbcSession.open(wire, facts, config, sql) : JdbcSession.openRowOnly(wire, facts, config, sql);
        });
    }

    @Override
    public Listener openListener(Guard guard) throws SessionException {
        return using(guard, (wire, facts, own) -> {
            if (own) {
                return JdbcListener.open(wire, facts, config);
            }
            wire.close();
            return new DeafListener();
        });
    }

    @Override
    public Fence fence() {
        return new JdbcFence(sql.fence);
    }

    /** What is made of a connection, once it is known where it leads. */
    private interface Use<T> {
        T make(Wire wire, Facts facts, boolean ownSession) throws SessionException;
    }

    private <T> T using(Guard guard, Use<T> use) throws SessionException {
        Wire wire = open(guard);
        try {
            Facts facts = Facts.find(wire, sql);
            boolean own =
                    SessionProbe.isOwn(wire, facts, config.statementTimeout().dividedBy(2), () -> open(guard));
            return use.make(wire, facts, own);
        } catch (SessionException | RuntimeException unusable) {
            wire.close();
            throw unusable;
        }
    }

    private Wire open(Guard guard) throws SessionException {
        return Wire.open(connector, config.statementTimeout(), guard, config.schema());
    }
}
