package dev.pgleader;

import dev.pgleader.testing.TcpProxy;
import dev.pgleader.testing.TestDatabase;
import java.net.URI;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A way to a database that a test can close, beside the one that stays open.
 *
 * @param proxy what fails
 * @param dataSource connects through it
 */
record Network(TcpProxy proxy, PGSimpleDataSource dataSource) implements AutoCloseable {

    static Network to(TestDatabase database) {
        URI server = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        TcpProxy proxy = TcpProxy.to(server.getHost(), server.getPort());
        PGSimpleDataSource through = database.dataSource();
        through.setUrl("jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database.name());
        through.setUser(database.username());
        through.setPassword(database.password());
        return new Network(proxy, through);
    }

    @Override
    public void close() {
        proxy.close();
    }
}
