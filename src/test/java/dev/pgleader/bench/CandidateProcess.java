package dev.pgleader.bench;

import dev.pgleader.testing.ClassPath;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Candidate} as the process that started it sees it: takes commands and gives events, each once and each kind in
 * its order. Commands from one thread at a time; events from any.
 */
final class CandidateProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Process process;
    private final Map<Event.Kind, LinkedBlockingQueue<Event>> events = new ConcurrentHashMap<>();

    private CandidateProcess(Process process) {
        this.process = process;
    }

    /** Starts a JVM and waits until it takes commands; what it logs is added to a file. */
    static CandidateProcess start(Setup setup, Path log) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", ClassPath.current(), Candidate.class.getName()));
        command.addAll(setup.arguments());
        File logFile = log.toFile();
        CandidateProcess started = new CandidateProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(logFile))
                .start());
        Thread reader = new Thread(started::read, "reader");
        reader.setDaemon(true);
        reader.start();
        started.await(Event.Kind.READY);
        return started;
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Event event = Event.parse(line);
                of(event.kind()).add(event);
            }
        } catch (IOException | UncheckedIOException ended) {
            // A process that was killed has said what it had to say.
        }
    }

    private LinkedBlockingQueue<Event> of(Event.Kind kind) {
        return events.computeIfAbsent(kind, any -> new LinkedBlockingQueue<>());
    }

    void send(Object... words) throws IOException {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(word).append(' ');
        }
        OutputStream out = process.getOutputStream();
        out.write((line.toString().strip() + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Waits for the next event of a kind; every event is given once. */
    Event await(Event.Kind kind) throws InterruptedException {
        @Nullable Event event = of(kind).poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new IllegalStateException("no " + kind + " within " + PATIENCE + "; alive: " + process.isAlive());
        }
        return event;
    }

    /** Returns where the process says that it serves. */
    String address() {
        return Candidate.address(process.pid());
    }

    /** Returns whether an event of a kind has come that was not asked for yet. */
    boolean hasUnread(Event.Kind kind) {
        return !of(kind).isEmpty();
    }

    /** Ends the process as {@code kill -9} does; returns the time at which that was asked for. */
    long kill() throws InterruptedException {
        long now = System.nanoTime();
        process.destroyForcibly();
        process.waitFor();
        return now;
    }

    /** Returns the processor time that the process has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
