package dev.pgleader.faults;

import dev.pgleader.Schema;
import dev.pgleader.Takeover;
import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.TcpProxy;
import dev.pgleader.testing.Waiting;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A server, and processes whose candidates stand on it. Closing it leaves none of them behind. One thread at a time. */
final class Scene implements AutoCloseable {

    /** How old a proof may be that somebody leads now. */
    private static final Duration FRESH = Duration.ofMillis(100);

    /** How long somebody has to have led for the scene to be settled: two heartbeats. */
    private static final Duration SETTLED = Settings.HEARTBEAT.multipliedBy(2);

    /** After so long it is a fault of the library's if nobody leads. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How many lines of the candidates' log a complaint ends with. */
    private static final int LAST_WORDS = 8;

    private static final String DATABASE = "postgres";

    private final Fault.Setup setup;
    private final Takeover takeover;
    private final Plant plant;
    private final Path folder;
    private final Ground ground;
    private final List<Book> books = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Contestant> contestants = new ArrayList<>();
    private final List<Ledger> ledgers = new ArrayList<>();
    private int candidates;

    private Scene(Fault.Setup setup, Takeover takeover, Plant plant, Path folder, Ground ground) {
        this.setup = setup;
        this.takeover = takeover;
        this.plant = plant;
        this.folder = folder;
        this.ground = ground;
    }

    /** Builds everything and waits until somebody leads. */
    static Scene open(Fault.Setup setup, Takeover takeover, Plant plant, Path folder)
            throws IOException, InterruptedException, SQLException {
        List<Namespace> namespaces = new ArrayList<>();
        EmbeddedServer.Builder builder = EmbeddedServer.builder();
        if (setup.route() == Route.Kind.ISOLATED) {
            String network = Namespace.freeNetwork();
            List<String> addresses = new ArrayList<>(List.of("127.0.0.1"));
            for (int i = 0; i < setup.processes(); i++) {
                namespaces.add(Namespace.open(network, i));
                addresses.add(namespaces.get(i).outerAddress());
            }
            builder.setting("listen_addresses", String.join(",", addresses)).admit(network + "0/24");
        }
        Ground ground;
        try {
            ground = setup.laying().lay(builder);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            namespaces.forEach(Namespace::close);
            throw failed;
        }
        Scene scene = new Scene(setup, takeover, plant, folder, ground);
        try {
            scene.prepare(namespaces);
            scene.settle();
        } catch (IOException | InterruptedException | SQLException | RuntimeException | AssertionError failed) {
            try (scene) {
                scene.keepLogs();
            }
            throw failed;
        }
        return scene;
    }

    private void prepare(List<Namespace> namespaces) throws IOException, SQLException, InterruptedException {
        int port = ground.port();
        for (int i = 0; i < setup.processes(); i++) {
            routes.add(
                    switch (setup.route()) {
                        case DIRECT -> new Route.Direct(port);
                        case PROXIED -> new Route.Proxied(TcpProxy.to("127.0.0.1", port));
                        case ISOLATED -> new Route.Isolated(namespaces.get(i), port);
                    });
        }
        migrate();
        ground.servers().forEach(server -> books.add(new Book(server, DATABASE)));
        for (Route route : routes) {
            Contestant started = start(route);
            if (setup.isCrowded()) {
                // A crowd that comes at once is not what strikes here, and would keep a slow machine busy for long.
                started.awaitReady();
            }
        }
        awaitAnswers();
    }

    /** Waits until every process has done what it was told. */
    private void awaitAnswers() throws InterruptedException {
        for (Contestant contestant : contestants) {
            contestant.awaitAnswers();
        }
    }

    private void migrate() throws SQLException {
        ground.server().execute("grant create on database " + DATABASE + " to app");
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(ground.server().jdbcUrl(DATABASE));
        owner.setUser(ground.server().username());
        owner.setPassword(ground.server().password());
        Schema.migrate(owner);
        try (Connection admin = connect()) {
            Book.create(admin);
        }
    }

    private Contestant start(Route route) throws IOException {
        String name = "p" + ledgers.size();
        Contestant started = Contestant.start(
                new Candidate.Arguments(
                        name,
                        folder.resolve(name + ".ledger").toAbsolutePath(),
                        route.host(),
                        route.port(),
                        DATABASE,
                        new Settings(takeover, setup.isCrowded()),
                        plant),
                route,
                candidatesLog());
        contestants.add(started);
        ledgers.add(started.ledger());
        for (int i = 0; i < setup.candidates(); i++) {
            started.stand(nextCandidate());
        }
        return started;
    }

