package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections that belong to nobody else. Thread-safe.
 *
 * <p>A pool must not come into it: a connection that it recycles would take the advisory lock along, and one that is
 * given back would leave the lock to the next borrower.
 */
interface Connector {

    /** Opens a connection, which the caller must close. */
    Connection connect() throws SQLException;

    /** Returns the way past any pool to what {@code dataSource} connects to. */
    static Connector to(DataSource dataSource, ElectionConfig config) {
        if (dataSource.getClass() == PGSimpleDataSource.class) {
            return bounded(copyOf((PGSimpleDataSource) dataSource), config)::getConnection;
        }
        if (HikariConnector.isHikari(dataSource)) {
            return HikariConnector.past(dataSource, config);
        }
        return dataSource::getConnection;
    }

    private static PGSimpleDataSource copyOf(PGSimpleDataSource theirs) {
        PGSimpleDataSource own = new PGSimpleDataSource();
        own.setUrl(theirs.getUrl());
        own.setUser(theirs.getUser());
        own.setPassword(theirs.getPassword());
        return own;
    }

    /*
     * The driver needs all three time-outs: connectTimeout does not cover the handshake, loginTimeout does not free the
     * thread that shakes hands, and socketTimeout bounds each read of it. They count in whole seconds; the session sets
     * its own in milliseconds once it is connected.
     *
     * connectTimeout is for one address, so that one that does not answer leaves time for the next. A short one also notices
     * sooner that a network is there again: the system repeats its knocking at ever longer intervals.
     */
    static PGSimpleDataSource bounded(PGSimpleDataSource own, ElectionConfig config) {
        int seconds = seconds(config.connectTimeout());
        own.setConnectTimeout(Math.min(seconds, seconds(config.statementTimeout())));
        own.setLoginTimeout(seconds);
        own.setSocketTimeout(seconds);
        own.setTcpKeepAlive(true);
        if (own.getApplicationName() == null) {
            own.setApplicationName("pgleader");
        }
        return own;
    }

    private static int seconds(Duration timeout) {
        return (int) Math.max(1, timeout.plusMillis(999).toSeconds());
    }
}
