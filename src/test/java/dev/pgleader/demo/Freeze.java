package dev.pgleader.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process that stands still from {@link #of} to {@link #thaw}. A shell does it, which thaws the process as well when the
 * demo is gone: a frozen process could not notice that by itself and would stay for good.
 */
final class Freeze implements AutoCloseable {

    private static final Duration TO_THAW = Duration.ofSeconds(5);

    private final Process shell;

    private Freeze(Process shell) {
        this.shell = shell;
    }

    /** Freezes a process (SIGSTOP). */
    static Freeze of(long pid) throws IOException {
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        "trap '' INT; kill -STOP $0 && echo frozen; read end; kill -CONT $0 2>/dev/null",
                        "" + pid)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (shell.getInputStream().read() < 0) {
            throw new IOException("process " + pid + " could not be frozen");
        }
        return new Freeze(shell);
    }

    /** Thaws it (SIGCONT); does nothing the second time. */
    void thaw() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(TO_THAW.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the process could not be thawed within " + TO_THAW);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thaw();
    }
}
