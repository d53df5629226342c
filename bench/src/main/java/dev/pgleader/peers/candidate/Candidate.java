package dev.pgleader.peers.candidate;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.candidate.Event.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process that stands in one election as it is told on standard input ({@code stand ELECTION STOPPING-MS}, {@code resign}), and
 * tells on standard output what happened. It ends when its input does, so that it cannot outlive its parent.
 */
public final class Candidate {

    private final Peer peer;
    private final Report report;

    private Candidate(Peer peer, Report report) {
        this.peer = peer;
        this.report = report;
    }

    /**
     * Obeys commands until there are no more.
     *
     * @param arguments the name of a {@link Series}, a port and a role
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Report report = new Report(System.out);
        Target target = new Target(Integer.parseInt(arguments[1]), arguments[2]);
        Candidate candidate = new Candidate(Series.valueOf(arguments[0]).open(target), report);
        ExecutorService commands = Executors.newSingleThreadExecutor();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        report.say(Kind.READY, System.nanoTime());
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = List.of(line.split(" "));
            commands.execute(() -> candidate.obey(words));
        }
        // Not exit: a candidate that winds up when its parent is gone would only confuse the log.
        Runtime.getRuntime().halt(0);
    }

    private void obey(List<String> words) {
        try {
            switch (words.get(0)) {
                case "stand" -> stand(words.get(1), Duration.ofMillis(Long.parseLong(words.get(2))));
                case "resign" -> resign();
                default -> throw new IllegalArgumentException("unknown command " + words);
            }
        } catch (Exception failed) {
            failed.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private void stand(String election, Duration stopping) throws Exception {
        peer.stand(election, new Work(stopping, report));
        report.say(Kind.STANDING, System.nanoTime());
    }

    private void resign() throws Exception {
        report.say(Kind.ASKED, System.nanoTime());
        peer.resign();
    }
}
