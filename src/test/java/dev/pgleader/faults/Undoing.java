package dev.pgleader.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * Something that was done to the machine and is certain to be undone: when this is closed, or else when this JVM is gone,
 * however it went. A shell waits for that. Thread-safe.
 */
final class Undoing implements AutoCloseable {

    private static final long BOUND_SECONDS = 30;

    private final String commands;
    private final Process shell;

    private Undoing(String commands, Process shell) {
        this.commands = commands;
        this.shell = shell;
    }

    /** Prepares to run some lines of shell. To be called before what they undo is done; they must bear that it was not. */
    static Undoing by(String commands) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "trap '' INT TERM HUP; cat >/dev/null; " + commands)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Undoing(commands, shell);
    }

    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(BOUND_SECONDS, TimeUnit.SECONDS) || shell.exitValue() != 0) {
                throw new IOException("could not be undone: " + commands);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            // The shell goes on by itself.
            Thread.currentThread().interrupt();
        }
    }
}
