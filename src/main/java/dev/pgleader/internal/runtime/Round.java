package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Command;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Timings;
import java.time.Duration;
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
 * <p>Heartbeats go first, because a leader's trust depends on them; looks go last. A candidate registers before it asks a
 * leader to resign, because an unregistered candidate is ignored.
 */
final class Round {

    /** How many rows one statement reads, so that a heartbeat need not wait for long behind it. */
    private static final int MOST_ROWS = 5_000;

    private final Ticker ticker;
    private final Duration statementTimeout;
    private final SessionLease lease;
    private final Contenders contenders;
    private final Heartbeats heartbeats;
    private final Orders orders = new Orders();
    private final HeldRows heldRows;
    private final Set<Onlooker> onlookers = new LinkedHashSet<>();
    private @Nullable RollCall rollCall;
    private boolean entryWanted;

    /** Brings the list of candidates up to date. */
    interface RollCall {
        void with(Session session) throws SessionException;
    }

    Round(Ticker ticker, Pace pace, SessionLease lease, Contenders contenders) {
        this.ticker = ticker;
        this.statementTimeout = pace.statementTimeout();
        this.lease = lease;
        this.contenders = contenders;
        this.heartbeats = new Heartbeats(ticker, pace, lease, contenders, this);
        this.heldRows = new HeldRows(ticker, orders, this);
    }

    void add(Contender contender, Command command) {
        orders.add(contender, command);
    }

    /** Drops what was ordered for a candidate that has closed since. */
    void forget(Contender closed) {
        orders.forget(closed);
    }

    /** Has the next look show its row to somebody. */
    void add(Onlooker onlooker) {
        onlookers.add(onlooker);
    }

    /** Has the list of candidates brought up to date, when nothing else is to be done. */
    void add(RollCall call) {
        rollCall = call;
    }

    /** Has this process make its row, before it bids. */
    void enter() {
        entryWanted = true;
    }

    /** Has the row extended, or a sign of life sent where it is over; that was due at {@code due}. */
    void renew(Reading due) {
        heartbeats.renew(due);
    }

    boolean isEmpty() {
        return orders.isEmpty() && onlookers.isEmpty() && rollCall == null && !entryWanted && !heartbeats.isDue();
    }

    /** Drops everything, since there is no session; onlookers are told {@code why}, or wait on for one that is being opened. */
    void drop(Optional<String> why) {
        orders.clear();
        rollCall = null;
        entryWanted = false;
        heartbeats.drop();
        why.ifPresent(reason -> drainOnlookers().forEach(onlooker -> onlooker.unanswerable(reason)));
    }

