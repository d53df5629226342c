package dev.pgleader.internal.election;

import dev.pgleader.internal.election.Participant.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

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
            return world.database.vacate(who.me.id(), vacate.term())
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
            return "vacant";
        }
        Row.Holder holder = row.holder().get();
        boolean mine = holder.candidate().equals(who.me.id());
        boolean over = remaining.isNegative() || remaining.isZero();
        boolean steppedBack = remaining.compareTo(holder.lease()) > 0;
        String lease = over ? "over" : steppedBack ? "longer than it can be" : "running";
        String where = row.writtenOn().equals(server) ? "" : ", elected on another server";
        return (mine ? "my own" : holder.address() + "'s") + " lease " + lease + where;
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
            case RENEWED -> new Event("renewed", (state, me, now) -> state.renewed(me, beat.term(), sentAt, now));
            case REFUSED ->
                new Event("renewal refused", (state, me, now) -> state.renewalRefused(me, beat.term(), now));
            case SKIPPED -> NOTHING;
        };
    }
}
