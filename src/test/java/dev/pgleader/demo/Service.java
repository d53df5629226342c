package dev.pgleader.demo;

import com.sun.net.httpserver.HttpExchange;
import dev.pgleader.Leader;
import dev.pgleader.LeaderUnknownException;
import dev.pgleader.Leadership;
import dev.pgleader.NoLeaderException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP service of a replica. The leader answers; everybody else forwards to the leader, once: a forwarded request that
 * does not arrive at a leader is refused, so that two replicas which take each other for the leader cannot play ball.
 * Thread-safe.
 */
final class Service {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final String FORWARDED_BY = "X-Forwarded-By";
    private static final Duration FORWARD_TIMEOUT = Duration.ofSeconds(1);

    private final String name;
    private final String address;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(FORWARD_TIMEOUT)
            .build();

    private volatile @Nullable Leadership leadership;

    Service(String name, String address) {
        this.name = name;
        this.address = address;
    }

    /** Answers itself from now on, for as long as {@code gained} is held. */
    void lead(Leadership gained) {
        leadership = gained;
    }

    /** Answers as the leader, or forwards to it. */
    void serve(HttpExchange exchange, Leader leader) throws IOException {
        Leadership mine = leadership;
        long asked = System.nanoTime();
        if (mine != null && mine.isHeld()) {
            reply(exchange, OK, new Answer(name, mine.term(), asked).text());
        } else if (exchange.getRequestHeaders().containsKey(FORWARDED_BY)) {
            reply(exchange, UNAVAILABLE, name + " does not lead");
        } else {
            forward(exchange, leader);
        }
    }

    private void forward(HttpExchange exchange, Leader leader) throws IOException {
        String to;
        try {
            to = leader.address();
        } catch (NoLeaderException e) {
            reply(exchange, UNAVAILABLE, "nobody leads: " + e.getMessage());
            return;
        } catch (LeaderUnknownException e) {
            reply(exchange, UNAVAILABLE, "cannot tell who leads: " + e.getMessage());
            return;
        }
        if (to.equals(address)) {
            reply(exchange, UNAVAILABLE, name + " was elected but does not lead yet, or no more");
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + to + "/"))
                .header(FORWARDED_BY, name)
                .timeout(FORWARD_TIMEOUT)
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            reply(exchange, response.statusCode(), response.body());
        } catch (IOException e) {
            reply(exchange, UNAVAILABLE, "the leader at " + to + " does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reply(exchange, UNAVAILABLE, name + " is going down");
        }
    }

    /** Gives the leadership up, and answers when that is done. */
    void resign(HttpExchange exchange, Leader leader) throws IOException {
        boolean resigned = leader.resign();
        reply(exchange, resigned ? OK : UNAVAILABLE, resigned ? "resigned" : "the work did not stop in time");
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
