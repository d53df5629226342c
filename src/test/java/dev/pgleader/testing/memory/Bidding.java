package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.BidTerms;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Looked;
import dev.pgleader.internal.runtime.Session.Outcome;
import dev.pgleader.internal.runtime.Session.Won;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The statement that judges which elections may be taken, and takes them: it judges what its snapshot shows, and takes what
 * is still the same when it acts. One thread.
 */
final class Bidding {

    /** On which grounds an election is taken. */
    public enum Ground {
        /** The library vacated it. */
        RELEASED,
        /** It names the candidate itself. */
        OWN,
        /** Nothing about it has moved for long enough. */
        STOOD_STILL,
        /** Its holder's session is over and the lock of it is free. */
        OVER,
        /** The lock of its holder's session has been free for long enough. */
        SESSION_ENDED
    }

    private static final long TERMS_PER_FRONT = 1_000_000_000_000L;
    private static final long FIRST_MILLI =
            Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();

    private final Snapshot seen;
    private final BidTerms terms;
    private final InMemoryServer server;
    private final UUID process;

    /** The answer to each question after a lock: one for each session. */
    private final Map<Integer, Optional<Boolean>> locks = new HashMap<>();

    Bidding(Snapshot seen, InMemoryServer server, UUID process, BidTerms terms) {
        this.seen = seen;
        this.server = server;
        this.process = process;
        this.terms = terms;
    }

    Outcome bid(List<Bid> bids) {
        Map<String, Found> rows = new HashMap<>();
        Map<Bid, Ground> ripe = new LinkedHashMap<>();
        for (Bid bid : bids) {
            StoredRow row = seen.tables().election(bid.election());
            if (row != null) {
                rows.put(bid.election(), found(bid.election(), row));
                judge(bid, row).ifPresent(ground -> ripe.put(bid, ground));
            }
        }
        Looked looked = new Looked(rows, seen.here(), seen.micros());
        Map<Bid, Ground> free = new LinkedHashMap<>(ripe);
        free.keySet().removeIf(bid -> !isFree(bid));
        return free.isEmpty() ? new Outcome(looked, Map.of(), Optional.empty()) : take(looked, free);
    }

    private Found found(String election, StoredRow row) {
        Optional<Boolean> lockFree = row.session().flatMap(this::lockFree);
        return new Found(
                seen.tables().shown(election, seen.now()).orElseThrow(),
                seen.tables().remaining(election, seen.now()),
                lockFree);
    }

    /** Asks for the lock of a session, once, where that can prove anything. */
    private Optional<Boolean> lockFree(int session) {
        StoredSession row = seen.tables().sessions.get(session);
        if (row == null || session == terms.session() || !row.locked()) {
            return Optional.empty();
        }
        boolean here = row.server().equals(server.identity());
        boolean worthAsking = here && (!row.runsAt(seen.now()) || terms.onSessionEnd());
        return worthAsking
                ? locks.computeIfAbsent(session, id -> Optional.of(server.isLockFree(id)))
                : Optional.empty();
    }

    // The judgement, on the snapshot

    private Optional<Ground> judge(Bid bid, StoredRow row) {
        Optional<Ground> ground = ground(bid, row);
        boolean insists = bid.insists() && isUnchanged(bid, row);
        boolean others = !insists && isForOthers(bid, row);
        boolean tooEarly =
                bid.notBefore().isPresent() && row.term() <= bid.notBefore().getAsLong() && !isHandedTo(bid, row);
        return others || tooEarly || nextTerm(row, bid.election(), seen.now()) > Row.LARGEST_TERM
                ? Optional.empty()
                : ground;
    }

    private Optional<Ground> ground(Bid bid, StoredRow row) {
        if (row.holder().isEmpty()) {
            boolean released = row.ownHand() && row.released() == row.term() && row.isOfThisHistory(here());
            return released ? Optional.of(Ground.RELEASED) : still(bid, row);
        }
        boolean former = bid.former()
                .filter(had -> had.term() == row.term() && row.session().equals(Optional.of(had.session())))
                .isPresent();
        boolean names = row.candidate().equals(Optional.of(bid.who().candidate()));
        if (bid.claims() && names && (former || isUnchanged(bid, row))) {
            boolean unbroken = row.ownHand() && row.isOfThisHistory(here());
            boolean last = seen.tables().highestTermOf(bid.election()) <= row.term();
            return unbroken || (former && last && !terms.onSessionEnd()) ? Optional.of(Ground.OWN) : still(bid, row);
        }
        int holder = row.session().orElseThrow();
        if (holder == terms.session()) {
            return Optional.empty();
        }
        StoredSession session = seen.tables().sessions.get(holder);
        if (session == null) {
            return still(bid, row);
        }
        return held(bid, row, session, lockFree(holder).orElse(false));
    }

