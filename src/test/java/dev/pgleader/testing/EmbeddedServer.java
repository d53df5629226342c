package dev.pgleader.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of one's own, from the binaries on the class path, with its data in a temporary folder. It can be
 * stopped, crashed and started again on the same port and data. Listens on 127.0.0.1 only.
 *
 * <p>For one thread at a time. It ends with {@link #close()}, and in any case with this JVM, even a killed one.
 */
public final class EmbeddedServer extends PostgresServer {

    static final String USER = "app";
    static final String PASSWORD = "app-password";
    static final String CREATE_USER = "create role " + USER + " login password '" + PASSWORD + "'";
    private static final String ADMIN = "postgres";
    private static final int START_ATTEMPTS = 3;

    private final Path folder;
    private final ServerProcess process;
    private final Map<String, String> settings;
    private int port;

    private EmbeddedServer(Path folder, Map<String, String> settings, Map<String, String> environment) {
        this.folder = folder;
        this.settings = settings;
        this.process = new ServerProcess(folder, environment);
    }

    /**
     * Describes a server to be started.
     *
     * @return a builder with the settings that all test servers share
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings that every server started for tests has, whatever starts it. */
    static Map<String, String> commonSettings(boolean fsync) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("max_connections", "200");
        settings.put("max_prepared_transactions", "0");
        settings.put("log_lock_waits", "on");
        settings.put("log_line_prefix", "%m [%p] %q%u@%d %a ");
        settings.put("fsync", fsync ? "on" : "off");
        settings.put("full_page_writes", fsync ? "on" : "off");
        return settings;
    }

    /** Off unless asked for: tests crash servers, never the machine, and nothing else needs data to reach the disk. */
    static boolean fsyncByDefault() {
        return System.getProperty("postgres.fsync", "off").equals("on");
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public String username() {
        return USER;
    }

    @Override
    public String password() {
        return PASSWORD;
    }

    @Override
    public Connection connectAsAdmin(String database) throws SQLException {
        return connect(jdbcUrl(database), ADMIN, "");
    }

    /**
     * The port on 127.0.0.1, the same after every start.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /**
     * Where the server keeps its data. To be changed only while it is stopped.
     *
     * @return the data folder
     */
    public Path dataDirectory() {
        return folder.resolve("data");
    }

    @Override
    public String log() {
        try {
            return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isRunning() {
        return process.isRunning();
    }

    /**
     * Every process of the running server, the one that starts the others first.
     *
     * @return their numbers
     */
    public long[] pids() {
        return process.pids();
    }

    /** Starts the stopped or crashed server again and returns when it accepts connections. */
    public void start() {
        process.start();
    }

    /** Stops the server in good order: sessions are ended, everything is written down. */
    public void stop() {
        process.end("INT");
    }

    /** Ends the server at once, as after a failure: the next start has to recover from the write-ahead log. */
    public void crash() {
        process.end("QUIT");
    }

    /** Ends the server's main process, as a lack of memory does: the others end as soon as they notice. */
    public void kill() {
        process.end("KILL");
    }

    /** Stops the server in good order and starts it again. */
    public void restart() {
        stop();
        start();
    }

    /** Ends the server and deletes its data. */
    @Override
    public void close() {
        process.close();
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server of its own on a copy of this one's data, which must not be running; not started yet. */
    EmbeddedServer copy() throws IOException {
        EmbeddedServer copy = new EmbeddedServer(newFolder(), settings, Map.of());
        Folders.copy(dataDirectory(), copy.dataDirectory());
        copy.takeFreePort();
        return copy;
    }

    private static Path newFolder() throws IOException {
        return Files.createTempDirectory(
                PostgresBinaries.folder(), "server-" + ProcessHandle.current().pid() + "-");
    }

    private void initialise(List<String> admitted) throws IOException {
        ServerProcess.run(
                folder,
                PostgresBinaries.unpacked()
                        .command(
                                "initdb",
                                "--pgdata=" + dataDirectory(),
                                "--username=" + ADMIN,
                                "--auth=trust",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--no-sync"));
        for (String network : admitted) {
            Files.writeString(
                    dataDirectory().resolve("pg_hba.conf"),
                    "host all all " + network + " trust\n",
                    StandardOpenOption.APPEND);
        }
        takeFreePort();
        startOnFreePort();
        execute(CREATE_USER);
    }

    /** Somebody else may take the free port before the server does. */
    private void startOnFreePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                start();
                return;
            } catch (IllegalStateException e) {
                if (attempt == START_ATTEMPTS || !log().contains("could not bind")) {
                    throw e;
                }
                takeFreePort();
            }
        }
    }

    /** Writes the settings with a port that is free just now; the last value of a setting in the file counts. */
    private void takeFreePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        StringBuilder text = new StringBuilder("\n");
        settings.forEach((name, value) -> text.append(line(name, value)));
        text.append(line("port", Integer.toString(port)));
        Files.writeString(dataDirectory().resolve("postgresql.conf"), text, StandardOpenOption.APPEND);
    }

    private static String line(String name, String value) {
        return name + " = '" + value.replace("'", "''") + "'\n";
    }

    /** Describes an {@link EmbeddedServer}. For one thread at a time. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<String> admitted = new ArrayList<>();
        private @Nullable Path place;
        private boolean fsync = fsyncByDefault();

        private Builder() {}

        /**
         * Whether commits wait for the disk. Off by default in tests, for speed; benchmarks turn it on, for truth.
         *
         * @param on true for a durable server
         * @return this
         */
        public Builder fsync(boolean on) {
            fsync = on;
            return this;
        }

        /**
         * One line of the server's configuration.
         *
         * @param name the setting's name
         * @param value its value
         * @return this
         */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /**
         * A variable that the server's processes see, at every start.
         *
         * @param name the variable's name
         * @param value its value
         * @return this
         */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * Clients that the server lets in besides those on 127.0.0.1. It has to listen where they can reach it.
         *
         * @param network their addresses, such as {@code 198.18.7.0/24}
         * @return this
         */
        public Builder admit(String network) {
            admitted.add(network);
            return this;
        }

        /**
         * Keeps the data elsewhere than in the temporary folder.
         *
         * @param folder an empty folder, which the server fills and does not delete
         * @return this
         */
        public Builder dataOn(Path folder) {
            place = folder;
            return this;
        }

        /**
         * Makes the data folder and starts the server.
         *
         * @return a server that accepts connections
         */
        public EmbeddedServer start() {
            try {
                Map<String, String> all = allSettings();
                EmbeddedServer server = new EmbeddedServer(newFolder(), all, environment);
                try {
                    if (place != null) {
                        Files.createSymbolicLink(server.dataDirectory(), place);
                    }
                    server.initialise(admitted);
                } catch (IOException | RuntimeException e) {
                    server.close();
                    throw e;
                }
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start PostgreSQL", e);
            }
        }

        private Map<String, String> allSettings() {
            Map<String, String> all = commonSettings(fsync);
            all.put("listen_addresses", "127.0.0.1");
            all.put("unix_socket_directories", "");
            List<String> preloaded = List.of("pg_stat_statements").stream()
                    .filter(PostgresBinaries.unpacked()::hasLibrary)
                    .toList();
            all.put("shared_preload_libraries", String.join(",", preloaded));
            all.putAll(settings);
            return all;
        }
    }
}
