package dev.pgleader.peers.candidate;

import org.postgresql.ds.PGSimpleDataSource;

/**
 * Which server on this machine a candidate connects to. Immutable.
 *
 * @param port where the server listens
 * @param role who connects; ZooKeeper does not ask
 */
public record Target(int port, String role) {

    /** {@return a data source without a pool} */
    PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"localhost"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName("postgres");
        dataSource.setUser(role);
        return dataSource;
    }

    /** {@return the address as ZooKeeper's clients write it} */
    String connectString() {
        return "localhost:" + port;
    }
}
