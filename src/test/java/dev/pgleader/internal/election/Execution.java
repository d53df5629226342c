package dev.pgleader.internal.election;

import dev.pgleader.internal.election.Participant.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** What the database does with one statement of one candidate, and the answer that it gives. */
record Execution(ScenarioWorld world, Participant who, StrictDatabase.Session session, Reading sentAt) {

    /** The answer to a command that has none. */
    static final String NO_ANSWER = "no answer";

    private static final Event NOTHING = new Event(NO_ANSWER, (state, me, now) -> state.stay());

    Event of(Command command) {
        if (command instanceof Command.Look) {
            return look();
        }
        if (command instanceof Command.Register) {
            world.database.register();
            return look();
        }
        if (command instanceof Command.TryLock) {
            return world.database.tryLock(session)
                    ? new Event("lock taken", State::lockTaken)
                    : new Event("lock refused", State::lockRefused);
        }
        if (command instanceof Command.Take take) {
            return take(take.claim());
        }
        if (command instanceof Command.Heartbeat heartbeat) {
            return heartbeat(heartbeat);
        }
        if (command instanceof Command.Vacate vacate) {
            world.promises.checkMayVacate(who, vacate.term());
            return world.database.vacate(who.me.id(), vacate)
                    ? new Event("vacated", State::vacated)
                    : new Event("vacate refused", State::vacateRefused);
        }
        return unanswered(command);
    }

    private Event unanswered(Command command) {
        if (command instanceof Command.Unlock) {
            world.promises.checkMayUnlock(who);
            world.database.unlock(session);
        } else if (command instanceof Command.Announce) {
            world.wire.announceFrom(who);
        } else if (command instanceof Command.AskToResign ask) {
            if (world.database.askToResign(who.me, ask.term())) {
                world.wire.announceToAll();
            }
        } else if (command instanceof Command.EndBackend end) {
            world.database.endBackend(end.condemned());
            world.wire.noticeDeadSessions();
        } else {
            throw new IllegalArgumentException(command.toString());
        }
        return NOTHING;
    }

    private Event look() {
        Optional<StrictDatabase.Seen> seen = world.database.look();
        if (seen.isEmpty()) {
            return new Event("row missing", State::rowMissing);
        }
        Row row = seen.get().row();
        Server server = seen.get().server();
        Duration remaining = seen.get().remaining();
        return new Event(
                "looked: " + describe(row, server, remaining),
                (state, me, now) -> state.looked(me, new Sighting(row, server, remaining, sentAt, now)));
    }

    private String describe(Row row, Server server, Duration remaining) {
        if (row.holder().isEmpty()) {
            return "vacant" + vacancy(row);
        }
        Row.Holder holder = row.holder().get();
        boolean mine = holder.candidate().equals(who.me.id());
        boolean over = remaining.isNegative() || remaining.isZero();
        boolean steppedBack = remaining.compareTo(holder.lease()) > 0;
        String lease = over ? "over" : steppedBack ? "longer than it can be" : "running";
        String appointed = row.succession().heir().isPresent() ? ", by appointment" : "";
        String asked = mine ? row.succession().request().map(this::describe).orElse("") : "";
        String where = row.writtenOn().equals(server) ? "" : ", elected on another server";
        return (mine ? "my own" : holder.address() + "'s") + " lease " + lease + where + appointed + asked;
    }

    private String vacancy(Row row) {
        String heir = row.succession()
                .heir()
                .map(named -> ", for " + world.nameOf(named))
                .orElse("");
        int priority = who.me.preference().priority();
        boolean better = row.succession().bestRival().orElse(priority) > priority;
        return heir + (better ? ", beside a better one" : "");
    }

    private String describe(Succession.Request request) {
        return request.heir().map(named -> ", wanted by " + world.nameOf(named)).orElse(", to be resigned");
    }

    private Event take(Claim claim) {
        OptionalLong term = world.database.take(session, who.me, claim);
        if (term.isEmpty()) {
            return new Event("take refused", State::takeRefused);
        }
        return new Event(
                "taken as term " + term.getAsLong(),
                (state, me, now) -> state.taken(me, term.getAsLong(), sentAt, now));
    }

    private Event heartbeat(Command.Heartbeat beat) {
        return switch (world.database.heartbeat(session, who.me.id(), beat.term(), beat.phase())) {
            case RENEWED -> renewed(beat.term());
            case REFUSED ->
                new Event("renewal refused", (state, me, now) -> state.renewalRefused(me, beat.term(), now));
            case SKIPPED -> NOTHING;
        };
    }

    /** With the answer comes what the leader has been asked for. */
    private Event renewed(long term) {
        Optional<Succession.Request> request = world.database.requestOf(term);
        Participant.Happening renewed = (state, me, now) -> state.renewed(me, term, sentAt, now);
        return request.map(asked -> new Event(
                        "renewed" + describe(asked),
                        (state, me, now) ->
                                both(renewed.befall(state, me, now), after -> after.resignAsked(me, asked, now))))
                .orElseGet(() -> new Event("renewed", renewed));
    }

    private static Step both(Step first, Function<State, Step> second) {
        Step then = second.apply(first.next());
        List<Command> commands = new ArrayList<>(first.commands());
        commands.addAll(then.commands());
        return new Step(then.next(), List.copyOf(commands));
    }
}
