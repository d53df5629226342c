package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Command;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Timings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The commands of all elections, gathered by kind so that each kind is one statement. Loop thread only.
 *
 * <p>Heartbeats go first because somebody's trust hangs on them, and looks last because nothing does.
 */
final class Round {

    private final Ticker ticker;
    private final Map<Contender, Command.Heartbeat> heartbeats = new LinkedHashMap<>();
    private final Map<Contender, Command.Vacate> vacates = new LinkedHashMap<>();
    private final Set<Integer> unlocks = new LinkedHashSet<>();
    private final Set<String> announcements = new LinkedHashSet<>();
    private final Map<String, Row> condemned = new LinkedHashMap<>();
    private final Map<Contender, Command.Take> takes = new LinkedHashMap<>();
    private final Map<Contender, Command.TryLock> locks = new LinkedHashMap<>();
    private final Set<Contender> registrations = new LinkedHashSet<>();
    private final Set<Contender> looks = new LinkedHashSet<>();
    private final List<Inquiry> inquiries = new ArrayList<>();

    Round(Ticker ticker) {
        this.ticker = ticker;
    }

    void add(Contender contender, Command command) {
        if (command instanceof Command.Heartbeat heartbeat) {
            heartbeats.put(contender, heartbeat);
        } else if (command instanceof Command.Vacate vacate) {
            vacates.put(contender, vacate);
        } else if (command instanceof Command.Unlock unlock) {
            unlocks.add(unlock.lockId());
        } else if (command instanceof Command.Announce) {
            announcements.add(contender.election());
        } else if (command instanceof Command.EndBackend end) {
            condemned.put(contender.election(), end.condemned());
        } else if (command instanceof Command.Take take) {
            takes.put(contender, take);
        } else if (command instanceof Command.TryLock lock) {
            locks.put(contender, lock);
        } else if (command instanceof Command.Register) {
            registrations.add(contender);
        } else if (command instanceof Command.Look) {
            looks.add(contender);
        } else {
            throw new IllegalArgumentException("not for a round: " + command);
        }
    }

    void add(Inquiry inquiry) {
        inquiries.add(inquiry);
    }

    boolean isEmpty() {
        return heartbeats.isEmpty()
                && vacates.isEmpty()
                && unlocks.isEmpty()
                && announcements.isEmpty()
                && condemned.isEmpty()
                && takes.isEmpty()
                && locks.isEmpty()
                && registrations.isEmpty()
                && looks.isEmpty()
                && inquiries.isEmpty();
    }

    /** Drops everything, because there is no session to do it with; inquirers are told {@code why}. */
    void drop(String why) {
        heartbeats.clear();
        vacates.clear();
        unlocks.clear();
        announcements.clear();
        condemned.clear();
        takes.clear();
        locks.clear();
        registrations.clear();
        looks.clear();
        drain(inquiries).forEach(inquiry -> inquiry.unanswerable(why));
    }

    /** Carries out the most urgent kind of what there is, in one statement; the answers may add more. */
    void execute(Session session) throws SessionException {
        if (!heartbeats.isEmpty()) {
            heartbeat(session);
        } else if (!vacates.isEmpty()) {
            vacate(session);
        } else if (!unlocks.isEmpty() || !announcements.isEmpty()) {
            session.release(drain(unlocks), drain(announcements));
        } else if (!condemned.isEmpty()) {
            endBackends(session);
        } else if (!takes.isEmpty()) {
            take(session);
        } else if (!locks.isEmpty()) {
            tryLock(session);
        } else if (!registrations.isEmpty()) {
            register(session);
        } else {
            look(session);
        }
    }

    private void heartbeat(Session session) throws SessionException {
        Map<Contender, Command.Heartbeat> asked = drain(heartbeats);
        List<Session.Beat> beats = new ArrayList<>(asked.size());
        asked.forEach((contender, beat) -> beats.add(
                new Session.Beat(contender.election(), contender.candidate().id(), beat.term(), beat.phase())));
        Reading sentAt = ticker.read();
        Map<String, Session.Renewal> answers;
        try {
            answers = session.heartbeat(beats);
        } catch (BusyException busy) {
            return;
        }
        Reading now = ticker.read();
        asked.forEach((contender, beat) -> {
            Session.Renewal answer = answers.get(contender.election());
            if (answer instanceof Session.Renewal.Renewed renewed) {
                contender.principal().renewed(beat.term(), renewed.expiresAt());
                contender.step(this, (state, me) -> state.renewed(me, beat.term(), sentAt, now));
            } else if (answer instanceof Session.Renewal.PassedOver) {
                contender.step(this, (state, me) -> state.ticked(me, now));
            } else {
                contender.step(this, (state, me) -> state.renewalRefused(me, beat.term(), now));
            }
        });
    }

