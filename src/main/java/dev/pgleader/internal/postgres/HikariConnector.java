package dev.pgleader.internal.postgres;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import com.zaxxer.hikari.util.DriverDataSource;
import com.zaxxer.hikari.util.PropertyElf;
import dev.pgleader.ElectionConfig;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The way past a HikariCP pool, by the settings that the pool itself connects with.
 *
 * <p>HikariCP is optional: only {@link #isHikari} may be called where it is absent.
 */
final class HikariConnector {

    private static final String POSTGRESQL = "jdbc:postgresql:";

    private HikariConnector() {}

    static boolean isHikari(DataSource dataSource) {
        try {
            return dataSource.isWrapperFor(HikariDataSource.class);
        } catch (NoClassDefFoundError | SQLException | RuntimeException isNot) {
            return false;
        }
    }

    static Connector past(DataSource dataSource, ElectionConfig config) {
        HikariDataSource hikari = unwrapped(dataSource);
        if (hikari.getDataSource() != null) {
            return Connector.to(hikari.getDataSource(), config);
        }
        String url = hikari.getJdbcUrl();
        if (url == null) {
            return past(hikari, hikari.getDataSourceClassName(), config);
        }
        if (!url.startsWith(POSTGRESQL)) {
            return () -> {
                Credentials login = hikari.getCredentials();
                return new DriverDataSource(
                                url,
                                hikari.getDriverClassName(),
                                hikari.getDataSourceProperties(),
                                login.getUsername(),
                                login.getPassword())
                        .getConnection();
            };
        }
        PGSimpleDataSource own = new PGSimpleDataSource();
        own.setURL(url);
        return loggingIn(hikari, own, config);
    }

    private static Connector past(HikariDataSource hikari, String dataSourceClass, ElectionConfig config) {
        if (PGSimpleDataSource.class.getName().equals(dataSourceClass)) {
            return loggingIn(hikari, new PGSimpleDataSource(), config);
        }
        throw new IllegalArgumentException("cannot connect past a HikariDataSource with dataSourceClassName "
                + dataSourceClass + ": give it a jdbcUrl, or hand a PGSimpleDataSource to pgleader");
    }

    private static Connector loggingIn(HikariDataSource hikari, PGSimpleDataSource own, ElectionConfig config) {
        Properties properties = hikari.getDataSourceProperties();
        PropertyElf.setTargetFromProperties(own, properties);
        Connector.bounded(own, config);
        return () -> {
            Credentials login = hikari.getCredentials();
            return login.getUsername() == null
                    ? own.getConnection()
                    : own.getConnection(login.getUsername(), login.getPassword());
        };
    }

    private static HikariDataSource unwrapped(DataSource dataSource) {
        try {
            return dataSource.unwrap(HikariDataSource.class);
        } catch (SQLException unexpected) {
            throw new IllegalArgumentException("cannot unwrap " + dataSource, unexpected);
        }
    }
}
