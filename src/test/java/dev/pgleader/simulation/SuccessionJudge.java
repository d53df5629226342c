package dev.pgleader.simulation;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemoryServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Judges who goes first (F): nobody leads who is never to; who was handed over to, and who is better, is waited for as long
 * as is polite; leaders go for the reasons that they were given, and are asked only by those who may ask; and two
 * candidates do not depose each other for ever.
 */
final class SuccessionJudge {

    private static final double SURELY = 0.98;

    /** As often may what went wrong before still be in the way of whoever has asked for a post. */
    private static final int FEW = 3;

    /** Longer than anybody waits for anybody. */
    private static final Duration PRESENT_FOR = Duration.ofSeconds(4);

    private final World world;
    private final Consumer<String> objector;
    private final Map<Term, List<Succession.Request>> wishes = new HashMap<>();
    private final Map<Term, Loss> losses = new HashMap<>();
    private final Map<Place, Vacancy> vacancies = new HashMap<>();
    private final Map<InMemoryServer, Long> presenceDoubtedAt = new HashMap<>();
    private final Map<Post, Integer> inVain = new HashMap<>();

    /** The takings of each election in the order in which they came. */
    private final Map<String, List<UUID>> taken = new HashMap<>();

    private record Term(String election, long term) {}

    private record Place(InMemoryServer server, String election) {}

    private record Post(String election, UUID candidate) {}

    private record Vacancy(long sinceNanos, Set<UUID> present) {}

    SuccessionJudge(World world, Consumer<String> objector) {
        this.world = world;
        this.objector = objector;
    }

    private void require(boolean kept, String broken) {
        if (!kept) {
            objector.accept(broken);
        }
    }

    /** Who is on a server's list is not what it was. */
    void presenceDoubted(InMemoryServer server) {
        presenceDoubtedAt.put(server, world.now());
    }

    /** Returns who has taken an election, in order. */
    List<UUID> takings(String election) {
        return taken.getOrDefault(election, List.of());
    }

    // What leaders are asked for

    /** A user has asked a leader in its own process. */
    void asked(String election, long term, Succession.Request request) {
        wishes.computeIfAbsent(new Term(election, term), any -> new ArrayList<>())
                .add(request);
        boolean forItself = world.leader(election)
                .flatMap(leader -> request.successor().filter(leader::isNamedBy))
                .isPresent();
        if (forItself) {
            world.tally.count(Happening.LEADER_ASKED_FOR_ITSELF);
        }
    }

    void asked(InMemoryServer server, String election, long term, Succession.Request request) {
        asked(election, term, request);
        world.story.tell("database", () -> election + "/" + term + " is asked: " + request);
        if (request.preempting()) {
            world.tally.count(Happening.POST_ASKED_FOR);
            Row row = server.row(election).orElseThrow().row();
            if (row.holder().isEmpty()) {
                return;
            }
            Aspirant asker = world.aspirant(UUID.fromString(request.successor().orElseThrow()));
            require(
                    isForthcoming(row, asker),
                    asker.node + " asks for the post of " + row.holder() + " in " + election + ": " + row.succession());
            require(
                    server.present(election, Duration.ZERO).stream()
                            .anyMatch(each -> each.candidate().equals(asker.id)),
                    asker.node + " asks for a post in " + election + ", and is not on the list");
        }
    }

    private static boolean isForthcoming(Row row, Aspirant asker) {
        return asker.config().preempts()
                && asker.mayLead()
                && row.succession().successor().isEmpty()
                && !row.succession().resignedBy().equals(Optional.of(asker.id))
                && row.holder().orElseThrow().priority() < asker.config().priority();
    }

    /** A loop has ended a leadership. */
    void lost(Reign reign, Loss loss) {
        losses.put(new Term(reign.who.election, reign.term()), loss);
        boolean ordered = loss == Loss.RESIGNED || loss == Loss.HANDED_OVER || loss == Loss.PREEMPTED;
        if (ordered) {
            List<Succession.Request> asked = wishes.getOrDefault(new Term(reign.who.election, reign.term()), List.of());
            boolean fits = asked.stream()
                    .anyMatch(request -> reason(request) == loss
                            && request.successor().filter(reign.who::isNamedBy).isEmpty());
            require(fits, reign + " ends, " + loss + ", although it was asked for " + asked);
        }
    }

    private static Loss reason(Succession.Request request) {
        if (request.successor().isEmpty()) {
            return Loss.RESIGNED;
        }
        return request.preempting() ? Loss.PREEMPTED : Loss.HANDED_OVER;
    }

    /**
     * A row is given up: what it says of the reason is what the leader was told. A leftover has lost its session; a row that
     * other hands have written is detached from whatever session it names.
     */
    void ended(String election, Row before, Loss loss, boolean atOnce) {
        Optional<Loss> told = Optional.ofNullable(losses.get(new Term(election, before.term())));
        boolean stray = loss == Loss.DEPOSED && !atOnce;
        boolean fits = loss == Loss.SESSION_LOST || stray || told.orElse(Loss.EXPIRED) == loss;
        require(fits, election + "/" + before.term() + " is said to have ended, " + loss + ", but " + told);
    }

