package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Database;
import dev.pgleader.internal.runtime.Fencing;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import javax.sql.DataSource;

/** A database as it is seen through a pooler that lends out server processes for single transactions, without the pooler. */
public final class RowOnlyDatabase implements Database {

    private final Connector connector;
    private final ElectionConfig config;
    private final PostgresDatabase real;

    /**
     * Connects nowhere yet.
     *
     * @param dataSource leads to the database itself
     * @param config by which sessions are opened
     */
    public RowOnlyDatabase(DataSource dataSource, ElectionConfig config) {
        this.connector = Connector.to(dataSource, config);
        this.config = config;
        this.real = new PostgresDatabase(dataSource, config);
    }

    @Override
    public Session openSession(Guard guard) throws SessionException {
        SchemaName schema = new SchemaName(config.schema());
        Wire wire = Wire.open(connector, config.statementTimeout(), guard, config.schema());
        try {
            wire.frameEach(OwnSettings.perTransaction(config));
            return JdbcSession.rowOnly(wire, Facts.find(wire, schema).sessionless(), schema, new SpentTerms());
        } catch (SessionException | RuntimeException unusable) {
            wire.close();
            throw unusable;
        }
    }

    @Override
    public Listener openListener(Guard guard) {
        return new DeafListener();
    }

    @Override
    public Fencing fence() {
        return real.fence();
    }
}
