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
    private record Late(long executesAt, Participant who, StrictDatabase.Session session, Command command)
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

    /** What cannot be sent is dropped if nobody depends on it, and else answered as if the session had ended under it. */
    private void refuse(Participant who, Command command) {
        if (command instanceof Command.Look || command instanceof Command.AskToResign) {
            return;
        }
        world.promises.require(command instanceof Command.Vacate, who, "orders without a session: " + command);
        Event refused = new Event("no session for it", (state, me, now) -> state.sessionLost(me, now));
        long now = world.now();
        who.flight = Optional.of(new Flight(command, who.clocks(now), Long.MAX_VALUE, now, Optional.of(refused)));
    }

    void send(Participant who, Command command) {
        if (who.session.isEmpty()) {
            refuse(who, command);
            return;
        }
        StrictDatabase.Session session = who.session.get();
        long now = world.now();
        long timeout = now + ScenarioWorld.STATEMENT_TIMEOUT.toNanos();
        Reading sentAt = who.clocks(now);
        if (who.cut) {
            who.flight = Optional.of(new Flight(command, sentAt, Long.MAX_VALUE, timeout, Optional.of(lost(who))));
            return;
        }
        Trip trip = network.trip(who, command);
        long executes = now + trip.there().toNanos();
        if (trip.answerLost() && session.isAlive()) {
            late.add(new Late(executes, who, session, command));
            who.flight = Optional.of(new Flight(command, sentAt, executes, timeout, Optional.of(lost(who))));
        } else {
            long answered = executes + trip.back().toNanos();
            who.flight = Optional.of(new Flight(command, sentAt, executes, answered, Optional.empty()));
        }
    }

    /** Moves on what {@code who} has sent, and returns whether there was something to do. */
    boolean flies(Participant who, Flight flight) {
        if (flight.answer().isEmpty() && world.now() >= flight.executesAt()) {
            StrictDatabase.Session session = who.session.orElseThrow();
            Event answer = session.isAlive()
                    ? new Execution(world, who, session, flight.sentAt()).of(flight.command())
                    : lost(who);
            who.flight = Optional.of(new Flight(
                    flight.command(), flight.sentAt(), flight.executesAt(), flight.answeredAt(), Optional.of(answer)));
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
            new Execution(world, next.who(), next.session(), next.who().clocks(world.now())).of(next.command());
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
        Optional<StrictDatabase.Session> ended = who.session;
        return new Event("session lost", (state, me, now) -> {
            if (who.cut) {
                ended.ifPresent(who.orphans::add);
            } else {
                ended.filter(session -> !isBusy(session)).ifPresent(world.database::end);
            }
            who.session = Optional.empty();
            who.orders.clear();
            who.connectsAt = world.now() + RECONNECT.toNanos();
            return state.sessionLost(me, now);
        });
    }

    /** A server process sees that its client is gone only when it is done with the statement. */
    private boolean isBusy(StrictDatabase.Session session) {
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

    private Event lostOnce(Participant who, StrictDatabase.Session ended) {
        Event news = lost(who);
        return new Event(news.name(), (state, me, now) -> {
            boolean stillOurs = who.session.filter(session -> session == ended).isPresent();
            return stillOurs ? news.happening().befall(state, me, now) : state.stay();
        });
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
        announceTo(world.others(sender));
    }

    void announceToAll() {
        announceTo(world.participants.values());
    }

    private static void announceTo(Collection<Participant> listeners) {
        listeners.stream()
                .filter(each -> each.session.isPresent() && !each.cut && !each.deaf)
                .forEach(each -> each.mail.add(new Event("announced", State::announced)));
    }

    /** Notes what a process may know of its lease, which a heartbeat that is answered too late extends as well. */
    private void noteLease(Participant who, Flight flight, Event answer) {
        boolean taken = answer.name().startsWith("taken");
        if (!taken && !answer.name().startsWith("renewed")) {
            return;
        }
        Reading now = who.clocks(world.now());
        Reading trustedSince = taken ? flight.sentAt() : who.trustedSince;
        if (!Deadline.after(trustedSince, who.me.timings().trust()).isPast(now)) {
            who.trustedSince = flight.sentAt();
        }
        if (taken || who.state.stage() != Stage.STANDING) {
            long sentBefore = now.since(flight.sentAt()).toNanos();
            who.leaseEndsAt =
                    world.now() - sentBefore + who.me.timings().lease().toNanos();
        }
    }
}
