package dev.pgleader.internal.election;

import dev.pgleader.internal.election.Participant.Event;
import dev.pgleader.internal.election.Participant.Flight;
import dev.pgleader.internal.election.Participant.Work;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A few candidates, one database and the time that passes for all of them. It does for the core what a process does:
 * carries out commands one by one, brings the answers, calls at intervals, and guards the work with a watchdog.
 *
 * <p>After each single thing that happens the {@link Promises} are checked: at most one candidate believes that it
 * leads, a session or a row is given up only when the work has returned or its lease is over, and new work starts only
 * when the old has returned or has had its refractory period to stop.
 */
final class ScenarioWorld {

    static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(1);
    private static final int TOO_MANY_STEPS = 10_000;

    /** What the network does with one statement. */
    record Trip(Duration there, Duration back, boolean answerLost) {
        static final Trip AT_ONCE = new Trip(Duration.ZERO, Duration.ZERO, false);
    }

    /** Who decides what the network does. */
    interface Network {
        Trip trip(Participant sender, Statement statement);
    }

    /** Who is told what the core did with an event. */
    interface Witness {
        void saw(long realNow, Participant who, Event event, State before, Step step);
    }

    final Map<String, Participant> participants = new LinkedHashMap<>();
    final StrictDatabase database = new StrictDatabase(() -> this.realNow);

    /** Chooses in which order candidates come to act at one moment. */
    UnaryOperator<List<Participant>> order = UnaryOperator.identity();

    /** Says whether a watchdog that is due comes after the loop, for once. */
    BooleanSupplier watchdogIsLate = () -> false;

    /** Changes the time until the next look; the shell's jitter. */
    UnaryOperator<Duration> jitter = UnaryOperator.identity();

    final Promises promises = new Promises(this);

    final Wire wire;

    private final Witness witness;
    private long realNow;

    ScenarioWorld(Network network, Witness witness) {
        wire = new Wire(this, network);
        this.witness = witness;
    }

    long now() {
        return realNow;
    }

    /** Lets everything happen that is due now, one thing per candidate in turn. */
    void settle() {
        for (int steps = 0; steps < TOO_MANY_STEPS; steps++) {
            boolean acted = false;
            for (Participant each : order.apply(List.copyOf(participants.values()))) {
                if (!each.frozen && participants.containsKey(each.name) && act(each)) {
                    acted = true;
                    promises.checkOneLeader();
                }
            }
            if (!acted && !wire.deliverLate()) {
                return;
            }
        }
        throw new AssertionError("the candidates never come to rest: " + promises.describeStates());
    }

    /** Lets {@code length} pass, stopping at every moment at which somebody has something to do. */
    void advance(Duration length) {
        long end = realNow + length.toNanos();
        settle();
        for (int moments = 0; realNow < end; moments++) {
            if (moments > TOO_MANY_STEPS * 10) {
                throw new AssertionError("time does not get on: " + promises.describeStates());
            }
            long next = participants.values().stream()
                    .filter(each -> !each.frozen)
                    .mapToLong(this::nextMoment)
                    .min()
                    .orElse(end);
            next = Math.min(next, wire.nextLate());
            realNow = Math.min(end, Math.max(next, realNow + 1));
            settle();
        }
    }

    private long nextMoment(Participant who) {
        long next = who.work.map(running -> running.returnsAt).orElse(Long.MAX_VALUE);
        Optional<Work> guarded = who.work.filter(running -> !running.cancelled);
        if (guarded.isPresent()) {
            Duration trusted = guarded.get().trust.remaining(who.clocks(realNow));
            next = Math.min(next, who.realAfter(realNow, trusted));
        }
        if (who.flight.isPresent()) {
            Flight flight = who.flight.get();
            return Math.min(next, flight.answer().isPresent() ? flight.answeredAt() : flight.executesAt());
        }
        if (who.isClosed()) {
            return next;
        }
        if (who.session.isEmpty()) {
            next = Math.min(next, who.connectsAt);
        }
        Optional<Reading> wakes = who.state.wakesAt();
        if (wakes.isPresent()) {
            next = Math.min(next, who.realAfter(realNow, wakes.get().since(who.clocks(realNow))));
        }
        return Math.min(next, Math.min(who.looksAt, who.lease.renewsAt()));
    }

    /** Does one thing that {@code who} has to do now, and returns whether there was one. */
    private boolean act(Participant who) {
        return watchdogIsLate.getAsBoolean()
                ? loopActs(who) || watchdogActs(who) || workReturns(who)
                : watchdogActs(who) || workReturns(who) || loopActs(who);
    }

    /** What mail and time have ordered is carried out when all of them has been heard, and before any more of them is. */
    private boolean loopActs(Participant who) {
        if (who.flight.isPresent()) {
            return wire.flies(who, who.flight.get());
        }
        who.busy = who.busy && !who.orders.isEmpty();
        if (!who.busy && !who.mail.isEmpty()) {
            deliver(who, who.mail.remove());
            return true;
        }
        if (!who.busy && keepsTime(who)) {
            return true;
        }
        Optional<Statement> next = who.nextOrder();
        who.busy = next.isPresent();
        next.ifPresent(statement -> wire.send(who, statement));
        return next.isPresent();
    }

