package dev.pgleader;

import dev.pgleader.testing.TestDatabase;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A data source that counts how often it is asked, and may fail or lead elsewhere. Thread-safe. */
final class Attempts implements DataSource {

    final TestDatabase database;
    final AtomicInteger count = new AtomicInteger();
    volatile String name;
    volatile @Nullable String password;
    volatile @Nullable RuntimeException failure;
    private volatile int loginTimeoutSeconds;

    Attempts(TestDatabase database, String name) {
        this.database = database;
        this.name = name;
    }

    @Override
    public Connection getConnection() throws SQLException {
        count.incrementAndGet();
        @Nullable RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        PGSimpleDataSource real = database.dataSource();
        real.setDatabaseName(name);
        if (password != null) {
            real.setPassword(password);
        }
        real.setLoginTimeout(loginTimeoutSeconds);
        return real.getConnection();
    }

    @Override
    public Connection getConnection(String username, String otherPassword) throws SQLException {
        throw new SQLException("not asked for");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter writer) {}

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeoutSeconds = seconds;
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeoutSeconds;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
