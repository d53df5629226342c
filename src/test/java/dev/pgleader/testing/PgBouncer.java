package dev.pgleader.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** A PgBouncer of our own in front of one server. One thread at a time. */
public final class PgBouncer implements AutoCloseable {

    /** For how long the pooler lends out a server process. */
    public enum Pooling {
        /** For a whole session. */
        SESSION,
        /** For one transaction. */
        TRANSACTION,
        /** For one statement, and there are no transactions of several. */
        STATEMENT
    }

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final int port;
    private final Path folder;
    private Process process;

    private PgBouncer(int port, Path folder) throws IOException {
        this.port = port;
        this.folder = folder;
        this.process = launch();
    }

    /**
     * Starts one, which connects to the server as its ordinary role, whoever connects to it. After a login that has failed it tries
     * again after a second, and not only after fifteen, in which it would leave its clients without an answer.
     *
     * @param server the server
     * @param pooling how it lends out server processes
     * @return the pooler, to be closed
     * @throws IOException if its settings cannot be written
     * @throws AssertionError if the command is not there, naming the package that has it
     */
    public static PgBouncer start(PostgresServer server, Pooling pooling) throws IOException {
        Path folder = Files.createTempDirectory("pgleader-pgbouncer");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        URI address = URI.create(server.jdbcUrl("postgres").substring("jdbc:".length()));
        Files.writeString(
                folder.resolve("pgbouncer.ini"),
                """
                [databases]
                * = host=%s port=%d user=%s password=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                ignore_startup_parameters = extra_float_digits, options
                server_login_retry = 1
                """
                        .formatted(
                                address.getHost(),
                                address.getPort(),
                                server.username(),
                                server.password(),
                                port,
                                pooling.name().toLowerCase(Locale.ROOT)));
        return new PgBouncer(port, folder);
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of("pgbouncer"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(folder.resolve("pgbouncer.ini").toString());
        Process started;
        try {
            started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
        } catch (IOException missing) {
            throw new AssertionError("pgbouncer does not start; on Debian: apt-get install -y pgbouncer", missing);
        }
        Waiting.until(BOUND, () -> !started.isAlive() || accepts(), () -> "PgBouncer does not listen: " + log());
        if (!started.isAlive()) {
            throw new AssertionError("PgBouncer has ended: " + log());
        }
        return started;
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Where it listens, on the loopback interface.
     *
     * @return its port
     */
    public int port() {
        return port;
    }

    /**
     * A way to a database through the pooler.
     *
     * @param database one of the server's
     * @return a data source that the caller may change
     */
    public PGSimpleDataSource dataSource(TestDatabase database) {
        PGSimpleDataSource through = database.dataSource();
        through.setServerNames(new String[] {"127.0.0.1"});
        through.setPortNumbers(new int[] {port});
        through.setPrepareThreshold(0);
        return through;
    }

    /**
     * Kills the pooler, and with it every connection, and starts it again.
     *
     * @throws IOException if it cannot be started
     */
    public void crash() throws IOException {
        kill();
        process = launch();
    }

    private void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("PgBouncer does not end");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        for (String file : List.of("pgbouncer.ini", "log")) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.delete(folder);
    }
}
