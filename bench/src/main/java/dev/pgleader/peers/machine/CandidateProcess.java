package dev.pgleader.peers.machine;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.candidate.Candidate;
import dev.pgleader.peers.candidate.Event;
import dev.pgleader.peers.candidate.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Candidate} as the process that started it sees it: takes commands and gives events, each once and each kind in its
 * order. Commands from one thread at a time; events from any.
 */
public final class CandidateProcess implements AutoCloseable {

    /** How long anything may take that comes at all. */
    public static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Series series;
    private final Process process;
    private final Map<Event.Kind, LinkedBlockingQueue<Event>> events = new ConcurrentHashMap<>();

    private CandidateProcess(Series series, Process process) {
        this.series = series;
        this.process = process;
    }

    /** Starts a JVM and waits until it takes commands. */
    static CandidateProcess start(Series series, Target target, Path log) throws IOException, InterruptedException {
        Process process = Jvm.start(log, List.of(), Candidate.class, series.name(), target.port(), target.role());
        CandidateProcess started = new CandidateProcess(series, process);
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

    /**
     * Has it stand in an election.
     *
     * @param election the name
     * @param stopping how long its work goes on after it was asked to stop
     * @throws IOException if the process is gone
     */
    public void stand(String election, Duration stopping) throws IOException {
        send("stand " + election + " " + stopping.toMillis());
    }

    /**
     * Has it give up its leadership.
     *
     * @throws IOException if the process is gone
     */
    public void resign() throws IOException {
        send("resign");
    }

    private void send(String command) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((command + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /**
     * Waits for the next event of a kind; every event is given once.
     *
     * @param kind the kind
     * @return the event
     * @throws InterruptedException if this thread is interrupted first
     */
    public Event await(Event.Kind kind) throws InterruptedException {
        Event event = of(kind).poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new IllegalStateException("a candidate of " + series + " told no " + kind + " within " + PATIENCE
                    + ", but " + unread() + "; alive: " + process.isAlive());
        }
        return event;
    }

    /**
     * Tells whether there is an event that was not asked for yet.
     *
     * @param kind the kind
     * @return whether there is one
     */
    public boolean hasUnread(Event.Kind kind) {
        return !of(kind).isEmpty();
    }

    /**
     * Waits for the next event of a kind, but not for long.
     *
     * @param kind the kind
     * @param atMost how long to wait
     * @return the event, or empty if there was none
     * @throws InterruptedException if this thread is interrupted first
     */
    public Optional<Event> poll(Event.Kind kind, Duration atMost) throws InterruptedException {
        return Optional.ofNullable(of(kind).poll(atMost.toMillis(), TimeUnit.MILLISECONDS));
    }

    private Map<Event.Kind, Integer> unread() {
        Map<Event.Kind, Integer> unread = new EnumMap<>(Event.Kind.class);
        events.forEach((kind, queue) -> unread.put(kind, queue.size()));
        return unread;
    }

    /**
     * Ends the process as {@code kill -9} does.
     *
     * @return the time at which that was asked for, by {@link System#nanoTime}
     * @throws InterruptedException if this thread is interrupted before the process has ended
     */
    public long kill() throws InterruptedException {
        long now = System.nanoTime();
        process.destroyForcibly();
        process.waitFor();
        return now;
    }

    /** {@return the processor time that the process has used so far} */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