    /** Returns whether a leader has just given an election up, so that those who are to go first may still be on their way. */
    boolean isChangingHands(String election) {
        Vacancy vacancy = vacancies.get(new Place(world.database.primary(), election));
        long courtesy = world.settings.longest(ElectionConfig::retryInterval) * 5 / 4;
        return vacancy != null
                && world.now() - vacancy.sinceNanos()
                        < courtesy + world.settings.longest(ElectionConfig::statementTimeout);
    }

    // Who takes

    void committed(InMemoryServer server, String election, Row before, Row after) {
        if (after.term() != before.term()) {
            taken(server, election, before, after);
        } else if (before.holder().isPresent() && after.holder().isEmpty()) {
            vacated(server, election, after);
        }
    }

    private void vacated(InMemoryServer server, String election, Row after) {
        List<Succession.Request> asked = wishes.getOrDefault(new Term(election, after.term()), List.of());
        Optional<String> successor = after.succession().successor();
        if (successor.isPresent()) {
            world.tally.count(Happening.SUCCESSOR_NAMED);
            boolean wanted =
                    asked.stream().anyMatch(request -> request.successor().equals(successor));
            require(wanted, election + "/" + after.term() + " is left to " + successor + ", asked for was " + asked);
            asked.stream()
                    .filter(request ->
                            request.preempting() && request.successor().equals(successor))
                    .findAny()
                    .ifPresent(request -> madeWayFor(election, request));
        } else if (asked.stream().anyMatch(request -> request.successor().isPresent())) {
            world.tally.count(Happening.SUCCESSOR_ABSENT);
        }
        vacancies.put(new Place(server, election), new Vacancy(world.now(), present(server, election)));
    }

    /** Once all is well, a post that somebody has asked for is soon its own. */
    private void madeWayFor(String election, Succession.Request request) {
        Aspirant asker = world.aspirant(UUID.fromString(request.successor().orElseThrow()));
        Node node = asker.node;
        if (world.isCalm() && node.isAlive() && node.isAwake() && node.hears()) {
            int times = inVain.merge(new Post(election, asker.id), 1, Integer::sum);
            require(times <= FEW, node + " has had " + election + " vacated for itself " + times + " times in vain");
        }
    }

    private static Set<UUID> present(InMemoryServer server, String election) {
        return server.present(election, PRESENT_FOR).stream()
                .map(Enrolment::candidate)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void taken(InMemoryServer server, String election, Row before, Row after) {
        Aspirant owner = world.aspirant(after.holder().orElseThrow().candidate());
        taken.computeIfAbsent(election, any -> new ArrayList<>()).add(owner.id);
        inVain.remove(new Post(election, owner.id));
        require(owner.mayLead(), owner.node + " takes " + election + ", and is never to lead");
        if (after.succession().successor().isPresent()) {
            world.tally.count(Happening.SUCCESSOR_APPOINTED);
        }
        Vacancy vacancy = vacancies.remove(new Place(server, election));
        if (vacancy != null && before.holder().isEmpty()) {
            takenWhenVacant(server, election, before, owner, vacancy);
        }
    }

    private void takenWhenVacant(InMemoryServer server, String election, Row before, Aspirant owner, Vacancy vacancy) {
        Optional<String> successor = before.succession().successor();
        if (successor.isPresent()) {
            boolean named = successor.filter(owner::isNamedBy).isPresent();
            world.tally.count(named ? Happening.SUCCESSOR_TOOK : Happening.SUCCESSOR_PASSED_OVER);
            require(
                    named || isPolite(owner, vacancy),
                    owner.node + " takes " + election + " at once, which was meant for " + successor);
            return;
        }
        Set<UUID> rivals = present(server, election);
        rivals.retainAll(vacancy.present());
        before.succession().resignedBy().ifPresent(rivals::remove);
        Optional<Aspirant> better = rivals.stream()
                .map(world::aspirant)
                .filter(rival -> rival.config().priority() > owner.config().priority())
                .findAny();
        boolean bestOfMany = rivals.stream()
                .map(world::aspirant)
                .anyMatch(rival -> rival.config().priority() < owner.config().priority());
        if (better.isPresent()) {
            world.tally.count(Happening.BETTER_ONE_PASSED_OVER);
            require(
                    isPolite(owner, vacancy) || presenceDoubtedAt.getOrDefault(server, -1L) >= vacancy.sinceNanos(),
                    owner.node + " takes " + election + " at once, although " + better.get().node + " is better");
        } else if (bestOfMany) {
            world.tally.count(Happening.BETTER_ONE_TOOK);
        }
    }

    private boolean isPolite(Aspirant owner, Vacancy vacancy) {
        double courtesy = 1.25 * owner.node.config.retryInterval().toNanos();
        return world.now() - vacancy.sinceNanos() >= SURELY * courtesy;
    }
}
