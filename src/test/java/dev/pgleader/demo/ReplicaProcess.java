package dev.pgleader.demo;

import dev.pgleader.testing.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link Replica} in a process of its own, seen from the demo. Thread-safe. */
final class ReplicaProcess implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(60);

    private final String name;
    private final Reigns reigns;
    private final CountDownLatch up = new CountDownLatch(1);
    private final ChildJvm jvm;
    private volatile String address = "";

    private ReplicaProcess(String name, String url, Reigns reigns) throws IOException {
        this.name = name;
        this.reigns = reigns;
        this.jvm = ChildJvm.start(name, Replica.class, this::told, name, url);
    }

    /** Starts a replica without waiting for it. What its callback reports goes to {@code reigns}. */
    static ReplicaProcess start(String name, String url, Reigns reigns) throws IOException {
        return new ReplicaProcess(name, url, reigns);
    }

    private void told(String line) {
        Report report = Report.parse(line);
        if (report instanceof Report.Serving serving) {
            address = serving.address();
            up.countDown();
        } else if (report instanceof Report.Began began) {
            reigns.began(name, began);
        } else if (report instanceof Report.Ended ended) {
            reigns.ended(ended);
        }
    }

    /** Waits for the replica to serve. */
    void awaitUp() throws InterruptedException {
        if (!up.await(TO_START.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new BrokenPromiseException("replica " + name + " was not up within " + TO_START.toSeconds() + " s");
        }
    }

    String name() {
        return name;
    }

    /** {@return where it serves; empty before it does} */
    String address() {
        return address;
    }

    long pid() {
        return jvm.pid();
    }

    void kill() throws InterruptedException {
        jvm.kill();
    }

    /** Tells it to close its candidacy and end. */
    void letGo() {
        jvm.letGo();
    }

    /** Ends it, by force if need be; returns whether it ended by itself and without an error. */
    boolean end() {
        return jvm.end();
    }

    @Override
    public void close() {
        jvm.close();
    }
}
