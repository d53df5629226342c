package dev.pgleader.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Processes that stand still from {@link #of} to {@link #thaw}. A shell does it, which thaws them as well when this JVM is
 * gone: a frozen process could not notice that by itself and would stay for good.
 */
public final class Freeze implements AutoCloseable {

    private static final Duration TO_THAW = Duration.ofSeconds(5);

    private static final String FREEZE_AND_THAW =
            """
            trap '' INT
            if kill -STOP "$@"; then
                echo frozen
                read end
            fi
            kill -CONT "$@" 2>/dev/null
            """;

    private final Process shell;
    private final long[] pids;

    private Freeze(Process shell, long... pids) {
        this.shell = shell;
        this.pids = pids;
    }

    /**
     * Freezes processes (SIGSTOP), in the order given.
     *
     * @param pids their numbers
     * @return what thaws them
     * @throws IOException if one of them is not there
     */
    public static Freeze of(long... pids) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", FREEZE_AND_THAW, "freeze"));
        for (long pid : pids) {
            command.add(Long.toString(pid));
        }
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Freeze freeze = new Freeze(shell, pids.clone());
        if (shell.getInputStream().read() < 0) {
            freeze.thaw();
            throw new IOException("could not be frozen: " + command.subList(4, command.size()));
        }
        return freeze;
    }

    /** Thaws them (SIGCONT); does nothing the second time. */
    public void thaw() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(TO_THAW.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the processes could not be thawed within " + TO_THAW);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends them where they stand (SIGKILL): they do not even finish what they were about. */
    public void kill() {
        for (long pid : pids) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        thaw();
    }

    @Override
    public void close() {
        thaw();
    }
}
