package dev.pgleader.internal.election;

import dev.pgleader.internal.election.Participant.Event;
import dev.pgleader.internal.election.Participant.Flight;
import dev.pgleader.internal.election.ScenarioWorld.Network;
import dev.pgleader.internal.election.ScenarioWorld.Trip;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * What lies between the candidates of a {@link ScenarioWorld} and their database: statements that take their time, get
 * lost on either way, or are carried out when their sender has long given up on them.
 */
final class Wire {

    private static final Duration RECONNECT = Duration.ofMillis(100);

    /** A statement that the server carries out after its sender has closed the connection; the session ends with it. */
    private record Late(long executesAt, Participant who, StrictSessions.Connection session, Statement statement)
            implements Comparable<Late> {

        @Override
        public int compareTo(Late other) {
            return Long.compare(executesAt, other.executesAt);
        }
    }

    private final ScenarioWorld world;
    private final Network network;
    private final Queue<Late> late = new PriorityQueue<>();

    Wire(ScenarioWorld world, Network network) {
        this.world = world;
        this.network = network;
    }

    void send(Participant who, Statement statement) {
        long now = world.now();
        Reading sentAt = who.clocks(now);
        if (who.session.isEmpty()) {
            who.orders.clear();
            world.deliver(who, new Event("no session for it", State::sessionLost));
            return;
        }
        Optional<Event> unsent = unsent(who, statement, sentAt);
        if (unsent.isPresent()) {
            world.deliver(who, unsent.get());
            return;
        }
        StrictSessions.Connection session = who.session.get();
        long timeout = now + ScenarioWorld.STATEMENT_TIMEOUT.toNanos();
        if (who.cut) {
            who.flight = Optional.of(new Flight(statement, sentAt, Long.MAX_VALUE, timeout, Optional.of(lost(who))));
            return;
        }
        Trip trip = network.trip(who, statement);
        long executes = now + trip.there().toNanos();
        if (trip.answerLost() && session.isAlive()) {
            late.add(new Late(executes, who, session, statement));
            who.flight = Optional.of(new Flight(statement, sentAt, executes, timeout, Optional.of(lost(who))));
        } else {
            long answered = executes + trip.back().toNanos();
            who.flight = Optional.of(new Flight(statement, sentAt, executes, answered, Optional.empty()));
        }
    }

    /** Returns what becomes of a statement that is not even sent, because the session's row does not run. */
    private static Optional<Event> unsent(Participant who, Statement statement, Reading sentAt) {
        boolean bids = statement.kind().equals("Bid");
        if (bids && !who.lease.is(ProcessLease.Row.RUNS)) {
            return Optional.of(new Event("no row to bid with", State::notNow));
        }
        return statement instanceof Statement.Heartbeat ? Execution.tooLate(who, sentAt) : Optional.empty();
    }

    /** Moves on what {@code who} has sent, and returns whether there was something to do. */
    boolean flies(Participant who, Flight flight) {
        if (flight.answer().isEmpty() && world.now() >= flight.executesAt()) {
            StrictSessions.Connection session = who.session.orElseThrow();
            Event answer = session.isAlive()
                    ? new Execution(world, who, session, flight.sentAt()).of(flight.statement())
                    : lost(who);
            who.flight = Optional.of(new Flight(
                    flight.statement(),
                    flight.sentAt(),
                    flight.executesAt(),
                    flight.answeredAt(),
                    Optional.of(answer)));
            return true;
        }
        if (flight.answer().isPresent() && world.now() >= flight.answeredAt()) {
            who.flight = Optional.empty();
            noteLease(who, flight, flight.answer().get());
            world.deliver(who, flight.answer().get());
            noticeDeadSessions();
            return true;
        }
        return false;
    }

    /** Carries out one statement that nobody waits for any more, if its time has come. */
    boolean deliverLate() {
        if (world.now() < nextLate()) {
            return false;
        }
        Late next = late.remove();
        if (next.session().isAlive()) {
            new Execution(world, next.who(), next.session(), next.who().clocks(world.now())).of(next.statement());
            boolean givenUp = next.who()
                    .session
                    .filter(session -> session == next.session())
                    .isEmpty();
            if (givenUp) {
                world.database.end(next.session());
            }
        }
        return true;
    }

