package dev.pgleader.simulation;

import dev.pgleader.internal.election.Row.HolderSession;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.DatabaseClock;
import dev.pgleader.testing.memory.InMemoryDatabase;
import dev.pgleader.testing.memory.InMemoryServer;
import dev.pgleader.testing.memory.InMemorySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/** One run: processes, a database, the time that passes for all of them, and what goes wrong. */
final class World {

    /** After this a server has found out that the machine at the other end of a connection is gone. */
    static final long KEEPALIVE_NANOS = 6_000_000_000L;

    private static final long MILLI = 1_000_000;

    final Agenda agenda = new Agenda();
    final Settings settings;
    final Curiosity curiosity;
    final Tally tally = new Tally();
    final Story story;
    final Judges judges;
    final InMemoryDatabase database;
    final List<Node> nodes = new ArrayList<>();
    private final Map<UUID, Aspirant> everybody = new LinkedHashMap<>();
    private final SplittableRandom random;
    private int started;
    private boolean calm;
    private boolean promoted;
    private boolean split;
    private long stalledFrom;
    private long stalledTo;
    private long droppedAt = -1;
    private boolean setBack;
    private boolean putBack;

    World(long seed, boolean storyWritten) {
        random = new SplittableRandom(seed);
        settings = new Settings(random.split());
        curiosity = new Curiosity(seed);
        story = new Story(agenda, storyWritten);
        judges = new Judges(this);
        database = new InMemoryDatabase(agenda::nowNanos, judges);
        database.primary().clock().drift(settings.rate());
        story.tell("world", settings::toString);
    }

    /** Lets it all happen. */
    void play() {
        for (int i = 0; i < settings.nodes; i++) {
            agenda.at(random.nextLong(500 * MILLI), this::start);
        }
        long troubled = settings.troubledNanos();
        Mischief mischief = new Mischief(this, random.split());
        mischief.plan(troubled);
        agenda.runUntil(troubled);
        mischief.end();
        calm = true;
        story.tell("world", () -> "nothing goes wrong any more");
        standEverywhere();
        if (settings.elections.stream().anyMatch(this::isDeserted)) {
            start(true);
        }
        agenda.runUntil(now() + settings.leaderWithinNanos() + misdirectedNanos());
        judges.somebodyMustLead();
        agenda.runUntil(now() + settings.longest(config -> config.leaseDuration()));
        judges.somebodyMustLead();
        judges.observers.everybodyMustKnow();
        AllIsWell stage = new AllIsWell(this, random.split());
        stage.begin();
        agenda.runUntil(now() + settings.successorWithinNanos());
        stage.judge();
        agenda.runUntil(now() + settings.longest(config -> config.leaseDuration()));
        judges.somebodyMustLead();
        judges.observers.everybodyMustKnow();
        tally.count(Happening.CALM_REACHED);
        List.copyOf(nodes).forEach(Node::shutDown);
        agenda.runUntil(now() + 2 * settings.longest(config -> config.drainTimeout()) + 2 * KEEPALIVE_NANOS);
        judges.nothingIsLeft();
    }

