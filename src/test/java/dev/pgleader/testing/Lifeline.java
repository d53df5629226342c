package dev.pgleader.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What ties a process to the one that started it: standard input, on which the parent gives commands or says nothing. It
 * ends when the parent closes it, and also when the parent is gone, however it went.
 */
public final class Lifeline {

    private static final Duration TO_CLEAN_UP = Duration.ofSeconds(10);

    private Lifeline() {}

    /**
     * Waits for the lifeline to end. From then on this process has a bounded time to clean up after itself.
     *
     * @throws IOException if standard input cannot be read
     */
    public static void awaitEnd() throws IOException {
        obeyUntilEnd(line -> {});
    }

    /**
     * Obeys the lines that come until the lifeline ends. From then on this process has a bounded time to clean up after
     * itself.
     *
     * @param commands given each line
     * @throws IOException if standard input cannot be read
     */
    public static void obeyUntilEnd(Consumer<String> commands) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            commands.accept(line);
        }
        Thread limit = new Thread(Lifeline::haltWhenLate, "lifeline");
        limit.setDaemon(true);
        limit.start();
    }

    private static void haltWhenLate() {
        long deadline = System.nanoTime() + TO_CLEAN_UP.toNanos();
        for (long left = TO_CLEAN_UP.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        Runtime.getRuntime().halt(1);
    }
}
