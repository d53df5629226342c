package dev.pgleader.testing;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** Chooses, starts and ends the one server that the tests of this JVM share. Thread-safe. */
final class SharedServer {

    private SharedServer() {}

    static PostgresServer get() {
        return Holder.SERVER;
    }

    /** Turns the value of the system property {@code postgres} into a server. */
    static PostgresServer start(String choice) {
        if (choice.startsWith("jdbc:postgresql:")) {
            return new ExternalServer(choice);
        }
        return switch (choice) {
            case "embedded" -> EmbeddedServer.builder().start();
            case "testcontainers" -> new ContainerServer(System.getProperty("postgres.image", "postgres:18"));
            default ->
                throw new IllegalArgumentException("-Dpostgres=" + choice
                        + ": expected embedded, testcontainers or a URL that begins with jdbc:postgresql:");
        };
    }

    private static String choice() {
        String chosen = System.getProperty("postgres", "");
        if (!chosen.isBlank()) {
            return chosen;
        }
        return dockerAnswers() ? "testcontainers" : "embedded";
    }

    /** Asks the socket first: Testcontainers takes seconds and logs errors to find out that there is no Docker. */
    private static boolean dockerAnswers() {
        boolean configured = System.getenv("DOCKER_HOST") != null;
        return (configured || listens(Path.of("/var/run/docker.sock")))
                && DockerClientFactory.instance().isDockerAvailable();
    }

    private static boolean listens(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Starts the server when first touched. */
    private static final class Holder {

        static final PostgresServer SERVER = start(choice());

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close, "end-shared-postgres"));
        }

        private Holder() {}
    }
}