    /**
     * Returns for how long rows name sessions that other hands have written into them: as long as those are good for, or twice that
     * by a clock that has stepped back. Where it has stepped back further, the row need only stand still.
     */
    private long misdirectedNanos() {
        return settings.elections.stream()
                .flatMap(election -> database.primary().row(election).stream())
                .filter(found -> !found.row().ownHand())
                .flatMap(found -> found.row().session().stream()
                        .map(HolderSession::lease)
                        .map(lease -> Math.min(
                                2 * lease.toNanos(),
                                Math.max(lease.toNanos(), found.remaining().toNanos()))))
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private boolean isDeserted(String election) {
        return nodes.stream().noneMatch(node -> {
            Aspirant aspirant = node.aspirants.get(election);
            return aspirant != null && aspirant.isStanding() && aspirant.mayLead();
        });
    }

    private void standEverywhere() {
        for (Node node : nodes) {
            for (String election : settings.elections) {
                Aspirant old = node.aspirants.get(election);
                if (old != null && old.isClosed() && node.isAlive() && !node.isClosing()) {
                    node.stand(election);
                }
            }
        }
    }

    /** Starts another process, standing in every election. */
    void start() {
        start(false);
    }

    private void start(boolean mustLead) {
        Node node = new Node(this, started++, mustLead, random.split());
        nodes.removeIf(each -> !each.isAlive());
        nodes.add(node);
        tally.count(Happening.PROCESS_STARTED);
        if (node.candidate.neverLeads()) {
            tally.count(Happening.FOLLOWER_STARTED);
        }
        story.tell(node, () -> "starts; " + node.candidate + ", " + node.config);
        settings.elections.stream()
                .filter(election -> mustLead || node.users.wantToStandIn(election))
                .forEach(node::stand);
        node.users.begin();
    }

    long now() {
        return agenda.nowNanos();
    }

    boolean isCalm() {
        return calm;
    }

    /** Returns whether something that goes wrong now and then does so now. */
    boolean mishap(Happening kind, SplittableRandom chance) {
        if (calm || !settings.faults.contains(kind) || chance.nextDouble() >= settings.mishaps) {
            return false;
        }
        tally.count(kind);
        story.tell("!", kind::name);
        return true;
    }

    /** Returns the length of a halt: mostly short for a lease, sometimes long for it. */
    long somePause(SplittableRandom chance) {
        long lease = settings.longest(config -> config.leaseDuration());
        return 1 + chance.nextLong(chance.nextBoolean() ? lease / 4 : lease * 5 / 2);
    }

    /** Returns when something is over that takes so long: soon, once nothing goes wrong any more. */
    long atMostUntilCalm(long length) {
        long soon = Math.min(length, 10 * MILLI);
        return Math.max(Math.min(now() + length, settings.troubledNanos()), now() + soon);
    }

    List<Node> alive() {
        return nodes.stream().filter(Node::isAlive).toList();
    }

    // The database as a whole

    /** Returns when what arrives at a server has an effect there. */
    long stalledUntil(long nanos) {
        return stalledFrom <= nanos && nanos < stalledTo ? stalledTo + 1_000 : nanos;
    }

    void stall(long to) {
        stalledFrom = now();
        stalledTo = to;
    }

    void endStall() {
        stalledTo = Math.min(stalledTo, now());
    }

    void endBackend(InMemorySession session) {
        for (InMemoryServer server : database.servers()) {
            server.kill(session);
        }
    }

    /** Promotes a standby; the old primary serves those who are connected to it for so much longer. */
    void promote(int lost, long oldLivesNanos, long clockAheadNanos) {
        promoted = true;
        InMemoryServer old = database.primary();
        DatabaseClock clock = new DatabaseClock(agenda::nowNanos);
        clock.jump(Duration.ofNanos(clockAheadNanos));
        clock.drift(settings.rate());
        if (oldLivesNanos == 0) {
            old.stop();
        } else {
            split = true;
            agenda.at(now() + oldLivesNanos, () -> {
                story.tell("database", () -> "the old primary stops");
                old.stop();
            });
        }
        database.promoteStandby(lost, clock);
        everybodyListensAnew();
    }

    /** Returns whether a standby has ever taken a primary's place. */
    boolean hasPromoted() {
        return promoted;
    }

    /** Returns whether at any time two servers took themselves for the primary. */
    boolean wasSplit() {
        return split;
    }

    void everybodyListensAnew() {
        alive().forEach(Node::listenSoon);
    }

    Optional<Aspirant> standing(Node node) {
        List<Aspirant> all = List.copyOf(node.aspirants.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    /** The schema is dropped and migrated anew. */
    void schemaDropped() {
        droppedAt = now();
    }

    /** Other hands have put an old row back. */
    void rowPutBack() {
        putBack = true;
    }

    /** Returns whether rows may name terms of old. */
    boolean mayShowOlderTerms() {
        return putBack || orderIsLost();
    }

    /** The database's clock is set back: where the history is gone as well, nothing tells which term was the last. */
    void clockSetBack() {
        setBack = true;
    }

    /** Returns whether terms may repeat: all tables were dropped, and the clock was set back. */
    boolean orderIsLost() {
        return setBack && droppedAt >= 0;
    }

    /**
     * Returns whether a leadership may be seen by nobody: all tables were dropped while it was held, and no lock speaks for it.
     */
    boolean isUnseen(Reign reign) {
        boolean unseen = droppedAt >= 0 && reign.learnedNanos() <= droppedAt && !reign.hasLock();
        if (unseen) {
            tally.count(Happening.DROPPED_BEHIND_A_LOCK);
        }
        return unseen;
    }

    void stood(Aspirant aspirant) {
        everybody.put(aspirant.id, aspirant);
    }

    /** Returns everybody who has ever stood in an election, the dead included. */
    List<Aspirant> everybody(String election) {
        return everybody.values().stream()
                .filter(each -> each.election.equals(election))
                .toList();
    }

    /** Returns whoever has ever stood under an identity. */
    Aspirant aspirant(UUID candidate) {
        return Objects.requireNonNull(everybody.get(candidate));
    }

    /** Returns whoever leads an election now. */
    Optional<Aspirant> leader(String election) {
        return alive().stream()
                .map(node -> node.aspirants.get(election))
                .filter(Objects::nonNull)
                .filter(aspirant -> aspirant.reign().filter(Reign::isHeld).isPresent())
                .findFirst();
    }

    /** Returns a leadership that anybody alive has, or had last. */
    Optional<Reign> reign(String election, UUID candidate, long term) {
        for (Node node : nodes) {
            Aspirant aspirant = node.aspirants.get(election);
            if (aspirant != null && aspirant.id.equals(candidate)) {
                return aspirant.reign().filter(reign -> reign.term() == term);
            }
        }
        return Optional.empty();
    }
}