    private Optional<Ground> held(Bid bid, StoredRow row, StoredSession session, boolean lockFree) {
        Duration longest = session.lease().compareTo(row.lease()) < 0 ? row.lease() : session.lease();
        if (session.expiresAt().isAfter(seen.now().plus(longest))) {
            return still(bid, row);
        }
        if (!session.runsAt(seen.now())) {
            return row.ownHand() && session.ownHand() && lockFree && trustsClock(bid, row)
                    ? Optional.of(Ground.OVER)
                    : still(bid, row);
        }
        boolean freed = bid.freed() && isUnchanged(bid, row) && row.ownHand() && session.ownHand() && lockFree;
        return freed ? Optional.of(Ground.SESSION_ENDED) : Optional.empty();
    }

    private Optional<Ground> still(Bid bid, StoredRow row) {
        return bid.stoodStill() && isUnchanged(bid, row) ? Optional.of(Ground.STOOD_STILL) : Optional.empty();
    }

    /** Returns whether this is what the candidate has seen, on this very server. */
    private boolean isUnchanged(Bid bid, StoredRow row) {
        Row now = row.shown(seen.tables().sessionOf(row), Optional.empty(), OptionalInt.empty());
        return bid.seen()
                .filter(version ->
                        version.seenOn().equals(here()) && version.row().sameVersionAs(now))
                .isPresent();
    }

    private boolean trustsClock(Bid bid, StoredRow row) {
        OptionalLong until = bid.trustsClockUntil();
        if (until.isEmpty()) {
            return true;
        }
        long refractory = row.refractory().toNanos() / 1_000;
        return seen.micros() - refractory <= until.getAsLong();
    }

    private static boolean isHandedTo(Bid bid, StoredRow row) {
        return row.holder().isEmpty() && row.isMeantFor(bid.who());
    }

    private boolean isForOthers(Bid bid, StoredRow row) {
        if (row.candidate().equals(Optional.of(bid.who().candidate()))) {
            return false;
        }
        if (row.holder().isEmpty() && row.successor().isPresent()) {
            return !row.isMeantFor(bid.who());
        }
        OptionalInt rival = seen.tables().bestRival(bid.election(), row, seen.now());
        return rival.isPresent() && rival.getAsInt() > bid.who().priority();
    }

    private Server here() {
        return seen.here();
    }

    // The lock by comparison, and the taking, on what the tables are now

    private boolean isFree(Bid bid) {
        StoredRow judged = Objects.requireNonNull(seen.tables().election(bid.election()));
        StoredRow row = server.tables().election(bid.election());
        return row != null && row.comparesWith(judged) && !server.isLockedAgainstTaking(bid.election());
    }

    private Outcome take(Looked looked, Map<Bid, Ground> free) {
        Transaction write = new Transaction(server, Witness.Writer.LIBRARY);
        StoredSession mine = write.tables.sessions.get(terms.session());
        boolean passedOver = server.isSessionLocked(terms.session());
        if (mine == null || passedOver || !mine.process().equals(process) || !mine.runsAt(write.now())) {
            return new Outcome(looked, Map.of(), Optional.empty());
        }
        StoredSession renewed = mine.renewed(terms.lease(), terms.refractory(), write.now());
        write.put(terms.session(), renewed);
        Map<String, Won> won = new HashMap<>();
        free.forEach((bid, ground) -> {
            StoredRow row = Objects.requireNonNull(write.tables.election(bid.election()));
            long term = nextTerm(row, bid.election(), write.now());
            write.tell(() -> server.witness().taking(server, bid.election(), term, ground.name()));
            write.update(bid.election(), row.taken(term, bid, terms, server.identity(), write.now()));
            won.put(bid.election(), new Won(term, write.now()));
        });
        write.commit(true);
        return new Outcome(looked, won, Optional.of(renewed.expiresAt()));
    }

    private long nextTerm(StoredRow row, String election, Instant now) {
        long counted = front() * TERMS_PER_FRONT + now.toEpochMilli() - FIRST_MILLI;
        return Math.max(Math.max(row.term(), seen.tables().highestTermOf(election)), counted) + 1;
    }

    private long front() {
        return Math.max(server.identity().timeline(), seen.tables().server.front());
    }
}
