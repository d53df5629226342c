package dev.pgleader.simulation;

import dev.pgleader.CandidateConfig;
import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.runtime.CandidacyUnderTest;
import dev.pgleader.internal.runtime.Conductor;
import dev.pgleader.internal.runtime.Database;
import dev.pgleader.internal.runtime.Fencing;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Pace;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemorySession;
import dev.pgleader.testing.memory.Route;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process: a loop body and what it needs, on one machine's clocks.
 *
 * <p>A turn of the loop that asks the database something takes time. It is prepared when the statement is sent; the second
 * half of it is run when the statement reaches the server, with clocks that show the time of sending before and the time
 * of the answer after the exchange; what the elections then have done to the leaderships is held back until the answer is
 * there. Meanwhile nothing else happens to the loop, as in reality, but anything may happen to everybody else.
 */
final class Node implements Database, CandidacyUnderTest.Household {

    private static final long NOT_DUE = Long.MAX_VALUE;
    private static final long HINDRANCES_KEPT_NANOS = 30_000_000_000L;

    final World world;
    final String name;
    final int number;
    final ElectionConfig config;
    final CandidateConfig candidate;
    final MachineClocks clocks;
    final SplittableRandom random;
    final Way way;
    final Conductor conductor;
    final Users users;
    final Map<String, Aspirant> aspirants = new LinkedHashMap<>();

    private final Route route;
    private final Deque<Consumer<Conductor>> mail = new ArrayDeque<>();
    private final List<Runnable> heldBack = new ArrayList<>();
    private final List<Runnable> awaitingTurn = new ArrayList<>();
    private final List<long[]> exchanges = new ArrayList<>();
    private @Nullable InMemorySession session;
    private @Nullable Listener listener;
    private boolean hearsNothing;
    private boolean alive = true;
    private boolean closing;
    private boolean inFlight;
    private boolean landing;
    private long busyUntil;
    private long sentNanos;
    private @Nullable Reading lastAnswered;
    private Reign.@Nullable Sent lastSent;
    private long dueNanos = NOT_DUE;

    Node(World world, int number, boolean mustLead, SplittableRandom random) {
        this.world = world;
        this.number = number;
        this.name = "n" + number;
        this.candidate = world.settings.candidate(name, mustLead);
        ElectionConfig config = world.settings.config();
        double rate = world.settings.rate();
        this.config = config;
        this.random = random;
        this.clocks = new MachineClocks(world.agenda, rate, random.nextLong(1L << 50));
        this.way = new Way(world, this, random.split());
        Duration silence = world.settings.endsSilentSessions ? config.trust() : Duration.ofDays(1);
        this.route = world.database.reachedBy(way, silence);
        if (world.settings.throughPooler()) {
            world.tally.count(Happening.ROW_ONLY);
            hearsNothing = true;
            route.goThroughPooler();
        }
        Pace pace = new Pace(config.heartbeatInterval(), config.retryInterval(), config.statementTimeout());
        this.conductor = new Conductor(this, Guard.NONE, clocks, random.split(), pace, Aspirant.timings(config));
        this.users = world.curiosity.usersOf(this);
        listenSoon();
    }

    // What the world does to it

    void stand(String election) {
        Aspirant aspirant = new Aspirant(this, election);
        aspirants.put(election, aspirant);
        post(body -> body.stand(aspirant.contender()));
        users.stood(aspirant);
    }

    @Override
    public void post(Consumer<Conductor> task) {
        mail.add(task);
        wakeAt(world.now());
    }

    @Override
    public void beat(Runnable then) {
        if (alive) {
            post(body -> {
                body.beatAgain();
                awaitingTurn.add(then);
            });
        } else {
            then.run();
        }
    }

    /** Ends it without a word; what its kernel still says for it reaches the server at {@code farewellAt}. */
    void kill(long farewellAt) {
        alive = false;
        InMemorySession open = session;
        if (open != null) {
            world.agenda.at(Math.max(farewellAt, busyUntil + 1), open::close);
            world.agenda.at(Math.max(farewellAt, busyUntil + 1), () -> world.endBackend(open));
        }
        closeListener();
    }

