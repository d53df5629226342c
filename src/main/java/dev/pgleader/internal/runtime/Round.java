package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Command;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Timings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands of all elections, gathered by kind so that each kind is one statement. Loop thread only.
 *
 * <p>Heartbeats go first because somebody's trust hangs on them, and looks last because nothing does. Nobody asks for a
 * post who has not yet said that it is there: it would not be heard.
 */
final class Round {

    private final Ticker ticker;
    private final Punctuality punctuality;
    private final Orders orders = new Orders();
    private final Set<Onlooker> onlookers = new LinkedHashSet<>();
    private final Registrations registrations = new Registrations();
    private @Nullable RollCall rollCall;

    /** Brings the list of candidates up to date. */
    interface RollCall {
        void with(Session session) throws SessionException;
    }

    Round(Ticker ticker, Punctuality punctuality) {
        this.ticker = ticker;
        this.punctuality = punctuality;
    }

    void add(Contender contender, Command command) {
        orders.add(contender, command);
    }

    /** Has the next look show its row to somebody. */
    void add(Onlooker onlooker) {
        onlookers.add(onlooker);
    }

    /** Has the list of candidates brought up to date, when nothing else is to be done. */
    void add(RollCall call) {
        rollCall = call;
    }

    /** The heartbeats that are added next were due at this time. */
    void beatDue(Reading at) {
        punctuality.due(at);
    }

    boolean isEmpty() {
        return orders.isEmpty() && onlookers.isEmpty() && rollCall == null;
    }

    /** Drops everything, since there is no session; onlookers are told {@code why}, or wait on for one that is being opened. */
    void drop(Optional<String> why) {
        orders.clear();
        registrations.clear();
        rollCall = null;
        why.ifPresent(reason -> drainOnlookers().forEach(onlooker -> onlooker.unanswerable(reason)));
    }

    /** Carries out the most urgent kind of what there is, in one statement; the answers may add more. */
    void execute(Session session) throws SessionException {
        if (orders.has(Command.Heartbeat.class)) {
            try {
                heartbeat(session);
            } finally {
                punctuality.judge();
            }
        } else if (orders.has(Command.Vacate.class)) {
            vacate(session);
        } else if (orders.has(Command.Unlock.class) || orders.has(Command.Announce.class)) {
            release(session);
        } else if (orders.has(Command.EndBackend.class)) {
            endBackends(session);
        } else if (orders.has(Command.Take.class)) {
            take(session);
        } else if (orders.has(Command.TryLock.class)) {
            tryLock(session);
        } else if (orders.has(Command.AskToResign.class) && rollCall == null) {
            askToResign(session);
        } else if (orders.has(Command.Register.class)) {
            register(session);
        } else if (orders.has(Command.Look.class) || !onlookers.isEmpty()) {
            look(session);
        } else if (rollCall != null) {
            RollCall call = rollCall;
            rollCall = null;
            call.with(session);
        }
    }

    private void heartbeat(Session session) throws SessionException {
        Map<Contender, Command.Heartbeat> asked = orders.drain(Command.Heartbeat.class);
        List<Session.Beat> beats = new ArrayList<>(asked.size());
        asked.forEach((contender, beat) -> beats.add(
                new Session.Beat(contender.election(), contender.candidate().id(), beat.term(), beat.phase())));
        Reading sentAt = ticker.read();
        punctuality.sent(sentAt);
        Map<String, Session.Renewal> answers;
        try {
            answers = session.heartbeat(beats);
        } catch (BusyException busy) {
            return;
        }
        Reading now = ticker.read();
        punctuality.answered(now);
        asked.forEach((contender, beat) -> {
            Session.Renewal answer = answers.get(contender.election());
            if (answer instanceof Session.Renewal.Renewed renewed) {
                contender.principal().renewed(beat.term(), renewed.expiresAt());
                contender.step(this, now, (state, me, at) -> state.renewed(me, beat.term(), sentAt, at));
                renewed.request().ifPresent(request -> contender.step(this, now, Event.resignAsked(request)));
            } else if (answer instanceof Session.Renewal.PassedOver) {
                contender.step(this, now, (state, me, at) -> state.ticked(me, at));
            } else {
                contender.step(this, now, (state, me, at) -> state.renewalRefused(me, beat.term(), at));
            }
        });
    }

    private void vacate(Session session) throws SessionException {
        Map<Contender, Command.Vacate> asked = orders.drain(Command.Vacate.class);
        List<Session.Holding> holdings = new ArrayList<>(asked.size());
        asked.forEach((contender, vacate) -> holdings.add(new Session.Holding(
                contender.election(), contender.candidate().id(), vacate.term(), vacate.loss(), vacate.heir())));
        Set<String> vacated = orNothing(() -> session.vacate(holdings)).orElse(Set.of());
        Reading now = ticker.read();
        for (Contender contender : asked.keySet()) {
            if (vacated.contains(contender.election())) {
                contender.step(this, now, (state, me, at) -> state.vacated(me, at));
            } else {
                contender.step(this, now, (state, me, at) -> state.vacateRefused(me, at));
            }
        }
    }