    /** Returns a number that no candidate has had. */
    int nextCandidate() {
        return ++candidates;
    }

    Ground ground() {
        return ground;
    }

    List<Contestant> contestants() {
        return List.copyOf(contestants);
    }

    /** Connects as the administrator. */
    Connection connect() throws SQLException {
        return ground.server().connectAsAdmin(DATABASE);
    }

    /** Connects as the candidates do. */
    Connection connectAsUser() throws SQLException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(ground.server().jdbcUrl(DATABASE));
        dataSource.setUser(ground.server().username());
        dataSource.setPassword(ground.server().password());
        return dataSource.getConnection();
    }

    List<Reign> reigns() {
        return ledgers.stream().flatMap(ledger -> ledger.reigns().stream()).toList();
    }

    /** Returns who is proved to have led a moment ago. */
    Optional<Reign> current() {
        long oldest = System.nanoTime() - FRESH.toNanos();
        return reigns().stream().filter(reign -> reign.last() >= oldest).findFirst();
    }

    /** Waits for a process that leads, and returns it. */
    Contestant leader() {
        AtomicReference<@Nullable Contestant> found = new AtomicReference<>();
        Waiting.until(
                PATIENCE,
                () -> {
                    current().flatMap(this::processOf).ifPresent(found::set);
                    return found.get() != null;
                },
                this::complaint);
        return Objects.requireNonNull(found.get());
    }

    private Optional<Contestant> processOf(Reign reign) {
        return contestants.stream()
                .filter(contestant -> contestant.candidates().contains(reign.candidate()))
                .findFirst();
    }

    /**
     * Waits until somebody leads, replaces processes that are gone, and waits until every candidate knows who leads, so that
     * what comes next is a single fault again.
     */
    void settle() throws IOException, InterruptedException {
        leader();
        for (Contestant gone :
                contestants.stream().filter(contestant -> !contestant.isAlive()).toList()) {
            gone.close();
            contestants.remove(gone);
            start(gone.route());
        }
        awaitAnswers();
        long asked = System.nanoTime();
        Waiting.until(
                PATIENCE,
                () -> current().filter(reign -> isSettled(reign, asked)).isPresent(),
                this::complaint);
        long led = System.nanoTime();
        Waiting.until(
                PATIENCE,
                () -> contestants.stream().allMatch(each -> each.ledger().lastReady() > led),
                this::complaint);
    }

    /** A leadership that has just been lost may still be proved a moment ago; so it has to last from now on. */
    private static boolean isSettled(Reign reign, long asked) {
        return reign.last() - Math.max(reign.first(), asked) > SETTLED.toNanos();
    }

    private String complaint() {
        return "nobody leads, or somebody does not know it; the newest leaderships: "
                + reigns().stream()
                        .sorted(Comparator.comparingLong(Reign::last).reversed())
                        .limit(3)
                        .toList()
                + ", the processes: " + contestants
                + ", the machine's load: "
                + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()
                + ", the last that candidates said: " + lastWords();
    }

    private List<String> lastWords() {
        try {
            List<String> lines = Files.readAllLines(candidatesLog());
            return lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size());
        } catch (IOException unreadable) {
            return List.of(unreadable.toString());
        }
    }

    private Path candidatesLog() {
        return folder.resolve("candidates.log");
    }

    /** Reads what every server has taken so far, those that cannot be reached now left out. */
    List<History> histories() throws SQLException {
        List<History> histories = new ArrayList<>();
        for (Book book : books) {
            histories.add(book.read());
        }
        return histories;
    }

    /** Keeps the server's log with what the candidates have left, for whoever looks into a violation. */
    void keepLogs() throws IOException {
        int number = 0;
        for (EmbeddedServer server : ground.servers()) {
            Files.writeString(folder.resolve("server-" + number++ + ".log"), server.log());
        }
        Files.write(
                folder.resolve("reigns.txt"),
                reigns().stream().map(Reign::toString).toList());
    }

    @Override
    public void close() {
        contestants.forEach(Contestant::letGo);
        Stream<AutoCloseable> all =
                Stream.of(contestants, routes, List.of(ground)).flatMap(List::stream);
        RuntimeException failure = new IllegalStateException("not everything could be closed");
        all.forEach(each -> {
            try {
                each.close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        });
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
