package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session.Enrolment;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a schema holds at one moment: the state that a snapshot shows, and that a transaction makes a new one of. One thread. */
final class Tables {

    static final Instant BEGINNING = Instant.EPOCH;

    final Table<String, StoredRow> elections;
    final Table<Integer, StoredSession> sessions;
    final Table<Standing, Listed> candidates;
    final Table<Term, Succession.Request> resignations;
    final Table<Term, StoredTerm> history;
    final Table<Long, Disturbed> disturbed;
    Newest server;
    int lastSession;
    boolean sessionsDropped;

    /** The key of a candidate. */
    record Standing(String election, UUID candidate) {}

    /** A candidate on the list, by the session of its process. */
    record Listed(int session, Enrolment who) {}

    /** The key of a term. */
    record Term(String election, long term) {}

    /**
     * That other hands have changed something.
     *
     * @param session whose; empty for every session
     * @param election what; empty for everything
     * @param commit which commit says so
     * @param at when
     */
    record Disturbed(Optional<Integer> session, Optional<String> election, int commit, Instant at) {
        boolean concerns(int id) {
            return session.isEmpty() || session.get() == id;
        }
    }

    /**
     * The newest history that was written down.
     *
     * @param history which
     * @param since since when
     * @param front the highest front ever
     */
    record Newest(Server history, Instant since, int front) {}

    /** A new schema on a server, which writes its history down as old. */
    Tables(Server here) {
        this(
                new Table<>(),
                new Table<>(),
                new Table<>(),
                new Table<>(),
                new Table<>(),
                new Table<>(),
                new Newest(here.sessionless(), BEGINNING, here.timeline()),
                0);
    }

    private Tables(
            Table<String, StoredRow> elections,
            Table<Integer, StoredSession> sessions,
            Table<Standing, Listed> candidates,
            Table<Term, Succession.Request> resignations,
            Table<Term, StoredTerm> history,
            Table<Long, Disturbed> disturbed,
            Newest server,
            int lastSession) {
        this.elections = elections;
        this.sessions = sessions;
        this.candidates = candidates;
        this.resignations = resignations;
        this.history = history;
        this.disturbed = disturbed;
        this.server = server;
        this.lastSession = lastSession;
    }

    Tables copy() {
        Tables copy = new Tables(
                elections.copy(),
                sessions.copy(),
                candidates.copy(),
                resignations.copy(),
                history.copy(),
                disturbed.copy(),
                server,
                lastSession);
        copy.sessionsDropped = sessionsDropped;
        return copy;
    }

    /** Loses everything, and is the schema that a migration makes on a server. */
    void becomeNew(Server here) {
        elections.removeIf((key, row) -> true);
        sessions.removeIf((key, row) -> true);
        candidates.removeIf((key, row) -> true);
        resignations.removeIf((key, row) -> true);
        history.removeIf((key, row) -> true);
        disturbed.removeIf((key, row) -> true);
        server = new Newest(here.sessionless(), BEGINNING, here.timeline());
        sessionsDropped = false;
    }

    // What is read of them

    Optional<StoredSession> sessionOf(StoredRow row) {
        return row.session().map(sessions::get);
    }

    /** Returns whether a session has a row that runs. */
    boolean runs(int session, Instant moment) {
        StoredSession row = sessions.get(session);
        return row != null && row.runsAt(moment);
    }

    /** Returns the row of an election as those see it who stand. */
    Optional<Row> shown(String election, Instant now) {
        return Optional.ofNullable(elections.get(election))
                .map(row -> row.shown(sessionOf(row), request(election, row.term()), bestRival(election, row, now)));
    }

    /** Returns the row of an election as those see it who only watch. */
    Optional<Row> watched(String election) {
        return Optional.ofNullable(elections.get(election)).map(row -> {
            Row all = row.shown(sessionOf(row), Optional.empty(), OptionalInt.empty());
            return new Row(
                    all.term(),
                    all.released(),
                    all.ownHand(),
                    all.writing(),
                    all.writtenOn(),
                    all.lease(),
                    all.holder(),
                    Succession.OPEN);
        });
    }

    /** Returns what is left of the session by which an election is held. */
    Duration remaining(String election, Instant now) {
        return Optional.ofNullable(elections.get(election))
                .flatMap(this::sessionOf)
                .map(session -> Duration.between(now, session.expiresAt()))
                .orElse(Duration.ZERO);
    }

    Optional<Succession.Request> request(String election, long term) {
        return Optional.ofNullable(resignations.get(new Term(election, term)));
    }

    /** Returns who stands and may lead, and is there. */
    Stream<Enrolment> present(String election, Instant now) {
        return candidates
                .rows()
                .filter(each ->
                        each.who().election().equals(election) && !each.who().neverLeads())
                .filter(each -> runs(each.session(), now))
                .map(Listed::who);
    }

    OptionalInt bestRival(String election, StoredRow row, Instant now) {
        return present(election, now)
                .filter(each -> !row.candidate().equals(Optional.of(each.candidate())))
                .filter(each -> !row.resignedBy().equals(Optional.of(each.candidate())))
                .mapToInt(Enrolment::priority)
                .max();
    }

    /** Returns the successor if a candidate of that name is there to take over from {@code holder}. */
    Optional<String> present(String election, Optional<String> successor, UUID holder, Instant now) {
        return successor.filter(named -> present(election, now)
                .anyMatch(each -> !each.candidate().equals(holder)
                        && (named.equals(each.address())
                                || named.equals(each.candidate().toString()))));
    }

    /** Returns the terms of an election, the oldest first. */
    Stream<StoredTerm> termsOf(String election) {
        return history.rows()
                .filter(term -> term.election().equals(election))
                .sorted(Comparator.comparingLong(StoredTerm::term));
    }

    long highestTermOf(String election) {
        return termsOf(election).mapToLong(StoredTerm::term).max().orElse(0);
    }

    @Nullable
    StoredRow election(String name) {
        return elections.get(name);
    }
}