    long nextLate() {
        return late.isEmpty() ? Long.MAX_VALUE : late.element().executesAt();
    }

    /** Returns the news that the session has ended, which the process makes true by closing its end. */
    private Event lost(Participant who) {
        Optional<StrictSessions.Connection> ended = who.session;
        return new Event("session lost", (state, me, now) -> {
            if (who.cut) {
                ended.ifPresent(who.orphans::add);
            } else {
                ended.filter(session -> !isBusy(session)).ifPresent(world.database::end);
            }
            who.session = Optional.empty();
            who.lease.connectionChanged();
            who.orders.clear();
            who.connectsAt = world.now() + RECONNECT.toNanos();
            return state.sessionLost(me, now);
        });
    }

    /** A server process sees that its client is gone only when it is done with the statement. */
    private boolean isBusy(StrictSessions.Connection session) {
        return late.stream().anyMatch(statement -> statement.session() == session);
    }

    /** Brings the news of dead sessions to those whose sockets were closed by it. */
    void noticeDeadSessions() {
        world.participants.values().forEach(who -> {
            boolean dead = who.session.filter(session -> !session.isAlive()).isPresent();
            if (dead && !who.cut && who.flight.isEmpty()) {
                who.orders.clear();
                who.mail.add(lostOnce(who, who.session.get()));
            }
        });
    }

    private Event lostOnce(Participant who, StrictSessions.Connection ended) {
        Event news = lost(who);
        return new Event(news.name(), (state, me, now) -> {
            boolean stillOurs = who.session.filter(session -> session == ended).isPresent();
            return stillOurs ? news.happening().befall(state, me, now) : state.stay();
        });
    }

    /** A process ends its own session, to begin another one. */
    void closeConnection(Participant who) {
        world.deliver(who, new Event("session given up", lost(who).happening()));
    }

    /** A process that stands in no election any more ends its session, and removes the row of it. */
    void leave(Participant who) {
        boolean runs = who.lease.is(ProcessLease.Row.RUNS);
        who.session
                .filter(session -> runs && !who.cut)
                .ifPresent(session -> world.database.deleteSession(session.id()));
        who.session.filter(session -> !who.cut).ifPresent(world.database::end);
        who.session = Optional.empty();
        who.lease.connectionChanged();
    }

    /** Ends the process as {@code kill -9} does; the server hears of it unless the network is cut. */
    void crash(Participant who) {
        world.participants.remove(who.name);
        if (!who.cut) {
            who.session.ifPresent(world.database::end);
        }
    }

    /** Repairs the network, whereupon the server sees the ends of the connections that were given up meanwhile. */
    void heal(Participant who) {
        who.cut = false;
        who.orphans.forEach(world.database::end);
        who.orphans.clear();
        noticeDeadSessions();
    }

    void announceFrom(Participant sender) {
        announceTo(world.others(sender), News.CHANGED);
    }

    void announceToAll(News news) {
        announceTo(world.participants.values(), news);
    }

    private static void announceTo(Collection<Participant> listeners, News news) {
        listeners.stream()
                .filter(each -> each.session.isPresent() && !each.cut && !each.deaf)
                .forEach(each ->
                        each.mail.add(new Event("announced", (state, me, now) -> state.announced(me, news, now))));
    }

    /** Notes how long a process's lease may last at most, which a statement that is answered too late extends as well. */
    private void noteLease(Participant who, Flight flight, Event answer) {
        boolean taken = answer.name().startsWith("taken");
        if (taken || (answer.name().equals("renewed") && who.state.stage() != Stage.STANDING)) {
            long sentBefore = who.clocks(world.now()).since(flight.sentAt()).toNanos();
            who.leaseEndsAt =
                    world.now() - sentBefore + who.me.timings().lease().toNanos();
        }
    }
}
