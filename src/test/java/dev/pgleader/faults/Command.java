package dev.pgleader.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands of the operating system, run to their end. */
final class Command {

    private static final long BOUND_SECONDS = 20;

    private Command() {}

    /**
     * What a command answered. Immutable.
     *
     * @param status zero for success
     * @param output both its outputs
     */
    record Answer(int status, String output) {}

    /** Runs a command that must succeed; returns what it printed. */
    static String run(String... words) throws IOException, InterruptedException {
        Answer answer = attempt(words);
        if (answer.status() != 0) {
            throw new IOException("failed: " + String.join(" ", words) + ": " + answer.output());
        }
        return answer.output();
    }

    /** Runs a command that may fail. */
    static Answer attempt(String... words) throws IOException, InterruptedException {
        Path output = Files.createTempFile("command", ".out");
        try {
            Process process = new ProcessBuilder(List.of(words))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("did not end within " + BOUND_SECONDS + " s: " + String.join(" ", words));
            }
            return new Answer(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.UTF_8).strip());
        } finally {
            Files.delete(output);
        }
    }
}
