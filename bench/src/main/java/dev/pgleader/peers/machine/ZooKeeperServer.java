package dev.pgleader.peers.machine;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.server.ZooKeeperServerMain;

/** A ZooKeeper of one server in a JVM of its own, with its defaults: each change is synced to disk. Thread-safe. */
public final class ZooKeeperServer implements AutoCloseable {

    /** What ZooKeeper's sample configuration says. It grants sessions of 2 to 20 ticks. */
    private static final int TICK_MS = 2000;

    private static final List<String> PROPERTIES =
            List.of("-Dzookeeper.admin.enableServer=false", "-Dzookeeper.4lw.commands.whitelist=mntr");
    private static final int ANSWER_MS = 1000;
    private static final int LOOK_MS = 100;
    private static final int LOOKS = 300;
    private static final String PACKETS = "zk_packets_received\t";

    private final Process process;
    private final int port;

    private ZooKeeperServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The program in the server's JVM, which ends when its input does. */
    static final class Program {

        private Program() {}

        /**
         * Serves.
         *
         * @param arguments port, folder and tick
         */
        public static void main(String[] arguments) {
            Thread server = new Thread(() -> ZooKeeperServerMain.main(arguments), "server");
            server.start();
            try {
                System.in.readAllBytes();
            } catch (IOException gone) {
                // So is the parent.
            }
            Runtime.getRuntime().halt(0);
        }
    }

    /** Starts a server with an empty folder beside those of the PostgreSQLs, on the same disk. */
    static ZooKeeperServer start(Path log) throws IOException, InterruptedException {
        int port = freePort();
        Path data = Files.createTempDirectory("zookeeper");
        ZooKeeperServer server =
                new ZooKeeperServer(Jvm.start(log, PROPERTIES, Program.class, port, data, TICK_MS), port);
        server.awaitStart();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitStart() throws InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            try {
                packetsReceived();
                return;
            } catch (IOException | IllegalStateException notYet) {
                Thread.sleep(LOOK_MS);
            }
        }
        throw new IllegalStateException("ZooKeeper does not answer");
    }

    /** {@return where it listens} */
    int port() {
        return port;
    }

    /**
     * Asks how many packets clients have sent so far. Each question is answered on a connection of its own and not counted.
     *
     * @return the count
     * @throws IOException if the server does not answer
     */
    public long packetsReceived() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // A server that is asked while it starts may never answer.
            socket.setSoTimeout(ANSWER_MS);
            socket.getOutputStream().write("mntr".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return answer.lines()
                    .filter(line -> line.startsWith(PACKETS))
                    .map(line -> Long.parseLong(line.substring(PACKETS.length())))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no answer to mntr: " + answer));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
