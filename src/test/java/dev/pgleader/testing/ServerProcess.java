package dev.pgleader.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's process behind an embedded server: its start, its signals and its certain end. The folder
 * holds {@code data} and {@code log}. For one thread at a time.
 */
final class ServerProcess {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /**
     * Runs the server as a child of a shell that watches its standard input. The other end of that pipe is in the JVM,
     * so it closes however the JVM ends, SIGKILL included, and then the shell ends the server and deletes its folder.
     */
    private static final String WATCHED =
            """
            exec 3<&0
            "$@" 3<&- </dev/null &
            server=$!
            (
                cat <&3 >/dev/null
                trap '' TERM
                kill -QUIT "$server" 2>/dev/null
                while kill -0 "$server" 2>/dev/null; do sleep 1; done
                rm -rf "$0"
            ) &
            watch=$!
            wait "$server"
            code=$?
            kill "$watch" 2>/dev/null
            exit "$code"
            """;

    private final Path folder;
    private final Map<String, String> environment;
    private final Thread atExit = new Thread(this::endQuietly, "end-embedded-postgres");
    private @Nullable Process shell;

    /** Of the server in a folder, which is to see some variables more than this JVM does. */
    ServerProcess(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = Map.copyOf(environment);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Runs a program to its end, its output going to the log. */
    static void run(Path folder, List<String> command) throws IOException {
        Process process = launch(folder, command, Map.of());
        process.getOutputStream().close();
        if (await(process) != 0) {
            throw new IllegalStateException(command + " failed:\n" + Files.readString(folder.resolve("log")));
        }
    }

    boolean isRunning() {
        return shell != null && shell.isAlive();
    }

    void start() {
        if (isRunning()) {
            throw new IllegalStateException("the server is running already");
        }
        try {
            List<String> command = new ArrayList<>(List.of("sh", "-c", WATCHED, folder.toString()));
            command.addAll(PostgresBinaries.unpacked()
                    .command("postgres", "-D", folder.resolve("data").toString()));
            Process started = launch(folder, command, environment);
            shell = started;
            Waiting.until(
                    BOUND, () -> !started.isAlive() || isReady(started), () -> "PostgreSQL does not become ready");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!isRunning()) {
            throw new IllegalStateException("PostgreSQL did not start:\n" + lastLines());
        }
    }

    /** Sends the server's main process a signal that ends it, and waits for the end. */
    void end(String signal) {
        Process running = shell;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("the server is not running");
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(serverPid(running)))
                    .redirectErrorStream(true)
                    .start();
            await(kill);
            await(running);
            running.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shell = null;
    }

    /** Ends the server at once if it runs. It does not come back. */
    void close() {
        endQuietly();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and the hook runs by itself.
            return;
        }
    }

    private void endQuietly() {
        Process running = shell;
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close();
            await(running);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shell = null;
    }

    /** The line of the server's own lock file that pg_ctl waits for as well. */
    private boolean isReady(Process running) throws IOException {
        List<String> lines = lockFile();
        if (lines.size() < 8) {
            return false;
        }
        String status = lines.get(7).strip();
        return (status.equals("ready") || status.equals("standby"))
                && Long.parseLong(lines.get(0).strip()) == serverPid(running);
    }

    private List<String> lockFile() throws IOException {
        try {
            return Files.readAllLines(folder.resolve("data/postmaster.pid"), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Every process of the running server, the one that starts the others first.
     *
     * @throws IllegalStateException if it is not running
     */
    long[] pids() {
        ProcessHandle server = Optional.ofNullable(shell)
                .flatMap(running -> ProcessHandle.of(serverPid(running)))
                .orElseThrow(() -> new IllegalStateException("the server is not running"));
        return Stream.concat(Stream.of(server), server.descendants())
                .mapToLong(ProcessHandle::pid)
                .toArray();
    }

    /** The shell's first child that is PostgreSQL; a lock file left by a crash may name anybody. */
    private static long serverPid(Process running) {
        return running.children()
                .filter(child -> child.info().command().orElse("").endsWith("/postgres"))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElse(-1);
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
    }

    private static Process launch(Path folder, List<String> command, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        return builder.start();
    }

    private static int await(Process process) {
        try {
            if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a PostgreSQL process does not end: " + process.info());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a PostgreSQL process", e);
        }
    }
}
