package dev.pgleader.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a case works with: a server, candidate processes, and how much is to be measured. Thread-safe.
 *
 * <p>Closing it ends the processes and the server.
 */
final class Lab implements AutoCloseable {

    private final Server server;
    private final Path folder;
    private final Effort effort;
    private final Calm calm = new Calm();
    private final Queue<CandidateProcess> processes = new ConcurrentLinkedQueue<>();

    /**
     * How much is measured.
     *
     * @param rounds how often what happens once at a time is made to happen
     * @param windows how often an idle process is looked at
     * @param windowSeconds for how long it is looked at
     * @param longSeconds for how long that is watched which may go wrong in the long run
     */
    record Effort(int rounds, int windows, int windowSeconds, int longSeconds) {}

    private Lab(Server server, Path folder, Effort effort) {
        this.server = server;
        this.folder = folder;
        this.effort = effort;
    }

    static Lab open(Path folder, Effort effort) throws IOException, SQLException {
        return new Lab(Server.start(folder), folder, effort);
    }

    Server server() {
        return server;
    }

    Effort effort() {
        return effort;
    }

    Calm calm() {
        return calm;
    }

    /** Returns default settings for this server. */
    Setup setup() {
        return Setup.defaults(server.port());
    }

    CandidateProcess start(Setup setup) throws IOException, InterruptedException {
        CandidateProcess started = CandidateProcess.start(setup, folder.resolve("candidates.log"));
        processes.add(started);
        return started;
    }

    /** Ends all processes that are left. */
    void clear() {
        for (CandidateProcess process = processes.poll(); process != null; process = processes.poll()) {
            process.close();
        }
    }

    @Override
    public void close() throws IOException {
        clear();
        server.close();
    }
}
