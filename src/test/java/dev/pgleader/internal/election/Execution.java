package dev.pgleader.internal.election;

import dev.pgleader.internal.election.Participant.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** What the database does with one statement of one candidate, and the answer that it gives. */
record Execution(ScenarioWorld world, Participant who, StrictSessions.Connection session, Reading sentAt) {

    private static final Event NOTHING = new Event("no answer", (state, me, now) -> state.stay());

    Event of(Statement statement) {
        if (statement instanceof Statement.Enter) {
            return enter();
        }
        if (statement instanceof Statement.Heartbeat) {
            return heartbeat();
        }
        if (statement instanceof Statement.Check) {
            return check();
        }
        return of(((Statement.Ordered) statement).command());
    }

    private Event of(Command command) {
        if (command instanceof Command.Look) {
            return look();
        }
        if (command instanceof Command.Register) {
            world.database.register(who.me.timings().lease());
            return look();
        }
        if (command instanceof Command.Bid bid) {
            return bid(bid);
        }
        if (command instanceof Command.Lead lead) {
            return lead(lead.tenure());
        }
        if (command instanceof Command.Vacate vacate) {
            world.promises.checkMayVacate(who, vacate.term());
            return released(News.VACATED, () -> world.database.vacate(who.me.id(), vacate));
        }
        if (command instanceof Command.Detach detach) {
            world.promises.checkMayDetach(who, detach.term());
            return released(News.CHANGED, () -> world.database.detach(who.me.id(), detach));
        }
        return unanswered(command);
    }

    /** Announces that the leader is ready, in the same statement. */
    private Event lead(Tenure tenure) {
        if (!world.database.lead(who.me.id(), tenure)) {
            return NOTHING;
        }
        world.wire.announceFrom(who);
        return new Event("led", (state, me, now) -> state.led(me, tenure.term(), now));
    }

    /** Announces what has been emptied, in the same statement. */
    private Event released(News news, BooleanSupplier statement) {
        boolean held = world.database.isHeld();
        boolean done = statement.getAsBoolean();
        if (held && !world.database.isHeld()) {
            world.wire.announceToAll(news);
        }
        return done ? new Event("vacated", State::vacated) : new Event("vacate refused", State::vacateRefused);
    }

    private Event unanswered(Command command) {
        if (command instanceof Command.Announce) {
            world.wire.announceFrom(who);
        } else if (command instanceof Command.AskToResign ask) {
            if (world.database.askToResign(who.me, ask.term())) {
                world.wire.announceToAll(News.CHANGED);
            }
        } else {
            throw new IllegalArgumentException(command.toString());
        }
        return NOTHING;
    }

    // The session's row

    private Event enter() {
        int id = world.database.enter(session, who.lease.process, who.me, who.lease.presence());
        return new Event("entered", (state, me, now) -> {
            who.lease.begun(id, sentAt, who.needsSession(), world.now());
            return state.stay();
        });
    }

    private Event heartbeat() {
        boolean holds = who.needsSession();
        Duration length = who.lease.length(holds);
        StrictSessions.Renewal renewal = world.database.renew(session, length);
        String name = renewal == StrictSessions.Renewal.REFUSED ? "renewal refused" : "renewed";
        return new Event(name, (state, me, now) -> {
            if (who.lease.isLate(now)) {
                return spent(state, Loss.EXPIRED, sentAt.plus(length), now);
            }
            if (renewal == StrictSessions.Renewal.REFUSED) {
                return spent(state, Loss.DEPOSED, who.lease.end(), now);
            }
            who.lease.renewed(sentAt, holds);
            return holds ? extended(state, renewal, now) : state.stay();
        });
    }

    /** A row that other hands may have changed is looked at first. */
    private Step extended(State state, StrictSessions.Renewal renewal, Reading now) {
        if (renewal == StrictSessions.Renewal.DISTURBED && state.stage().isHeld()) {
            who.lease.proven(false);
        }
        if (who.lease.isUnproven()) {
            who.order(new Statement.Check());
            return state.stay();
        }
        return state.stage().isHeld() ? state.renewed(who.me, who.lease.id(), sentAt, now) : state.stay();
    }

    private Step spent(State state, Loss loss, Reading leaseEnd, Reading now) {
        who.lease.spend();
        return state.leaseLost(who.me, loss, leaseEnd, now);
    }

    /** Returns what follows where a heartbeat that is due comes too late to be sent; empty where it is not. */
    static Optional<Event> tooLate(Participant who, Reading sentAt) {
        if (!who.lease.isLate(sentAt)) {
            return Optional.empty();
        }
        return Optional.of(new Event("lease over", (state, me, now) -> {
            who.lease.spend();
            return state.leaseLost(me, Loss.EXPIRED, who.lease.end(), now);
        }));
    }

    private Event check() {
        Reading provenAt = who.lease.provenAt();
        Event look = look();
        return new Event(look.name(), (state, me, now) -> {
            who.lease.proven(true);
            if (!state.stage().isHeld()) {
                return state.stay();
            }
            Step seen = look.happening().befall(state, me, now);
            return seen.next().stage().isHeld()
                    ? both(seen, seen.next().renewed(me, who.lease.id(), provenAt, now))
                    : seen;
        });
    }

    private static Step both(Step first, Step then) {
        List<Command> commands = new ArrayList<>(first.commands());
        commands.addAll(then.commands());
        return new Step(then.next(), List.copyOf(commands));
    }

    // The election's row

    private Event look() {
        return world.database
                .look(session, sentAt)
                .map(seen -> new Event(
                        "looked: " + Sights.describe(world, who, seen),
                        (state, me, now) -> state.looked(me, StrictRows.answered(seen, now))))
                .orElseGet(() -> new Event("row missing", State::rowMissing));
    }

    private Event bid(Command.Bid bid) {
        StrictBid asked = StrictBid.of(who.me, bid, sentAt, ScenarioWorld.STATEMENT_TIMEOUT);
        Optional<StrictDatabase.Outcome> outcome = world.database.bid(session, who.me, asked, sentAt);
        if (outcome.isEmpty()) {
            return new Event("row missing", State::rowMissing);
        }
        Sighting before = outcome.get().before();
        OptionalLong won = outcome.get().won();
        if (won.isEmpty()) {
            return new Event(
                    "bid lost: " + Sights.describe(world, who, before),
                    (state, me, now) -> state.bidLost(me, StrictRows.answered(before, now)));
        }
        return new Event(
                "taken as term " + won.getAsLong(), (state, me, now) -> won(state, before, won.getAsLong(), now));
    }

    /** A leadership whose answer comes too late is found in its row again, over another session. */
    private Step won(State state, Sighting before, long term, Reading now) {
        if (who.lease.isLate(now)) {
            Step step = state.notNow(who.me, now);
            return both(
                    step,
                    spent(
                            step.next(),
                            Loss.EXPIRED,
                            sentAt.plus(who.me.timings().lease()),
                            now));
        }
        who.lease.won(sentAt, !who.needsSession(), world.now());
        return state.taken(who.me, StrictRows.answered(before, now), who.lease.id(), term, now);
    }
}
