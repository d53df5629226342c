package dev.pgleader.faults;

import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.PgBouncer;
import dev.pgleader.testing.PrimaryAndStandby;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/** What the candidates stand on: a server, with what is special about it. Closing it ends it. One thread at a time. */
public interface Ground extends AutoCloseable {

    /** Returns the server on which the candidates stand at first. */
    EmbeddedServer server();

    /** Returns the port to which candidates connect. */
    default int port() {
        return server().port();
    }

    /** Returns every server that may have taken writes, each with a history of its own. */
    default List<EmbeddedServer> servers() {
        return List.of(server());
    }

    @Override
    void close();

    /** Makes the ground. */
    @FunctionalInterface
    interface Laying {
        Ground lay(EmbeddedServer.Builder builder) throws IOException, InterruptedException;
    }

    /** A server with nothing special about it. */
    record Plain(EmbeddedServer server) implements Ground {

        static Ground lay(EmbeddedServer.Builder builder) {
            return new Plain(builder.start());
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** A server that has few connections to give. */
    record Crowded(EmbeddedServer server) implements Ground {

        static final int CONNECTIONS = 40;

        static Ground lay(EmbeddedServer.Builder builder) {
            return new Crowded(builder.setting("max_connections", Integer.toString(CONNECTIONS))
                    .start());
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** A server behind a pooler that lends out its processes for single transactions. */
    record Pooled(EmbeddedServer server, PgBouncer pooler) implements Ground {

        /** What a client asks for at the start of a connection does not get through the pooler. */
        static Ground lay(EmbeddedServer.Builder builder) throws IOException {
            EmbeddedServer server = builder.setting(
                            "idle_in_transaction_session_timeout", Long.toString(Settings.FENCED.toMillis()))
                    .start();
            try {
                return new Pooled(server, PgBouncer.start(server, PgBouncer.Pooling.TRANSACTION));
            } catch (IOException | RuntimeException | AssertionError failed) {
                server.close();
                throw failed;
            }
        }

        @Override
        public int port() {
            return pooler.port();
        }

        @Override
        public void close() {
            try {
                pooler.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                server.close();
            }
        }
    }

    /** A server whose clock can be stepped; nobody else's is. */
    record SteppedClock(EmbeddedServer server, Path offset) implements Ground {

        /** Where the packages of Debian and its kin put the library, by processor. */
        static final List<Path> LIBRARIES = List.of(
                Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
                Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"),
                Path.of("/usr/lib64/faketime/libfaketime.so.1"));

        /*
         * The library lets a signal handler that interrupts a wait see the true time, which a true step of the clock does
         * not. A server whose clock is behind the true time would take every time-out for passed at the first alarm; so
         * its clock is far ahead from the start, and stays ahead however often it is set back.
         */
        private static final Duration AHEAD = Duration.ofDays(365);

        /** Starts such a server. */
        public static SteppedClock lay(EmbeddedServer.Builder builder) throws IOException {
            Path offset = Files.createTempFile("pgleader-clock", ".offset");
            write(offset, AHEAD);
            Path library = LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow();
            SteppedClock ground = new SteppedClock(
                    builder.environment("LD_PRELOAD", library.toString())
                            .environment("FAKETIME_TIMESTAMP_FILE", offset.toString())
                            .environment("FAKETIME_NO_CACHE", "1")
                            .environment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                            .start(),
                    offset);
            return ground;
        }

        /** Returns how much more the server's clock shows than it should. */
        public Duration ahead() {
            try {
                return Duration.ofSeconds(
                        Long.parseLong(Files.readString(offset).strip()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Makes the server's clock show this much more than it should; the file is never seen half written. */
        public void set(Duration ahead) {
            try {
                Path next = Files.createTempFile("pgleader-clock", ".next");
                write(next, ahead);
                Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void write(Path file, Duration ahead) throws IOException {
            Files.writeString(file, "%+d\n".formatted(ahead.toSeconds()));
        }

        @Override
        public void close() {
            server.close();
            try {
                Files.deleteIfExists(offset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A server whose disk can be filled. */
    record FullDisk(EmbeddedServer server, SmallDisk disk) implements Ground {

        private static final int MEGABYTES = 320;

        static Ground lay(EmbeddedServer.Builder builder) throws IOException, InterruptedException {
            SmallDisk disk = SmallDisk.mount(MEGABYTES);
            try {
                return new FullDisk(
                        builder.dataOn(disk.folder())
                                .setting("min_wal_size", "32MB")
                                .setting("max_wal_size", "64MB")
                                .start(),
                        disk);
            } catch (RuntimeException failed) {
                disk.close();
                throw failed;
            }
        }

        @Override
        public void close() {
            try {
                server.close();
            } finally {
                disk.close();
            }
        }
    }

    /** A primary with a standby that can be promoted. */
    record Pair(PrimaryAndStandby pair) implements Ground {

        static Ground lay(EmbeddedServer.Builder builder) {
            return new Pair(PrimaryAndStandby.start(builder));
        }

        @Override
        public EmbeddedServer server() {
            return pair.primary();
        }

        @Override
        public List<EmbeddedServer> servers() {
            return List.of(pair.primary(), pair.standby());
        }

        @Override
        public void close() {
            pair.close();
        }
    }
}