    /** Has it close everything, and end. */
    void shutDown() {
        if (!closing) {
            closing = true;
            post(Conductor::closeAll);
        }
    }

    /** Returns whether it is told what is announced. */
    boolean hears() {
        return listener != null;
    }

    boolean isAlive() {
        return alive;
    }

    boolean isClosing() {
        return closing;
    }

    /** Returns whether a thread of it could run now. */
    boolean isAwake() {
        return clocks.awakeAt(world.now()) == world.now();
    }

    /** Returns from when on its clocks may be tampered with: what it has read already stays read. */
    long tamperableFrom() {
        return Math.max(world.now(), busyUntil);
    }

    /** Returns for how long in a span it could not have noticed what its server says. */
    long hinderedWithin(long from, long to) {
        long hindered = clocks.haltedWithin(from, to);
        if (inFlight && busyUntil >= world.now()) {
            hindered += Math.max(0, to - Math.max(from, sentNanos));
        }
        for (long[] exchange : exchanges) {
            hindered += Math.max(0, Math.min(to, exchange[1]) - Math.max(from, exchange[0]));
        }
        return hindered;
    }

    /** Returns whether a session of it is a real one that has not ended. */
    boolean hasLock(int id, int timeline) {
        return !hearsNothing
                && world.database.servers().stream()
                        .filter(server -> server.identity().timeline() == timeline)
                        .noneMatch(server -> world.judges.hasEnded(server, id));
    }

    Optional<InMemorySession> session() {
        return Optional.ofNullable(session);
    }

    /** Has something happen on one of its threads, as soon as it is awake. */
    void whenAwake(long atNanos, Runnable what) {
        world.agenda.at(atNanos, () -> {
            long awake = clocks.awakeAt(world.now());
            if (!alive) {
                return;
            }
            if (awake > world.now()) {
                whenAwake(awake + random.nextLong(200_000), what);
            } else {
                what.run();
            }
        });
    }

    /** Does now what the loop does to a leadership, or when the answer is there that it follows from. */
    void whenAnswered(Runnable what) {
        if (landing) {
            heldBack.add(what);
        } else {
            what.run();
        }
    }

    // The loop

    private void wakeAt(long nanos) {
        if (!inFlight && nanos < dueNanos) {
            dueNanos = nanos;
            whenAwake(nanos, () -> {
                if (!inFlight && nanos == dueNanos) {
                    dueNanos = NOT_DUE;
                    turn();
                }
            });
        }
    }

    private void turn() {
        if (!conductor.isBusy()) {
            while (!mail.isEmpty()) {
                mail.remove().accept(conductor);
            }
            if (closing && conductor.isIdle()) {
                end();
                return;
            }
        }
        if (conductor.prepare()) {
            send();
        } else {
            goOn(conductor.exchange());
        }
    }

    private void send() {
        inFlight = true;
        dueNanos = NOT_DUE;
        long sent = world.now();
        sentNanos = sent;
        if (world.mishap(Happening.PAUSE_BEFORE_SENDING, random)) {
            clocks.halt(sent, sent + world.somePause(random), MachineClocks.Halt.PAUSE);
        } else if (world.mishap(Happening.HALT_IN_FLIGHT, random)) {
            long from = sent + 10_000 + random.nextLong(2_000_000);
            boolean sleeps = random.nextBoolean();
            clocks.halt(
                    from,
                    from + world.somePause(random),
                    sleeps ? MachineClocks.Halt.SUSPENSION : MachineClocks.Halt.PAUSE);
            rearm();
        }
        long timeout = config.statementTimeout().toNanos() * (random.nextInt(10) == 0 ? 2 : 1);
        Way.Fate fate = way.send(timeout);
        busyUntil = fate.knownAt();
        world.agenda.at(fate.landsAt(), () -> land(sent));
    }

