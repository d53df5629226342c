package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Disturbance;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.BidTerms;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.Session.Looked;
import dev.pgleader.internal.runtime.Session.Outcome;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.Session.Wish;
import dev.pgleader.testing.memory.Tables.Disturbed;
import dev.pgleader.testing.memory.Tables.Newest;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the statements of one session do when they act. One thread. */
final class Statements {

    private static final int NO_ID = 0;
    private static final int NAMED_AT_MOST = 500;
    private static final Duration KEPT = Duration.ofHours(1);

    private final InMemorySession session;
    private final boolean rowOnly;
    private int id = NO_ID;
    private @Nullable UUID process;
    private @Nullable Snapshot disturbancesKnownTo;
    private @Nullable InMemoryServer knownOn;

    Statements(InMemorySession session, boolean rowOnly) {
        this.session = session;
        this.rowOnly = rowOnly;
    }

    int id() {
        return id;
    }

    private InMemoryServer server() {
        return session.reached();
    }

    private Transaction write() {
        return new Transaction(server(), Witness.Writer.LIBRARY);
    }

    // The process's lease

    int enter(Snapshot seen, UUID who, Duration goodFor, Duration refractory) {
        if (id != NO_ID) {
            throw new IllegalStateException("session " + id + " is entered twice");
        }
        Transaction write = write();
        int next = write.nextSession();
        while (!rowOnly && !server().tryLock(next, session)) {
            next = write.nextSession();
        }
        Server here = server().identity();
        write.put(
                next,
                new StoredSession(
                        who,
                        0,
                        true,
                        0,
                        goodFor,
                        refractory,
                        write.now().plus(goodFor),
                        !rowOnly,
                        rowOnly ? StoredSession.NOWHERE : here));
        Newest newest = write.tables.server;
        if (!newest.history().hasHistoryOf(here)) {
            write.put(new Newest(here.sessionless(), write.now(), Math.max(newest.front(), here.timeline())));
        }
        prune(write);
        id = next;
        process = who;
        known(seen);
        write.commit(true);
        return next;
    }

    private void known(Snapshot seen) {
        disturbancesKnownTo = seen;
        knownOn = server();
    }

    private void prune(Transaction write) {
        List<Integer> old = write.tables
                .sessions
                .entries()
                .filter(row -> !row.getValue().runsAt(write.now().minus(KEPT)))
                .map(Map.Entry::getKey)
                .filter(key -> write.tables.elections.rows().noneMatch(row -> row.session()
                        .equals(Optional.of(key))))
                .toList();
        for (int each : old) {
            write.removeSession(each);
            write.withdrawAllOf(each);
        }
    }

    Renewal renew(Snapshot seen, int which, Duration goodFor, boolean holds) {
        Transaction write = write();
        StoredSession row = write.tables.sessionsDropped ? null : write.tables.sessions.get(which);
        if (row == null || !row.process().equals(process) || !row.runsAt(write.now())) {
            return new Renewal.Refused();
        }
        if (server().isSessionLocked(which)) {
            return new Renewal.PassedOver();
        }
        StoredSession renewed = row.renewed(goodFor, write.now());
        write.put(which, renewed);
        write.commit(true);
        session.mustNotFallSilent(holds && !rowOnly);
        Disturbance disturbance = disturbance(seen, which);
        known(seen);
        return new Renewal.Renewed(renewed.expiresAt(), disturbance);
    }

    private Disturbance disturbance(Snapshot seen, int which) {
        if (knownOn != server()) {
            return new Disturbance(true, Set.of());
        }
        int known = Objects.requireNonNull(disturbancesKnownTo).commits();
        List<Disturbed> since = seen.tables()
                .disturbed
                .rows()
                .filter(each -> each.commit() > known && each.concerns(which))
                .toList();
        Set<String> named =
                since.stream().flatMap(each -> each.election().stream()).collect(Collectors.toSet());
        boolean everything = since.stream().anyMatch(each -> each.election().isEmpty());
        return everything || named.size() > NAMED_AT_MOST
                ? new Disturbance(true, Set.of())
                : new Disturbance(false, named);
    }

    int leave(int which) {
        Transaction write = write();
        boolean named =
                write.tables.elections.rows().anyMatch(row -> row.session().equals(Optional.of(which)));
        if (!named) {
            write.removeSession(which);
            server().unlock(which, session);
        }
        write.withdrawAllOf(which);
        write.commit(false);
        return which;
    }

    // Elections

    Looked look(Snapshot seen, Collection<String> elections) {
        return looked(seen, elections, election -> seen.tables().shown(election, seen.now()));
    }

    Looked watch(Snapshot seen, Collection<String> elections) {
        return looked(seen, elections, seen.tables()::watched);
    }

    private static Looked looked(Snapshot seen, Collection<String> elections, Function<String, Optional<Row>> shown) {
        Map<String, Found> rows = new HashMap<>();
        for (String election : distinct(elections, Function.identity())) {
            shown.apply(election)
                    .ifPresent(row -> rows.put(
                            election, new Found(row, seen.tables().remaining(election, seen.now()), Optional.empty())));
        }
        return new Looked(rows, seen.here(), seen.micros());
    }

