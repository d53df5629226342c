package dev.pgleader.bench;

import java.io.PrintStream;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Tells the parent process what happened, without keeping whom it happened to waiting: lines are written on a thread of
 * their own. Thread-safe.
 */
final class Report {

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Starts the writing thread, which ends with the process. */
    Report(PrintStream out) {
        Thread writer = new Thread(() -> write(out), "report");
        writer.setDaemon(true);
        writer.start();
    }

    /** Says that something happens now. */
    void say(Event.Kind kind, String detail) {
        say(kind, System.nanoTime(), detail);
    }

    /** Says that something has happened. */
    void say(Event.Kind kind, long nanos, String detail) {
        events.add(new Event(kind, nanos, detail));
    }

    private void write(PrintStream out) {
        try {
            while (true) {
                out.println(events.take().line());
                out.flush();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