    private void release(Session session) throws SessionException {
        List<Integer> unlocked = orders.drain(Command.Unlock.class).values().stream()
                .map(Command.Unlock::lockId)
                .toList();
        session.release(unlocked, names(orders.drain(Command.Announce.class).keySet()));
    }

    private void endBackends(Session session) throws SessionException {
        Map<String, Row> condemned = new LinkedHashMap<>();
        orders.drain(Command.EndBackend.class)
                .forEach((contender, end) -> condemned.put(contender.election(), end.condemned()));
        orNothing(() -> {
            session.endBackends(condemned);
            return condemned;
        });
    }

    private void take(Session session) throws SessionException {
        Map<Contender, Command.Take> asked = orders.drain(Command.Take.class);
        List<Session.Bid> bids = new ArrayList<>(asked.size());
        asked.forEach((contender, take) -> {
            Timings timings = contender.candidate().timings();
            bids.add(new Session.Bid(
                    contender.enrolment(),
                    timings.lease(),
                    timings.refractory(),
                    contender.config().termsKept(),
                    take.claim(),
                    take.seenOn()));
        });
        Reading sentAt = ticker.read();
        Map<String, Session.Found> taken = orNothing(() -> session.take(bids)).orElse(Map.of());
        Reading now = ticker.read();
        for (Contender contender : asked.keySet()) {
            Session.Found row = taken.get(contender.election());
            if (row != null) {
                contender.principal().sighted(sighting(row, sentAt, now));
                contender.step(
                        this, now, (state, me, at) -> state.taken(me, row.row().term(), sentAt, at));
            } else {
                contender.step(this, now, (state, me, at) -> state.takeRefused(me, at));
            }
        }
    }

    private void tryLock(Session session) throws SessionException {
        Map<Contender, Command.TryLock> asked = orders.drain(Command.TryLock.class);
        Map<String, Integer> lockIds = new LinkedHashMap<>();
        asked.forEach((contender, lock) -> lockIds.put(contender.election(), lock.lockId()));
        Set<String> granted = orNothing(() -> session.tryLock(lockIds)).orElse(Set.of());
        Reading now = ticker.read();
        for (Contender contender : asked.keySet()) {
            if (granted.contains(contender.election())) {
                contender.step(this, now, (state, me, at) -> state.lockTaken(me, at));
            } else {
                contender.step(this, now, (state, me, at) -> state.lockRefused(me, at));
            }
        }
    }

    private void askToResign(Session session) throws SessionException {
        List<Session.Wish> asked = new ArrayList<>();
        orders.drain(Command.AskToResign.class)
                .forEach((contender, ask) -> asked.add(new Session.Wish(
                        contender.election(), ask.term(), contender.candidate().id())));
        orNothing(() -> {
            session.askToResign(asked);
            return asked;
        });
    }

    private void register(Session session) throws SessionException {
        Set<Contender> asked = orders.drain(Command.Register.class).keySet();
        orNothing(() -> {
                    session.register(names(asked));
                    return asked;
                })
                .ifPresent(created -> created.forEach(contender -> {
                    registrations.created(contender);
                    orders.add(contender, new Command.Look());
                }));
    }

    private void look(Session session) throws SessionException {
        Set<Contender> asked = orders.drain(Command.Look.class).keySet();
        List<Onlooker> looking = drainOnlookers();
        Set<String> names = new LinkedHashSet<>(names(asked));
        looking.forEach(onlooker -> names.add(onlooker.election()));
        Reading askedAt = ticker.read();
        Optional<Map<String, Session.Found>> found =
                orNothing(() -> asked.isEmpty() ? session.watch(names) : session.look(names));
        Reading now = ticker.read();
        if (found.isEmpty()) {
            looking.forEach(onlooker -> onlooker.unanswerable("the table is locked by somebody"));
            return;
        }
        for (Onlooker onlooker : looking) {
            Session.Found row = found.get().get(onlooker.election());
            if (row == null) {
                onlooker.sawNothing(askedAt);
            } else {
                onlooker.saw(sighting(row, askedAt, now));
            }
        }
        for (Contender contender : asked) {
            Session.Found row = found.get().get(contender.election());
            if (row == null) {
                if (!registrations.isHidden(contender)) {
                    contender.step(this, now, (state, me, at) -> state.rowMissing(me, at));
                }
            } else {
                registrations.seen(contender);
                Sighting seen = sighting(row, askedAt, now);
                contender.principal().sighted(seen);
                contender.step(this, now, (state, me, at) -> state.looked(me, seen));
            }
        }
    }

    private static Sighting sighting(Session.Found row, Reading askedAt, Reading now) {
        return new Sighting(row.row(), row.seenOn(), row.remaining(), askedAt, now);
    }

    /** A statement that may find somebody's lock in its way. */
    private interface Statement<T> {
        T execute() throws SessionException, BusyException;
    }

    private static <T> Optional<T> orNothing(Statement<T> statement) throws SessionException {
        try {
            return Optional.of(statement.execute());
        } catch (BusyException busy) {
            return Optional.empty();
        }
    }

    private static List<String> names(Collection<Contender> contenders) {
        return contenders.stream().map(Contender::election).toList();
    }

    private List<Onlooker> drainOnlookers() {
        List<Onlooker> taken = List.copyOf(onlookers);
        onlookers.clear();
        return taken;
    }
}