    /** Carries out the most urgent kind of what there is, in one statement; the answers may add more. */
    void execute(Session session) throws SessionException {
        if (heartbeats.isDue()) {
            heartbeats.execute(session);
        } else if (orders.has(Command.Vacate.class)) {
            heldRows.vacate(session);
        } else if (orders.has(Command.Detach.class)) {
            heldRows.detach(session);
        } else if (entryWanted) {
            enter(session);
        } else if (orders.has(Command.Bid.class)) {
            bid(session);
        } else if (orders.has(Command.Lead.class)) {
            heldRows.lead(session);
        } else if (orders.has(Command.Announce.class)) {
            session.announce(names(orders.drain(Command.Announce.class).keySet()));
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

    private void enter(Session session) throws SessionException {
        entryWanted = false;
        Reading sentAt = ticker.read();
        orNothing(() -> session.enter(
                        lease.process(), lease.presence(), lease.timings().refractory()))
                .ifPresent(id -> lease.begun(id, sentAt));
    }

    private void bid(Session session) throws SessionException {
        Map<Contender, Command.Bid> asked = orders.drain(Command.Bid.class, Session.MOST_BIDS);
        Reading sentAt = ticker.read();
        Timings timings = lease.timings();
        Session.BidTerms terms =
                new Session.BidTerms(lease.id(), timings.lease(), timings.refractory(), timings.onSessionEnd());
        List<Session.Bid> bids = new ArrayList<>(asked.size());
        asked.forEach((contender, bid) -> bids.add(Bids.of(contender, bid, sentAt, statementTimeout)));
        boolean late = lease.runs() && lease.isLate(sentAt);
        Optional<Session.Outcome> outcome =
                lease.runs() && !late ? orNothing(() -> session.bid(terms, bids)) : Optional.empty();
        Reading now = ticker.read();
        if (outcome.isEmpty()) {
            asked.keySet().forEach(contender -> contender.step(this, now, (state, me, at) -> state.notNow(me, at)));
            if (late) {
                spend(Loss.EXPIRED, lease.end(), now);
            }
            return;
        }
        boolean wins = !outcome.get().won().isEmpty();
        boolean counts = !wins || !lease.isLate(now);
        if (wins && counts) {
            lease.won(sentAt, !contenders.anyNeedsSession());
        } else if (asked.values().stream()
                .anyMatch(bid -> bid.evidence().ripeSince().isPresent())) {
            lease.doubted(now);
        }
        asked.keySet().forEach(contender -> deliver(contender, outcome.get(), counts, sentAt, now));
        if (!counts) {
            spend(Loss.EXPIRED, sentAt.plus(timings.lease()), now);
        }
    }

    /** A leadership that was won by an answer that came too late is found in its row again, over another session. */
    private void deliver(Contender contender, Session.Outcome outcome, boolean counts, Reading sentAt, Reading now) {
        Session.Found row = outcome.seen().rows().get(contender.election());
        Session.Won won = outcome.won().get(contender.election());
        if (row == null) {
            contender.step(this, now, (state, me, at) -> state.rowMissing(me, at));
            return;
        }
        Sighting before = Bids.sighting(row, outcome.seen(), lease, sentAt, now);
        if (won == null) {
            contender.principal().sighted(before);
            contender.step(this, now, (state, me, at) -> state.bidLost(me, before));
        } else if (counts) {
            contender
                    .principal()
                    .sighted(Bids.afterWinning(
                            contender, before, won, lease, outcome.expiresAt().orElseThrow()));
            contender.step(this, now, (state, me, at) -> state.taken(me, before, lease.id(), won.term(), at));
        } else {
            contender.step(this, now, (state, me, at) -> state.notNow(me, at));
        }
    }

    /** The session's row is over: everything that it held is lost, and nothing extends it any more. */
    void spend(Loss loss, Reading leaseEnd, Reading now) {
        lease.spend();
        contenders.toAll(this, now, (state, me, at) -> state.leaseLost(me, loss, leaseEnd, at));
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
        Set<Contender> asked = orders.drain(Command.Register.class, MOST_ROWS).keySet();
        orNothing(() -> {
                    session.register(names(asked), lease.timings().lease());
                    return asked;
                })
                .ifPresent(created -> created.forEach(contender -> orders.add(contender, new Command.Look())));
    }

    private void look(Session session) throws SessionException {
        Set<Contender> asked = orders.drain(Command.Look.class, MOST_ROWS).keySet();
        List<Onlooker> looking = drainOnlookers();
        Set<String> names = new LinkedHashSet<>(names(asked));
        looking.forEach(onlooker -> names.add(onlooker.election()));
        Reading askedAt = ticker.read();
        Optional<Session.Looked> looked = orNothing(() -> asked.isEmpty() ? session.watch(names) : session.look(names));
        Reading now = ticker.read();
        if (looked.isEmpty()) {
            looking.forEach(onlooker -> onlooker.unanswerable("the table is locked by another transaction"));
            return;
        }
        Map<String, Sighting> seen = new LinkedHashMap<>();
        looked.get()
                .rows()
                .forEach((election, row) -> seen.put(election, Bids.sighting(row, looked.get(), lease, askedAt, now)));
        for (Onlooker onlooker : looking) {
            Sighting row = seen.get(onlooker.election());
            if (row == null) {
                onlooker.sawNothing(askedAt);
            } else {
                onlooker.saw(row);
            }
        }
        asked.forEach(contender -> show(contender, Optional.ofNullable(seen.get(contender.election())), now));
    }

    /** Shows a candidate its row. */
    void show(Contender contender, Optional<Sighting> row, Reading now) {
        if (row.isEmpty()) {
            contender.step(this, now, (state, me, at) -> state.rowMissing(me, at));
        } else {
            contender.principal().sighted(row.get());
            contender.step(this, now, (state, me, at) -> state.looked(me, row.get()));
        }
    }

    /** A statement that may find a lock in its way. */
    interface Statement<T> {
        T execute() throws SessionException, BusyException;
    }

    static <T> Optional<T> orNothing(Statement<T> statement) throws SessionException {
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
