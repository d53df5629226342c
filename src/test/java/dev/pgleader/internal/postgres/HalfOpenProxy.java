package dev.pgleader.internal.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A way to a server that can fall silent: both ends stay connected and hear nothing more. Thread-safe. */
final class HalfOpenProxy implements AutoCloseable {

    private final ServerSocket entrance;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final BlockingQueue<byte[]> lastSent = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean silent;

    private HalfOpenProxy(ServerSocket entrance, int target) {
        this.entrance = entrance;
        this.target = target;
    }

    /** Opens a way to a port on this machine. */
    static HalfOpenProxy to(int target) throws IOException {
        HalfOpenProxy proxy = new HalfOpenProxy(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), target);
        thread(proxy::accept);
        return proxy;
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** Forwards nothing from now on. */
    void fallSilent() {
        silent = true;
    }

    private void accept() {
        try {
            while (closed.getCount() > 0) {
                Socket client = entrance.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(client, server));
                thread(() -> forward(client, server, true));
                thread(() -> forward(server, client, false));
            }
        } catch (IOException e) {
            if (closed.getCount() > 0) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns the last bytes that a client has sent, once it has closed the connection; the same for its next connection. */
    byte[] lastSent() throws InterruptedException {
        return lastSent.take();
    }

    private void forward(Socket from, Socket to, boolean toServer) {
        byte[] buffer = new byte[8192];
        byte[] last = new byte[0];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (silent) {
                    closed.await();
                    return;
                }
                out.write(buffer, 0, read);
                last = Arrays.copyOf(buffer, read);
            }
            if (toServer) {
                lastSent.add(last);
            }
            if (silent) {
                closed.await();
            }
        } catch (IOException oneEndHasGone) {
            // So has the other, then.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "half-open-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        entrance.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
