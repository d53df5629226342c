package dev.pgleader.demo;

import com.sun.net.httpserver.HttpServer;
import dev.pgleader.LeadFunction;
import dev.pgleader.Leader;
import dev.pgleader.Leadership;
import dev.pgleader.Schema;
import dev.pgleader.testing.Lifeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/** One replica: stands in the election, serves HTTP, and reports on its standard output when its callback begins and ends. */
final class Replica implements LeadFunction {

    /** Longer than requests can pile up while the process is frozen. */
    private static final int BACKLOG = 2000;

    private static final Duration PIECE_OF_WORK = Duration.ofMillis(1);

    private final Service service;

    private Replica(Service service) {
        this.service = service;
    }

    /**
     * Runs a replica until its parent closes its standard input or is gone.
     *
     * @param args the replica's name and the JDBC URL
     */
    public static void main(String[] args) throws IOException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(args[1]);
        Schema.migrate(dataSource);

        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        String address = "127.0.0.1:" + server.getAddress().getPort();
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        Service service = new Service(args[0], address);
        try (Leader leader = Leader.run(dataSource, address, new Replica(service))) {
            server.createContext("/", exchange -> service.serve(exchange, leader));
            server.createContext("/resign", exchange -> service.resign(exchange, leader));
            server.start();
            report(new Report.Serving(address));
            Lifeline.awaitEnd();
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Override
    public void lead(Leadership leadership) {
        report(new Report.Began(leadership.term(), System.nanoTime()));
        leadership.recovered();
        service.lead(leadership);
        long held = System.nanoTime();
        long asked = held;
        // The interrupt that comes with the loss ends a piece of work early.
        while (leadership.isHeld()) {
            held = asked;
            LockSupport.parkNanos(PIECE_OF_WORK.toNanos());
            asked = System.nanoTime();
        }
        report(new Report.Ended(leadership.term(), held, System.nanoTime()));
    }

    private static void report(Report report) {
        System.out.println(report.line());
    }
}
