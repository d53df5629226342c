package dev.pgleader.peers.candidate;

import java.io.PrintStream;
import java.util.concurrent.LinkedBlockingQueue;

/** Tells the parent what happened, on a thread of its own, so that nothing measured waits for a pipe. Thread-safe. */
final class Report {

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Starts the writing thread, which ends with the process. */
    Report(PrintStream out) {
        Thread writer = new Thread(() -> write(out), "report");
        writer.setDaemon(true);
        writer.start();
    }

    /** Says what happened, and when. */
    void say(Event.Kind kind, long nanos) {
        events.add(new Event(kind, nanos));
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