    /** The statement is at the server, or will never be. */
    private void land(long sent) {
        clocks.viewFrom(sent);
        landing = true;
        Reading due = conductor.exchange();
        landing = false;
        long known = Math.max(clocks.viewNanos(), world.now());
        lastAnswered = clocks.readAt(known);
        clocks.viewLive();
        if (!alive) {
            return;
        }
        if (world.mishap(Happening.PAUSE_AFTER_ANSWER, random)) {
            clocks.halt(known, known + world.somePause(random), MachineClocks.Halt.PAUSE);
        }
        busyUntil = known;
        exchanges.removeIf(exchange -> exchange[1] < world.now() - HINDRANCES_KEPT_NANOS);
        exchanges.add(new long[] {sent, known});
        whenAwake(known, () -> {
            inFlight = false;
            heldBack.forEach(Runnable::run);
            heldBack.clear();
            goOn(due);
        });
    }

    private void endTurn() {
        List<Runnable> waiting = List.copyOf(awaitingTurn);
        awaitingTurn.clear();
        waiting.forEach(Runnable::run);
        world.judges.tickets.turnEnded(this);
    }

    private void goOn(Reading due) {
        if (!conductor.isBusy()) {
            endTurn();
        }
        if (conductor.isBusy() || !mail.isEmpty() || (closing && conductor.isIdle())) {
            wakeAt(world.now());
        } else {
            long latency = random.nextInt(20) == 0 ? random.nextLong(3_000_000) : random.nextLong(100_000);
            wakeAt(clocks.reaches(due) + latency);
        }
    }

    private void end() {
        conductor.end();
        closeListener();
        users.end();
        endTurn();
        alive = false;
        world.story.tell(this, () -> "has ended");
        world.judges.ended(this);
    }

    /** Its clocks have been tampered with: what was to happen at some moment may have to happen sooner. */
    void rearm() {
        clocksChanged();
        whenAwake(clocks.awakeAt(tamperableFrom() + 1), this::clocksChanged);
    }

    private void clocksChanged() {
        aspirants.values().forEach(aspirant -> {
            aspirant.arm();
            world.judges.clocksChanged(aspirant);
        });
    }

    /** Notes what its clocks say while it asks for something on which its trust depends. */
    void asksForTrust() {
        lastSent = new Reign.Sent(clocks.viewNanos(), clocks.read(), timeline());
    }

    /** Returns what its clocks said when the last answer came. */
    Reading lastAnswered() {
        return Objects.requireNonNull(lastAnswered);
    }

    /** Returns what was sent last, and to which timeline the answer that has just come belongs. */
    Reign.Sent lastSent() {
        Reign.Sent sent = Objects.requireNonNull(lastSent);
        return new Reign.Sent(sent.nanos(), sent.clocks(), timeline());
    }

    private int timeline() {
        return session == null ? 0 : session.server().timeline();
    }

    // The way to the database

    @Override
    public Session openSession(Guard guard) throws SessionException {
        InMemorySession opened = (InMemorySession) route.openSession(guard);
        session = opened;
        if (!alive) {
            world.agenda.at(world.now() + 1, () -> world.endBackend(opened));
            opened.close();
        }
        return opened;
    }

    @Override
    public Listener openListener(Guard guard) throws SessionException {
        return route.openListener(guard);
    }

    @Override
    public Fencing fence() {
        return route.fence();
    }

    void listenSoon() {
        if (hearsNothing) {
            return;
        }
        long retry = config.retryInterval().toNanos();
        whenAwake(world.now() + random.nextLong(retry), this::listen);
    }

    private void listen() {
        if (alive) {
            closeListener();
            try {
                listener = openListener(Guard.NONE);
                post(Conductor::lookAgain);
            } catch (SessionException unreachable) {
                listenSoon();
            }
        }
    }

    /** Something was announced. */
    void hear() {
        whenAwake(world.now(), () -> {
            Listener open = listener;
            if (open != null) {
                try {
                    var announced = open.await(Duration.ZERO);
                    post(body -> body.announced(announced));
                } catch (SessionException over) {
                    listenSoon();
                }
            }
        });
    }

    private void closeListener() {
        Listener open = listener;
        listener = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
