package dev.pgleader.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The demo's clients: one request after the other at a steady pace, to all replicas in turn, whether or not the former ones
 * were answered. Thread-safe.
 */
final class Requests implements AutoCloseable {

    /** How often a request is sent. */
    static final Duration INTERVAL = Duration.ofMillis(10);

    /** Longer than a freeze, so that what was sent to a frozen replica is answered by it when it thaws. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int OK = 200;

    private final List<ReplicaProcess> replicas;
    private final Reigns reigns;
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor(Requests::daemon);
    private final ExecutorService replies = Executors.newFixedThreadPool(2, Requests::daemon);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(replies)
            .build();

    private final ScheduledFuture<?> sending;
    private volatile Tally tally = new Tally();
    private int turn;

    /** Starts sending. The replicas may be replaced while it goes on. */
    Requests(List<ReplicaProcess> replicas, Reigns reigns) {
        this.replicas = replicas;
        this.reigns = reigns;
        sending = pace.scheduleAtFixedRate(this::send, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "demo-requests");
        thread.setDaemon(true);
        return thread;
    }

    /** Counts what is sent from now on apart from what was sent before. */
    Tally newPhase() {
        Tally next = new Tally();
        tally = next;
        return next;
    }

    private void send() {
        turn = (turn + 1) % replicas.size();
        Tally phase = tally;
        phase.sent();
        HttpRequest request = HttpRequest.newBuilder(uri(replicas.get(turn), "/"))
                .timeout(PATIENCE)
                .build();
        var unused = client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .handle((response, failure) -> settle(phase, response));
    }

    private Tally settle(Tally phase, @Nullable HttpResponse<String> response) {
        if (response == null) {
            phase.lost();
        } else if (response.statusCode() == OK) {
            reigns.answered(Answer.parse(response.body()));
            phase.answered();
        } else {
            phase.refused();
        }
        return phase;
    }

    /** Asks a replica to give its leadership up, without waiting for it to be done. */
    void resign(ReplicaProcess leader) {
        HttpRequest request = HttpRequest.newBuilder(uri(leader, "/resign"))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        var unused = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    }

    private static URI uri(ReplicaProcess replica, String path) {
        return URI.create("http://" + replica.address() + path);
    }

    /** Stops sending; what was sent may still be settled. */
    void stop() {
        sending.cancel(false);
        pace.shutdown();
    }

    @Override
    public void close() {
        stop();
        replies.shutdownNow();
    }
}
