package dev.pgleader.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A network between the library and its server that can fail: silently, by holding every byte back while all connections
 * stay open, or loudly, by cutting them. Thread-safe.
 *
 * <p>What was held back arrives late, when the network is mended, as with TCP it may.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int NEVER = Integer.MAX_VALUE;

    private final ServerSocket listening;
    private InetSocketAddress server;
    private final Set<Socket> open = new HashSet<>();
    private boolean towardsServer = true;
    private boolean towardsClient = true;
    private boolean accepting = true;
    private boolean closed;
    private boolean swallowing;
    private int cutInside = NEVER;
    private Duration delay = Duration.ZERO;

    private TcpProxy(ServerSocket listening, InetSocketAddress server) {
        this.listening = listening;
        this.server = server;
    }

    /**
     * Opens a way to a server.
     *
     * @param host where it listens
     * @param port on which port
     * @return a network that works
     */
    public static TcpProxy to(String host, int port) {
        try {
            ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            TcpProxy proxy = new TcpProxy(listening, new InetSocketAddress(host, port));
            start("tcp-proxy", proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where to connect to instead of the server.
     *
     * @return the port on the loopback address
     */
    public int port() {
        return listening.getLocalPort();
    }

    /** Holds everything back from now on, in both directions; new connections are taken and never answered. */
    public synchronized void blackHole() {
        towardsServer = false;
        towardsClient = false;
        notifyAll();
    }

    /** Holds the answers back from now on, while requests still reach the server. */
    public synchronized void holdAnswers() {
        towardsClient = false;
        notifyAll();
    }

    /** Ends every connection, with what was on its way, and refuses new ones. */
    public synchronized void cut() {
        accepting = false;
        open.forEach(TcpProxy::end);
        open.clear();
        notifyAll();
    }

    /** Loses every byte from now on, in both directions, while connections stay open; new ones are taken. */
    public synchronized void swallow() {
        swallowing = true;
    }

    /** Carries every byte so much later from now on, in both directions. */
    public synchronized void delay(Duration length) {
        delay = length;
    }

    /**
     * Ends every connection inside its next answer, if that is longer, and then the way to the server, as {@link #cut()}
     * does. A message of the protocol begins with its kind and its length, five bytes in all.
     *
     * @param bytes how much of the answer still arrives
     */
    public synchronized void cutInside(int bytes) {
        cutInside = bytes;
    }

    /** Ends every connection; new ones lead to another port of this machine. */
    public synchronized void switchTo(int port) {
        cut();
        server = new InetSocketAddress(server.getHostString(), port);
        mend();
    }

    /** Mends the network: what was held back arrives now, and connections are taken again. */
    public synchronized void mend() {
        towardsServer = true;
        towardsClient = true;
        accepting = true;
        swallowing = false;
        cutInside = NEVER;
        delay = Duration.ZERO;
        notifyAll();
    }

    /** Ends every connection and the proxy. */
    @Override
    public synchronized void close() {
        closed = true;
        cut();
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                connect(listening.accept());
            }
        } catch (IOException e) {
            // Closed, which is how it ends.
        }
    }

    private void connect(Socket client) throws IOException {
        Socket upstream = new Socket();
        InetSocketAddress target;
        synchronized (this) {
            target = server;
            if (!accepting || closed) {
                end(client);
                return;
            }
            open.add(client);
            open.add(upstream);
        }
        try {
            upstream.connect(target);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
        } catch (IOException e) {
            end(client);
            end(upstream);
            return;
        }
        start("tcp-proxy-requests", () -> pump(client, upstream, true));
        start("tcp-proxy-answers", () -> pump(upstream, client, false));
    }

    private void pump(Socket from, Socket to, boolean request) {
        byte[] buffer = new byte[8192];
        try {
            // Not closed here: that would be news for the other side.
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitPassage(request);
                int passing = request ? read : Math.min(read, allowed());
                if (!swallows()) {
                    out.write(buffer, 0, passing);
                    out.flush();
                }
                if (passing < read) {
                    cut();
                }
            }
            awaitPassage(request);
        } catch (IOException | InterruptedException e) {
            // Cut, or ended by one side: both sides end below.
        }
        awaitNews();
        end(from);
        end(to);
        synchronized (this) {
            open.remove(from);
            open.remove(to);
        }
    }

    private synchronized void awaitPassage(boolean request) throws InterruptedException {
        while (!closed && !(request ? towardsServer : towardsClient)) {
            wait();
        }
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Where every byte is lost, so is the news that one side has ended. */
    private synchronized void awaitNews() {
        try {
            while (swallowing && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int allowed() {
        return cutInside;
    }

    private synchronized boolean swallows() {
        return swallowing;
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Ended all the same.
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
