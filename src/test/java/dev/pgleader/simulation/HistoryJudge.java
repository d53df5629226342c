package dev.pgleader.simulation;

import dev.pgleader.internal.election.Row;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemoryServer;
import dev.pgleader.testing.memory.Witness;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Judges what is written: terms that only grow and have one owner, fenced writes in the order of terms (A), and rows and
 * locks that are given up only when the work has returned (C).
 */
abstract class HistoryJudge implements Witness {

    private static final double SURELY = 0.98;

    private final World world;
    private final Set<String> known = new HashSet<>();
    private final Map<Term, UUID> owners = new HashMap<>();
    private final Map<StoredAt, Long> renewedAt = new HashMap<>();
    private final Map<Connection, Long> endedAt = new HashMap<>();
    private final Map<Lock, Long> unlockedAt = new HashMap<>();
    private final Map<InMemoryServer, Long> jumpedAt = new HashMap<>();

    private record Term(String election, long term) {}

    private record StoredAt(InMemoryServer server, String election) {}

    private record Connection(InMemoryServer server, Row.Backend backend) {}

    private record Lock(InMemoryServer server, int lockId, Row.Backend by) {}

    HistoryJudge(World world) {
        this.world = world;
    }

    abstract void object(String promise, String why);

    @Override
    public void committed(InMemoryServer server, String election, Optional<Row> before, Row after) {
        if (before.isEmpty()) {
            if (!known.add(election)) {
                world.tally.count(Happening.ROW_LOST);
                world.rowLost(election, server.identity().timeline());
            }
            return;
        }
        if (before.get().term() != after.term()) {
            taken(server, election, before.get(), after);
        } else if (before.get().holder().isPresent() && after.holder().isEmpty()) {
            vacated(election, before.get());
        } else {
            renewed(server, election, before.get());
        }
        renewedAt.put(new StoredAt(server, election), world.now());
    }

    private long lastRenewed(InMemoryServer server, String election) {
        return renewedAt.getOrDefault(new StoredAt(server, election), 0L);
    }

    /** A lease that is over stays over. */
    private void renewed(InMemoryServer server, String election, Row before) {
        Instant now = server.clock().now();
        if (before.holder().map(holder -> !holder.expiresAt().isAfter(now)).orElse(true)) {
            object("E", election + "/" + before.term() + " is renewed after its lease was over");
        }
    }

    /** Only who has been silent for a whole lease may be taken for hung. */
    @Override
    public void condemned(InMemoryServer server, String election, Row row) {
        world.tally.count(Happening.BACKEND_ENDED);
        long stood = world.now() - lastRenewed(server, election);
        row.holder()
                .filter(holder -> stood < SURELY * holder.lease().toNanos())
                .ifPresent(holder -> object(
                        "B",
                        "the session of " + election + "/" + row.term() + " is ended, last renewed "
                                + Story.seconds(stood) + " ago"));
    }

    private void taken(InMemoryServer server, String election, Row before, Row after) {
        UUID owner = after.holder().orElseThrow().candidate();
        world.story.tell(
                "database",
                () -> election + "/" + after.term() + " is taken on timeline "
                        + server.identity().timeline() + " by " + nameOf(owner));
        if (after.term() < before.term()) {
            object("A", "term " + before.term() + " of " + election + " is followed by " + after.term());
        }
        UUID earlier = owners.put(new Term(election, after.term()), owner);
        if (earlier != null) {
            object("A", "term " + after.term() + " of " + election + " is issued twice");
        }
        before.holder().ifPresent(holder -> {
            world.tally.count(Happening.TAKEN_FROM_ANOTHER);
            long stood = world.now() - lastRenewed(server, election);
            if (stood < SURELY * holder.lease().toNanos()) {
                overtaken(server, election, before, holder);
            }
        });
    }

