package dev.pgleader;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Lends a connection on which some calls fail without being made. For one loan. */
final class FaultyConnections implements DataSource {

    private final @Nullable PGSimpleDataSource sound;
    private final Set<String> failing;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private @Nullable Connection lent;

    /**
     * Lends new connections.
     *
     * @param failing names of methods of {@link Connection}; {@code setAutoCommit(true)} for that alone
     */
    FaultyConnections(PGSimpleDataSource sound, String... failing) {
        this.sound = sound;
        this.failing = Set.of(failing);
    }

    /** Lends a connection that others use as well. */
    FaultyConnections(Connection shared, String... failing) {
        this.sound = null;
        this.lent = shared;
        this.failing = Set.of(failing);
    }

    /** Returns the connection behind the one that was lent. */
    Connection lent() {
        if (lent == null) {
            throw new IllegalStateException("nothing was lent");
        }
        return lent;
    }

    /** Returns the names of the methods that were called. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (sound != null) {
            lent = sound.getConnection();
        }
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    calls.add(name);
                    if (failing.contains(name)
                            || (arguments != null && failing.contains(name + "(" + arguments[0] + ")"))) {
                        throw new SQLException("planted: " + name, "XX000");
                    }
                    try {
                        return method.invoke(lent(), arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("no wrapper");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