    Collection<String> register(Collection<String> elections, Duration lease) {
        Transaction write = write();
        Server here = server().identity();
        boolean newHistory = !write.tables.server.history().hasHistoryOf(here)
                || write.tables.server.since().isAfter(write.now().minus(lease));
        boolean suspicious = newHistory || server().hasLockWithoutSession(write.now());
        for (String election : distinct(elections, Function.identity())) {
            if (write.tables.election(election) == null && !server().foreign().isRegistering(election)) {
                boolean led = write.tables.termsOf(election).anyMatch(term -> !term.settled());
                write.insert(election, StoredRow.registered(!suspicious && !led, lease, here));
            }
        }
        write.commit(true);
        return elections;
    }

    Outcome bid(Snapshot seen, BidTerms terms, List<Bid> bids) {
        distinct(bids, Bid::election);
        UUID mine = Objects.requireNonNull(process, "bids come after the entry");
        Outcome outcome = new Bidding(seen, server(), mine, terms).bid(bids);
        if (!outcome.won().isEmpty()) {
            session.mustNotFallSilent(!rowOnly);
        }
        return outcome;
    }

    Set<String> lead(List<Held> held) {
        Transaction write = write();
        Set<String> ready = new HashSet<>();
        for (Held each : distinct(held, Held::election)) {
            StoredRow row = write.tables.election(each.election());
            if (row != null && row.isHeldBy(each) && !server().foreign().isLocked(each.election())) {
                write.update(each.election(), row.leading());
                write.announce(each.election(), News.CHANGED);
                ready.add(each.election());
            }
        }
        write.commit(true);
        return ready;
    }

    Set<String> vacate(List<Vacation> vacations, boolean atOnce) {
        Transaction write = write();
        Set<String> gone = new HashSet<>();
        for (Vacation each : distinct(vacations, vacation -> vacation.held().election())) {
            Held held = each.held();
            String election = held.election();
            StoredRow row = write.tables.election(election);
            if (row == null || !row.isHeldBy(held)) {
                gone.add(election);
            } else if (!server().foreign().isLocked(election)) {
                Row shown = write.tables.shown(election, write.now()).orElseThrow();
                write.tell(() -> server().witness().ended(server(), election, shown, each.loss(), atOnce));
                write.update(election, vacated(write, each, row, atOnce));
                write.announce(election, atOnce ? News.VACATED : News.CHANGED);
                gone.add(election);
            }
        }
        write.commit(false);
        return gone;
    }

    private StoredRow vacated(Transaction write, Vacation vacation, StoredRow row, boolean atOnce) {
        Server here = server().identity();
        Held held = vacation.held();
        Optional<String> next =
                write.tables.present(held.election(), vacation.successor(), held.candidate(), write.now());
        return row.vacated(vacation.loss(), next, atOnce && row.ownHand() && row.isOfThisHistory(here), here);
    }

    // The list, and what is wished

    Collection<Wish> askToResign(List<Wish> wishes) {
        Transaction write = write();
        for (Wish wish : distinct(wishes, Wish::election)) {
            StoredRow row = write.tables.election(wish.election());
            if (row != null && row.candidate().equals(Optional.of(wish.candidate())) && row.term() == wish.term()) {
                throw new IllegalArgumentException(wish + " is a candidate's own leadership");
            }
            boolean present = write.tables.present(wish.election(), write.now()).anyMatch(each -> each.candidate()
                    .equals(wish.candidate()));
            boolean asked = write.tables.request(wish.election(), wish.term()).isPresent();
            if (row != null && row.term() == wish.term() && present && !asked) {
                Optional<String> successor = Optional.of(wish.candidate().toString());
                write.ask(wish.election(), wish.term(), new Succession.Request(successor, true));
            }
        }
        write.commit(false);
        return wishes;
    }

    Collection<Enrolment> enroll(int which, List<Enrolment> candidates) {
        Transaction write = write();
        candidates.forEach(each -> write.enroll(which, each));
        write.commit(false);
        return candidates;
    }

    Collection<Enrolment> withdraw(List<Enrolment> candidates) {
        Transaction write = write();
        candidates.forEach(each -> write.withdraw(each.election(), each.candidate()));
        write.commit(false);
        return candidates;
    }

    int listed(Snapshot seen, int which) {
        return (int) seen.tables()
                .candidates
                .rows()
                .filter(each -> each.session() == which)
                .count();
    }

    Collection<String> announce(Collection<String> elections) {
        elections.forEach(election -> server().announce(election, News.CHANGED));
        return elections;
    }

    private static <T, K> Collection<T> distinct(Collection<T> items, Function<T, K> key) {
        if (items.stream().map(key).distinct().count() != items.size()) {
            throw new IllegalArgumentException("named twice in one statement: " + items);
        }
        return items;
    }
}
