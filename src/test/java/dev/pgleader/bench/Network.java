package dev.pgleader.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A network between one candidate and the server that can be cut: from then on nothing comes through, and neither end is
 * told. Thread-safe.
 */
final class Network implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private final ServerSocket entrance;
    private final int serverPort;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean cut;

    private Network(ServerSocket entrance, int serverPort) {
        this.entrance = entrance;
        this.serverPort = serverPort;
    }

    /** Makes a network that leads to a port of this machine. */
    static Network to(int serverPort) throws IOException {
        Network network = new Network(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), serverPort);
        network.spawn(network::admit);
        return network;
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** Cuts it; returns the time before. */
    long cut() {
        long now = System.nanoTime();
        cut = true;
        return now;
    }

    /** Lets new connections through again; those that were cut end. */
    void heal() {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            closeQuietly(socket);
        }
        cut = false;
    }

    private void admit() {
        try {
            while (true) {
                Socket client = entrance.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                spawn(() -> carry(client, server));
                spawn(() -> carry(server, client));
            }
        } catch (IOException closed) {
            heal();
        }
    }

    /** Carries what one end says to the other; once cut, it is lost, and so is the news that an end has closed. */
    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!cut) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (IOException ended) {
            // An end has gone; whether the other may know is decided below.
        }
        if (!cut) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private void spawn(Runnable task) {
        Thread thread = new Thread(task, "network");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAlready) {
            // Nothing is left to close then.
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        heal();
    }
}