    private boolean keepsTime(Participant who) {
        Reading now = who.clocks(realNow);
        if (who.isClosed()) {
            return false;
        }
        if (who.session.isEmpty() && realNow >= who.connectsAt) {
            connect(who);
            return true;
        }
        if (who.session.isPresent() && who.lease.is(ProcessLease.Row.SPENT) && !who.needsSession()) {
            promises.checkMayCloseConnection(who);
            wire.closeConnection(who);
            return true;
        }
        if (who.state.wakesAt().filter(now::hasReached).isPresent()) {
            State before = who.state;
            deliver(who, new Event("ticked", State::ticked));
            if (who.state.equals(before)) {
                throw new AssertionError(who.name + " wakes for nothing in " + before);
            }
            return true;
        }
        if (realNow >= who.looksAt) {
            look(who);
            return true;
        }
        return keepsSession(who);
    }

    private boolean keepsSession(Participant who) {
        boolean canBegin = who.session.isPresent() && who.lease.is(ProcessLease.Row.NONE);
        if (canBegin && !who.orders.containsKey("Enter")) {
            who.order(new Statement.Enter());
            return true;
        }
        if (realNow >= who.lease.renewsAt()) {
            who.lease.renewing(realNow, who.needsSession());
            who.order(new Statement.Heartbeat());
            return true;
        }
        return false;
    }

    private void look(Participant who) {
        who.looksAt = realNow + jitter.apply(who.me.timings().retry()).toNanos();
        deliver(who, new Event("look due", State::lookDue));
    }

    private void connect(Participant who) {
        if (who.cut) {
            who.connectsAt = realNow + STATEMENT_TIMEOUT.toNanos();
            return;
        }
        who.session = Optional.of(database.connect(who.name, who.pooled));
        look(who);
    }

    private boolean watchdogActs(Participant who) {
        Optional<Work> over = who.work.filter(running -> !running.cancelled && !running.isHeld(who.clocks(realNow)));
        over.ifPresent(running -> {
            cancel(who, running);
            who.mail.add(new Event("trust ended", (state, me, now) -> state.trustEnded(me, running.term, now)));
        });
        return over.isPresent();
    }

    private boolean workReturns(Participant who) {
        Optional<Work> done = who.work.filter(running -> realNow >= running.returnsAt);
        done.ifPresent(running -> {
            who.work = Optional.empty();
            who.mail.add(new Event("work stopped", (state, me, now) -> state.workStopped(me, running.term, now)));
        });
        return done.isPresent();
    }

    private void cancel(Participant who, Work running) {
        if (running.cancelled) {
            return;
        }
        running.cancelled = true;
        Duration trusted = running.trust.remaining(who.clocks(realNow));
        running.untrustedSince = realNow + Math.min(0, trusted.toNanos());
        running.returnsAt = who.neverStops ? Long.MAX_VALUE : realNow + who.stopsAfter.toNanos();
    }

    void deliver(Participant who, Event event) {
        State before = who.state;
        Step step = event.happening().befall(before, who.me, who.clocks(realNow));
        who.state = step.next();
        if (who.isClosed()) {
            database.leave(who.me);
            who.orders.clear();
            wire.leave(who);
        }
        witness.saw(realNow, who, event, before, step);
        promises.require(!(before instanceof Closed) || step.commands().isEmpty(), who, "acts after it has closed");
        step.commands().forEach(command -> order(who, command));
    }

    private void order(Participant who, Command command) {
        if (command instanceof Command.StartWork start) {
            promises.checkWorkMayStart(who);
            who.work = Optional.of(new Work(start.tenure()));
            if (who.recoversAtOnce) {
                recovered(who);
            }
        } else if (command instanceof Command.ExtendTrust extend) {
            who.work
                    .filter(running -> !running.cancelled)
                    .ifPresent(running -> running.trust = extend.tenure().trust());
        } else if (command instanceof Command.StopWork stop) {
            who.work.filter(running -> running.term == stop.term()).ifPresent(running -> cancel(who, running));
        } else {
            who.order(new Statement.Ordered(command));
        }
    }

    void recovered(Participant who) {
        long term = who.work.orElseThrow().term;
        who.mail.add(new Event("recovered", (state, me, now) -> state.recovered(me, term, now)));
    }

    void fail(Participant who) {
        long term = who.work.orElseThrow().term;
        who.mail.add(new Event("work failed", (state, me, now) -> state.workFailed(me, term, now)));
    }

    Collection<Participant> others(Participant one) {
        return participants.values().stream().filter(other -> other != one).toList();
    }

    /** Returns the name of the candidate that an identity or address means; the text itself where none does. */
    String nameOf(String named) {
        return participants.values().stream()
                .filter(each -> each.me.isNamedBy(named))
                .map(each -> each.name)
                .findAny()
                .orElse(named);
    }
}
