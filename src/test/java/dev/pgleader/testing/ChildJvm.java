package dev.pgleader.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Java process started by this one. It is gone when this one is: it watches its {@link Lifeline}, and a shutdown hook here
 * ends it by force where that does not do. Thread-safe.
 */
public final class ChildJvm implements AutoCloseable {

    /** The most that a process may take to end by itself. */
    public static final Duration TO_END = Duration.ofSeconds(5);

    /** Small and quick to start: half a dozen of these share one machine. Only errors are logged, on standard error. */
    private static final List<String> OPTIONS = List.of(
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dsun.net.httpserver.nodelay=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private final Process process;
    private final Thread reader;
    private final Thread hook;

    private ChildJvm(Process process, String name, Consumer<String> lines) {
        this.process = process;
        this.reader = new Thread(() -> read(lines), "child-" + name);
        this.hook = new Thread(this::end, "end-child-" + name);
    }

    /**
     * Starts a process that logs on the standard error of this one.
     *
     * @param name what to call it
     * @param main its main class
     * @param lines given each line of its standard output, on a thread of this object
     * @param args its arguments
     * @return the process
     * @throws IOException if it cannot be started
     */
    public static ChildJvm start(String name, Class<?> main, Consumer<String> lines, String... args)
            throws IOException {
        return start(
                new Launch(name, main, List.of(), List.of(), ProcessBuilder.Redirect.INHERIT), lines, List.of(args));
    }

    /**
     * What a process is started with. Immutable.
     *
     * @param name what to call it
     * @param main its main class
     * @param by the command that executes it, such as one that enters a namespace; mostly none
     * @param options of the JVM, besides the usual ones
     * @param errors where its standard error goes
     */
    public record Launch(
            String name, Class<?> main, List<String> by, List<String> options, ProcessBuilder.Redirect errors) {}

    /**
     * Starts a process.
     *
     * @param launch what and how
     * @param lines given each line of its standard output, on a thread of this object
     * @param args its arguments
     * @return the process
     * @throws IOException if it cannot be started
     */
    public static ChildJvm start(Launch launch, Consumer<String> lines, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(launch.by());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(launch.options());
        command.addAll(List.of("-cp", ClassPath.current(), launch.main().getName()));
        command.addAll(args);
        Process process =
                new ProcessBuilder(command).redirectError(launch.errors()).start();
        ChildJvm child = new ChildJvm(process, launch.name(), lines);
        Runtime.getRuntime().addShutdownHook(child.hook);
        child.reader.setDaemon(true);
        child.reader.start();
        return child;
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // The process was killed; whoever waits for its lines waits with a limit.
        }
    }

    /**
     * The process's number, that of the JVM itself where whatever executes it does so in its own place.
     *
     * @return the number
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Whether it runs.
     *
     * @return false once it has ended, however that came
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Writes a line to its standard input.
     *
     * @param line the line, without its end
     * @throws IOException if the process is gone
     */
    public void send(String line) throws IOException {
        OutputStream input = process.getOutputStream();
        synchronized (this) {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        }
    }

    /**
     * As {@code kill} does (SIGTERM): the process runs its shutdown hooks and ends. Waits for that.
     *
     * @param atMost how long to wait
     * @return whether it has ended in that time
     * @throws InterruptedException if this thread was interrupted before
     */
    public boolean terminate(Duration atMost) throws InterruptedException {
        process.destroy();
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * As {@code kill -9} does.
     *
     * @throws InterruptedException if this thread was interrupted before the process had ended
     */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends the lifeline: the process begins to clean up and ends by itself. */
    public void letGo() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    /**
     * Ends the process, by force if it does not end by itself in time.
     *
     * @return whether it ended by itself, and without an error
     */
    public boolean end() {
        letGo();
        boolean ended = false;
        try {
            ended = process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                reader.join(TO_END.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return ended && process.exitValue() == 0;
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook runs at this moment and does the same.
        }
    }
}
