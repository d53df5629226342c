package dev.pgleader.simulation;

import dev.pgleader.internal.election.Row;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemoryServer;
import dev.pgleader.testing.memory.StoredSession;
import dev.pgleader.testing.memory.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Judges what is written: terms that only grow and have one owner, whatever other hands do to the tables, fenced writes in the
 * order of terms (A), sessions that are never revived (E), and rows that are given up as free only when the work has returned
 * (C).
 */
abstract class HistoryJudge implements Witness {

    private static final double SURELY = 0.98;

    private final World world;
    private final Map<Term, UUID> owners = new HashMap<>();
    private final Map<String, Map<Integer, Long>> newest = new HashMap<>();
    private final Map<SessionOn, Renewed> renewals = new HashMap<>();
    private final Set<Term> givenUp = new HashSet<>();
    private final Map<SessionOn, Long> endedAt = new HashMap<>();
    private final Map<InMemoryServer, Long> slippedAt = new HashMap<>();
    private final Map<InMemoryServer, List<Long>> jumpedAt = new HashMap<>();

    private record Term(String election, long term) {}

    private record SessionOn(InMemoryServer server, int id) {}

    /** When the library last extended the row of a session, and by how much. */
    private record Renewed(long nanos, Duration lease) {}

    HistoryJudge(World world) {
        this.world = world;
    }

    abstract void object(String promise, String why);

    /** A session that only a clock that was set back has kept alive is nothing to its process, which takes no answer so late. */
    @Override
    public void sessionWritten(
            InMemoryServer server,
            int session,
            Optional<StoredSession> before,
            Optional<StoredSession> after,
            Writer writer) {
        if (writer == Writer.OTHERS || after.isEmpty()) {
            return;
        }
        SessionOn key = new SessionOn(server, session);
        Instant now = server.clock().now();
        if (before.isPresent() && !before.get().expiresAt().isAfter(now)) {
            object("E", "session " + session + " is extended after its time was over");
        }
        Renewed last = renewals.get(key);
        if (last == null || world.now() - last.nanos() < last.lease().toNanos()) {
            renewals.put(key, new Renewed(world.now(), after.get().lease()));
        }
    }

    @Override
    public void committed(
            InMemoryServer server, String election, Optional<Row> before, Optional<Row> after, Writer writer) {
        if (writer == Writer.OTHERS || before.isEmpty() || after.isEmpty()) {
            return;
        }
        if (before.get().term() != after.get().term()) {
            taken(server, election, before.get(), after.get());
        } else if (before.get().holder().isPresent() && after.get().holder().isEmpty()) {
            vacated(election, before.get(), after.get());
        }
    }

    private void taken(InMemoryServer server, String election, Row before, Row after) {
        Row.Holder holder = after.holder().orElseThrow();
        int timeline = server.identity().timeline();
        world.story.tell(
                "database",
                () -> election + "/" + after.term() + " is taken on timeline " + timeline + " by "
                        + nameOf(holder.candidate()) + " over session " + holder.sessionId());
        requireLaterThanAll(election, timeline, after.term());
        UUID earlier = owners.put(new Term(election, after.term()), holder.candidate());
        if (earlier != null && !world.orderIsLost()) {
            object("A", "term " + after.term() + " of " + election + " is issued twice");
        }
        before.holder()
                .filter(former -> !former.candidate().equals(holder.candidate()))
                .ifPresent(former -> {
                    world.tally.count(Happening.TAKEN_FROM_ANOTHER);
                    overtaken(server, election, before, former, world.aspirant(holder.candidate()));
                });
    }

    /** A term is later than all that were ever given out where its server could know of them: on earlier timelines, and its own. */
    private void requireLaterThanAll(String election, int timeline, long term) {
        Map<Integer, Long> known = newest.computeIfAbsent(election, any -> new HashMap<>());
        known.forEach((each, latest) -> {
            if (each <= timeline && latest >= term && !world.orderIsLost()) {
                object("A", "term " + latest + " of " + election + " is followed by " + term);
            }
        });
        known.merge(timeline, term, Math::max);
    }

