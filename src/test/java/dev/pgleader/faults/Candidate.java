package dev.pgleader.faults;

import dev.pgleader.Elections;
import dev.pgleader.Leader;
import dev.pgleader.Takeover;
import dev.pgleader.testing.Lifeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process with candidates of one election, each with a session of its own. It is told on standard input which of them
 * begin and end to stand, says on standard output when they have, and writes what it can prove into its {@link Ledger}.
 */
final class Candidate {

    static final String ELECTION = "faults";
    private static final long READY_NANOS = Duration.ofMillis(20).toNanos();

    private final Arguments arguments;
    private final Ledger ledger;
    private final Map<Integer, Elections> standing = new ConcurrentHashMap<>();
    private final Map<Integer, Leader> leaders = new ConcurrentHashMap<>();

    /** What was told last about each candidate: by the thread that reads commands only. */
    private final Map<Integer, CompletableFuture<Void>> turns = new HashMap<>();

    private Candidate(Arguments arguments, Ledger ledger) {
        this.arguments = arguments;
        this.ledger = ledger;
    }

    /**
     * What the process is started with. Immutable.
     *
     * @param name what the server knows its sessions by
     * @param ledger the file for what it can prove
     */
    record Arguments(String name, Path ledger, String host, int port, String database, Settings settings, Plant plant) {

        static Arguments parse(String... words) {
            return new Arguments(
                    words[0],
                    Path.of(words[1]),
                    words[2],
                    Integer.parseInt(words[3]),
                    words[4],
                    new Settings(Takeover.valueOf(words[5]), Boolean.parseBoolean(words[6])),
                    Plant.valueOf(words[7]));
        }

        String[] words() {
            return new String[] {
                name,
                ledger.toString(),
                host,
                Integer.toString(port),
                database,
                settings.takeover().name(),
                Boolean.toString(settings.crowded()),
                plant.name()
            };
        }

        PGSimpleDataSource dataSource(String application) {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setServerNames(new String[] {host});
            dataSource.setPortNumbers(new int[] {port});
            dataSource.setDatabaseName(database);
            dataSource.setUser("app");
            dataSource.setPassword("app-password");
            dataSource.setApplicationName(application);
            return dataSource;
        }

        /** For the leader's own writes: a transaction that stands still keeps the successor waiting, so it is bounded. */
        PGSimpleDataSource writing() {
            PGSimpleDataSource dataSource = dataSource(name + "-writes");
            dataSource.setConnectTimeout(1);
            dataSource.setLoginTimeout(1);
            dataSource.setSocketTimeout(1);
            dataSource.setPrepareThreshold(0);
            dataSource.setOptions("-c idle_in_transaction_session_timeout=" + Settings.FENCED.toMillis());
            return dataSource;
        }
    }

    public static void main(String[] words) throws IOException {
        Arguments arguments = Arguments.parse(words);
        Candidate candidate = new Candidate(arguments, Ledger.open(arguments.ledger()));
        Thread ready = new Thread(candidate::tellReady, "ready");
        ready.setDaemon(true);
        ready.start();
        ExecutorService threads = Executors.newCachedThreadPool();
        Lifeline.obeyUntilEnd(line -> candidate.obeyInTurn(line, threads));
        candidate.standing.values().parallelStream().forEach(Elections::close);
        Runtime.getRuntime().halt(0);
    }

    /** Obeys commands about one candidate one after the other, and those about different ones at the same time. */
    private void obeyInTurn(String line, Executor threads) {
        int number = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
        CompletableFuture<Void> former = turns.getOrDefault(number, CompletableFuture.completedFuture(null));
        turns.put(number, former.thenRunAsync(() -> obey(line, number), threads));
    }

    private void obey(String line, int number) {
        if (line.startsWith("stand ")) {
            stand(number);
        } else if (line.startsWith("close ")) {
            leaders.remove(number);
            Elections session = standing.remove(number);
            if (session != null) {
                session.close();
            }
        } else {
            throw new IllegalArgumentException("unknown command " + line);
        }
        System.out.println(line);
    }

    private void stand(int number) {
        Elections session = Elections.connect(
                arguments.dataSource(arguments.name()), arguments.settings().config());
        standing.put(number, session);
        String address = "candidate-" + number;
        Work work = new Work(number, address, arguments.writing(), ledger, arguments.plant());
        leaders.put(number, session.run(ELECTION, address, work));
    }

    private void tellReady() {
        while (true) {
            long now = System.nanoTime();
            if (leaders.values().stream().allMatch(Candidate::isReady)) {
                ledger.readyAt(now);
            }
            LockSupport.parkNanos(READY_NANOS);
        }
    }

    private static boolean isReady(Leader leader) {
        return leader.problem().isEmpty() && leader.current().isPresent();
    }
}