    private void vacate(Session session) throws SessionException {
        Map<Contender, Command.Vacate> asked = drain(vacates);
        List<Session.Holding> holdings = new ArrayList<>(asked.size());
        asked.forEach((contender, vacate) -> holdings.add(
                new Session.Holding(contender.election(), contender.candidate().id(), vacate.term())));
        Set<String> vacated = orNothing(() -> session.vacate(holdings)).orElse(Set.of());
        Reading now = ticker.read();
        for (Contender contender : asked.keySet()) {
            if (vacated.contains(contender.election())) {
                contender.step(this, (state, me) -> state.vacated(me, now));
            } else {
                contender.step(this, (state, me) -> state.vacateRefused(me, now));
            }
        }
    }

    private void endBackends(Session session) throws SessionException {
        Map<String, Row> asked = drain(condemned);
        orNothing(() -> {
            session.endBackends(asked);
            return asked;
        });
    }

    private void take(Session session) throws SessionException {
        Map<Contender, Command.Take> asked = drain(takes);
        List<Session.Bid> bids = new ArrayList<>(asked.size());
        asked.forEach((contender, take) -> {
            Timings timings = contender.candidate().timings();
            bids.add(new Session.Bid(
                    contender.election(),
                    contender.candidate().id(),
                    contender.address(),
                    timings.lease(),
                    timings.refractory(),
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
                contender.step(this, (state, me) -> state.taken(me, row.row().term(), sentAt, now));
            } else {
                contender.step(this, (state, me) -> state.takeRefused(me, now));
            }
        }
    }

    private void tryLock(Session session) throws SessionException {
        Map<Contender, Command.TryLock> asked = drain(locks);
        Map<String, Integer> lockIds = new LinkedHashMap<>();
        asked.forEach((contender, lock) -> lockIds.put(contender.election(), lock.lockId()));
        Set<String> granted = orNothing(() -> session.tryLock(lockIds)).orElse(Set.of());
        Reading now = ticker.read();
        for (Contender contender : asked.keySet()) {
            if (granted.contains(contender.election())) {
                contender.step(this, (state, me) -> state.lockTaken(me, now));
            } else {
                contender.step(this, (state, me) -> state.lockRefused(me, now));
            }
        }
    }

    private void register(Session session) throws SessionException {
        Set<Contender> asked = drain(registrations);
        if (!asked.isEmpty()) {
            orNothing(() -> {
                        session.register(asked.stream().map(Contender::election).toList());
                        return asked;
                    })
                    .ifPresent(looks::addAll);
        }
    }

    private void look(Session session) throws SessionException {
        Set<Contender> asked = drain(looks);
        List<Inquiry> asking = drain(inquiries);
        Set<String> names = new LinkedHashSet<>();
        asked.forEach(contender -> names.add(contender.election()));
        asking.forEach(inquiry -> names.add(inquiry.election()));
        Reading askedAt = ticker.read();
        Optional<Map<String, Session.Found>> found = orNothing(() -> session.look(names));
        Reading now = ticker.read();
        if (found.isEmpty()) {
            asking.forEach(inquiry -> inquiry.unanswerable("the table is locked by somebody"));
            return;
        }
        asking.forEach(inquiry -> inquiry.answer(
                Optional.ofNullable(found.get().get(inquiry.election())).map(row -> sighting(row, askedAt, now))));
        for (Contender contender : asked) {
            Session.Found row = found.get().get(contender.election());
            if (row == null) {
                contender.step(this, (state, me) -> state.rowMissing(me, now));
            } else {
                Sighting seen = sighting(row, askedAt, now);
                contender.principal().sighted(seen);
                contender.step(this, (state, me) -> state.looked(me, seen));
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

    private static <K, V> Map<K, V> drain(Map<K, V> gathered) {
        Map<K, V> taken = new LinkedHashMap<>(gathered);
        gathered.clear();
        return taken;
    }

    private static <T> Set<T> drain(Set<T> gathered) {
        Set<T> taken = new LinkedHashSet<>(gathered);
        gathered.clear();
        return taken;
    }

    private static <T> List<T> drain(List<T> gathered) {
        List<T> taken = List.copyOf(gathered);
        gathered.clear();
        return taken;
    }
}