    /**
     * Another took over. Before a whole lease has passed since the last renewal, that is right where a session that ends is
     * enough for it and the refractory period was waited out; and it is what the protocol cannot help where both of its
     * witnesses are wrong at once: the database's clock has jumped over the end of the lease, which a candidate that has come
     * since cannot know, and the leader's session has ended as well. Nor is it wrong where the leader had given the row up, and a
     * crash or a promotion has brought it back.
     */
    private void overtaken(InMemoryServer server, String election, Row before, Row.Holder holder, Aspirant taker) {
        if (givenUp.contains(new Term(election, before.term()))) {
            return;
        }
        SessionOn session = new SessionOn(server, holder.sessionId());
        Renewed last = renewals.getOrDefault(session, new Renewed(0, before.lease()));
        long stood = world.now() - last.nanos();
        Duration lease = last.lease().compareTo(before.lease()) < 0 ? last.lease() : before.lease();
        if (stood >= SURELY * lease.toNanos()) {
            if (!server.isFree(holder.sessionId())) {
                world.tally.count(Happening.LOCK_OUTLIVED);
            }
            return;
        }
        Long ended = endedAt.get(session);
        Optional<Reign> reign = world.reign(election, holder.candidate(), before.term());
        boolean endIsWrong = slippedAt.getOrDefault(server, -1L) >= last.nanos()
                || couldNotNoticeTheJump(server, taker, last.nanos());
        if (ended != null && endIsWrong) {
            world.tally.count(Happening.BOTH_WITNESSES_WRONG);
            reign.ifPresent(Reign::bothWitnessesWrong);
        } else if (ended != null
                && world.settings.fastTakeover()
                && world.now() - ended >= SURELY * holder.refractory().toNanos()) {
            reign.ifPresent(each -> each.overtaken(ended, world.now()));
        } else {
            object(
                    "B",
                    election + "/" + before.term() + " is overtaken " + Story.seconds(stood)
                            + " after the last heartbeat of session " + holder.sessionId() + ", with a lease of "
                            + lease);
        }
    }

    /** A look may take so long that it hides a short jump; a far one nobody overlooks who has looked before. */
    void clockJumpedForward(InMemoryServer server, boolean far) {
        if (far) {
            jumpedAt.computeIfAbsent(server, any -> new ArrayList<>()).add(world.now());
        } else {
            slippedAt.put(server, world.now());
        }
    }

    private boolean couldNotNoticeTheJump(InMemoryServer server, Aspirant taker, long sinceNanos) {
        boolean forgetsWhatWasSeen = Stream.of(
                        Happening.ROW_DELETED, Happening.ROWS_TRUNCATED, Happening.SCHEMA_DROPPED)
                .anyMatch(kind -> world.tally.of(kind) > 0);
        return jumpedAt.getOrDefault(server, List.of()).stream()
                .anyMatch(at -> at >= sinceNanos && (forgetsWhatWasSeen || !taker.hasLookedAt(server.identity(), at)));
    }

    private void vacated(String election, Row before, Row after) {
        UUID candidate = before.holder().orElseThrow().candidate();
        boolean free = after.released() == after.term();
        world.story.tell("database", () -> election + "/" + before.term() + (free ? " is vacated" : " is detached"));
        if (!free) {
            world.tally.count(Happening.DETACHED);
            return;
        }
        givenUp.add(new Term(election, before.term()));
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
    public void sessionEnded(InMemoryServer server, int session, int backend, long atNanos) {
        endedAt.put(new SessionOn(server, session), atNanos);
        world.story.tell(
                "database",
                () -> "session " + session + " of server process " + backend + " ended at " + Story.seconds(atNanos));
    }

    /** Returns whether the connection of a session has ended. */
    boolean hasEnded(InMemoryServer server, int session) {
        return endedAt.containsKey(new SessionOn(server, session));
    }

    @Override
    public void fellSilent(InMemoryServer server, int backend) {
        world.tally.count(Happening.SILENT_SESSION_ENDED);
    }

    @Override
    public void passedOver(InMemoryServer server, String election) {
        world.tally.count(Happening.FENCE_KEPT_OTHERS_OUT);
    }

    @Override
    public void fencedWrite(InMemoryServer server, String election, long term) {
        world.tally.count(Happening.FENCED_WRITE);
        world.story.tell("database", () -> "a write under " + election + "/" + term + " commits");
        long latest = newest.getOrDefault(election, Map.of())
                .getOrDefault(server.identity().timeline(), 0L);
        if (latest > term && !world.orderIsLost()) {
            object(
                    "A",
                    "a write under term " + term + " of " + election + " commits after term " + latest + " was taken");
        }
    }

    private String nameOf(UUID candidate) {
        return world.nodes.stream()
                .filter(node -> node.aspirants.values().stream().anyMatch(each -> each.id.equals(candidate)))
                .map(Node::toString)
                .findAny()
                .orElse("a candidate that is gone");
    }
}