    /**
     * Somebody took over before a whole lease had passed. That is right where a session that ends is enough for it and the
     * refractory period was waited out; and it is what the protocol cannot help where both of its witnesses are wrong at
     * once: the database's clock has jumped over the end of the lease, and the leader's session has ended as well.
     */
    private void overtaken(InMemoryServer server, String election, Row before, Row.Holder holder) {
        long term = before.term();
        Lock lock = new Lock(server, before.lockId(), holder.backend());
        Long ended = freedAt(lock, lastRenewed(server, election));
        Optional<Reign> reign = world.reign(election, holder.candidate(), term);
        long stood = world.now() - lastRenewed(server, election);
        if (ended != null && jumpedAt.getOrDefault(server, -1L) >= lastRenewed(server, election)) {
            world.tally.count(Happening.BOTH_WITNESSES_WRONG);
            reign.ifPresent(Reign::bothWitnessesWrong);
        } else if (ended != null
                && world.settings.fastTakeover()
                && world.now() - ended >= SURELY * holder.refractory().toNanos()) {
            reign.ifPresent(each -> each.overtaken(ended, world.now()));
        } else {
            object(
                    "B",
                    election + "/" + term + " is overtaken " + Story.seconds(stood)
                            + " after its last heartbeat, with a" + " lease of " + holder.lease());
        }
    }

    /** Returns when the leader's lock came free, be it by the end of its session or because it had given up. */
    private @Nullable Long freedAt(Lock lock, long lastRenewed) {
        Long unlocked = unlockedAt.get(lock);
        return unlocked != null && unlocked >= lastRenewed
                ? unlocked
                : endedAt.get(new Connection(lock.server(), lock.by()));
    }

    void clockJumpedForward(InMemoryServer server) {
        jumpedAt.put(server, world.now());
    }

    private void vacated(String election, Row before) {
        UUID candidate = before.holder().orElseThrow().candidate();
        world.story.tell("database", () -> election + "/" + before.term() + " is vacated");
        Optional<Reign> reign = world.reign(election, candidate, before.term());
        if (reign.isEmpty()) {
            world.tally.count(Happening.LEFTOVER_VACATED);
        } else if (reign.get().isAtWork()) {
            object("C", "the row is given up while the work of " + reign.get() + " still runs");
        } else {
            world.tally.count(Happening.HANDED_OVER);
        }
    }

    @Override
    public void unlocked(InMemoryServer server, int lockId, Row.Backend by) {
        unlockedAt.put(new Lock(server, lockId, by), world.now());
        for (Node node : world.alive()) {
            if (node.session().filter(session -> session.backend().equals(by)).isEmpty()) {
                continue;
            }
            for (Aspirant aspirant : node.aspirants.values()) {
                boolean itsLock = server.row(aspirant.election)
                        .filter(found -> found.row().lockId() == lockId)
                        .isPresent();
                aspirant.reign()
                        .filter(reign -> itsLock && reign.tenure.lockId() == lockId)
                        .ifPresent(reign -> unlocked(server, node, reign));
            }
        }
    }

    private void unlocked(InMemoryServer server, Node node, Reign reign) {
        if (reign.leaseIsOver()) {
            return;
        }
        if (reign.isAtWork()) {
            object("C", "the lock is given back while the work of " + reign + " still runs");
        }
        boolean named = server.row(reign.who.election)
                .map(found -> found.row())
                .filter(row -> row.term() == reign.term())
                .flatMap(Row::holder)
                .isPresent();
        if (named) {
            object("C", "the lock is given back while the row still names " + reign + " on " + node);
        }
    }

    @Override
    public void sessionEnded(InMemoryServer server, Row.Backend backend, long atNanos) {
        endedAt.put(new Connection(server, backend), atNanos);
        world.story.tell("database", () -> "session " + backend.pid() + " ended at " + Story.seconds(atNanos));
    }

    @Override
    public void fellSilent(InMemoryServer server, Row.Backend backend) {
        world.tally.count(Happening.SILENT_SESSION_ENDED);
    }

    @Override
    public void passedOver(InMemoryServer server, String election) {
        world.tally.count(Happening.FENCE_KEPT_OTHERS_OUT);
    }

    @Override
    public void fencedWrite(InMemoryServer server, String election, long term) {
        world.tally.count(Happening.FENCED_WRITE);
        long newest = server.row(election).orElseThrow().row().term();
        world.story.tell("database", () -> "a write under " + election + "/" + term + " commits");
        if (term != newest) {
            object(
                    "A",
                    "a write under term " + term + " of " + election + " commits after term " + newest + " was taken");
        }
    }

    private String nameOf(UUID candidate) {
        return world.nodes.stream()
                .filter(node -> node.aspirants.values().stream().anyMatch(each -> each.id.equals(candidate)))
                .map(Node::toString)
                .findAny()
                .orElse("somebody who is gone");
    }
}
