package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Database;
import dev.pgleader.internal.runtime.Fence;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import javax.sql.DataSource;

/** A PostgreSQL database, reached through the user's {@link DataSource}. Thread-safe. */
public final class PostgresDatabase implements Database {

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
        return JdbcSession.open(open(guard), config, sql);
    }

    @Override
    public Listener openListener(Guard guard) throws SessionException {
        return JdbcListener.open(open(guard), config, sql);
    }

    @Override
    public Fence fence() {
        return new JdbcFence(sql.fence);
    }

    private Wire open(Guard guard) throws SessionException {
        return Wire.open(connector, config.statementTimeout(), guard, config.schema());
    }
}
