package dev.pgleader.peers.machine;

import dev.pgleader.peers.Backend;
import dev.pgleader.peers.Series;
import dev.pgleader.peers.candidate.Target;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** What a case works with: a server for each system, and candidate processes. Closing it ends them all. Thread-safe. */
public final class Lab implements AutoCloseable {

    /** The role of a candidate, where it does not matter which. */
    public static final String CANDIDATE = "candidate";

    /** The role of a candidate that leads, where what it costs is counted apart. */
    public static final String LEADING = "leader";

    /** The role of a candidate that follows, where what it costs is counted apart. */
    public static final String FOLLOWING = "follower";

    private static final int STARTS_AT_ONCE = 2;

    private final Path folder;
    private final PostgresServer pgleader;
    private final PostgresServer spring;
    private final ZooKeeperServer zooKeeper;
    /** JVMs that start take all processors that there are, from what is measured as well. */
    private final Semaphore starts = new Semaphore(STARTS_AT_ONCE);

    private final Queue<CandidateProcess> processes = new ConcurrentLinkedQueue<>();

    private Lab(Path folder) throws IOException, SQLException, InterruptedException {
        this.folder = folder;
        this.pgleader = postgres(Backend.PGLEADER);
        this.spring = postgres(Backend.SPRING);
        this.zooKeeper = ZooKeeperServer.start(log("zookeeper"));
    }

    /**
     * Starts the servers.
     *
     * @param folder where all processes log to
     * @return the lab
     * @throws Exception if a server does not start
     */
    public static Lab open(Path folder) throws Exception {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "*.log")) {
            for (Path old : logs) {
                Files.delete(old);
            }
        }
        return new Lab(folder);
    }

    private PostgresServer postgres(Backend backend) throws IOException, SQLException {
        return PostgresServer.start(
                backend,
                log("postgresql-" + backend),
                folder.resolve("programs").toFile(),
                List.of(CANDIDATE, LEADING, FOLLOWING));
    }

    private Path log(String name) {
        return folder.resolve(name.toLowerCase(Locale.ROOT) + ".log");
    }

    /**
     * Starts a candidate that stands nowhere yet.
     *
     * @param series its system
     * @param role who it is to the server
     * @return the process
     * @throws Exception if it does not start
     */
    public CandidateProcess start(Series series, String role) throws Exception {
        Target target = new Target(port(series.backend()), role);
        starts.acquire();
        try {
            CandidateProcess started = CandidateProcess.start(series, target, log("candidates-" + series));
            processes.add(started);
            return started;
        } finally {
            starts.release();
        }
    }

    private int port(Backend backend) {
        return backend == Backend.ZOOKEEPER
                ? zooKeeper.port()
                : postgresOf(backend).port();
    }

    /**
     * Returns the PostgreSQL of a system.
     *
     * @param backend {@link Backend#PGLEADER} or {@link Backend#SPRING}
     * @return the server
     */
    public PostgresServer postgresOf(Backend backend) {
        return switch (backend) {
            case PGLEADER -> pgleader;
            case SPRING -> spring;
            case ZOOKEEPER -> throw new IllegalArgumentException("ZooKeeper is no PostgreSQL");
        };
    }

    /** {@return the ZooKeeper} */
    public ZooKeeperServer zooKeeper() {
        return zooKeeper;
    }

    /**
     * Describes what the values depend on.
     *
     * @return the machine
     * @throws SQLException if a server does not answer
     */
    public Machine machine() throws SQLException {
        return Machine.of(pgleader);
    }

    /** Ends all candidates. */
    public void clear() {
        for (CandidateProcess process = processes.poll(); process != null; process = processes.poll()) {
            process.close();
        }
    }

    @Override
    public void close() throws IOException {
        clear();
        zooKeeper.close();
        spring.close();
        pgleader.close();
    }
}
