package dev.pgleader.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A Java process started by the demo. It is gone when this one is: it watches its {@link Lifeline}, and a shutdown hook here
 * ends it by force where that does not do. Thread-safe.
 */
final class ChildJvm implements AutoCloseable {

    /** The most that a process may take to end by itself. */
    static final Duration TO_END = Duration.ofSeconds(5);

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
        this.reader = new Thread(() -> read(lines), "demo-" + name);
        this.hook = new Thread(this::end, "demo-end-" + name);
    }

    /**
     * Starts a process.
     *
     * @param name what to call it
     * @param main its main class
     * @param lines given each line of its standard output, on a thread of this object
     * @param args its arguments
     */
    static ChildJvm start(String name, Class<?> main, Consumer<String> lines, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ChildJvm child = new ChildJvm(process, name, lines);
        Runtime.getRuntime().addShutdownHook(child.hook);
        child.reader.setDaemon(true);
        child.reader.start();
        return child;
    }

    /** Inside Maven the class path is not the JVM's but that of the class loader which Maven made for the demo. */
    private static String classPath() {
        if (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(ChildJvm::path).collect(Collectors.joining(":"));
        }
        return System.getProperty("java.class.path");
    }

    private static String path(URL url) {
        try {
            return Path.of(new URI(url.toString())).toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a file: " + url, e);
        }
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

    long pid() {
        return process.pid();
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends the lifeline: the process begins to clean up and ends by itself. */
    void letGo() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    /** Ends the process, by force if it does not end by itself in time; returns whether it did, and without an error. */
    boolean end() {
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
