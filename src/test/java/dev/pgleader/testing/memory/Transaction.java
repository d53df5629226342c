package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.testing.memory.Tables.Disturbed;
import dev.pgleader.testing.memory.Tables.Newest;
import dev.pgleader.testing.memory.Tables.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one statement writes, with the schema's triggers: history, and what disturbs sessions. It has happened all at once when
 * {@link #commit} is called, and never if it is not. One thread.
 */
final class Transaction {

    private static final Duration DISTURBED_FOR = Duration.ofHours(1);

    private final InMemoryServer server;
    private final Witness.Writer writer;
    private final Instant now;
    private final Tables before;
    private final Set<String> elections = new LinkedHashSet<>();
    private final Set<Integer> sessions = new LinkedHashSet<>();
    private final Map<String, News> announced = new LinkedHashMap<>();
    private final List<Runnable> told = new ArrayList<>();
    private long lastDisturbance;
    private boolean written;

    /** What the tables are after it. */
    final Tables tables;

    Transaction(InMemoryServer server, Witness.Writer writer) {
        this.server = server;
        this.writer = writer;
        this.now = server.now();
        this.before = server.tables();
        this.tables = before.copy();
    }

    /** {@return what {@code clock_timestamp()} says while it runs} */
    Instant now() {
        return now;
    }

    /** Returns the number that its commit will have. */
    private int number() {
        return server.commits() + 1;
    }

    // Elections

    void insert(String election, StoredRow row) {
        note(election);
        tables.elections.put(election, row.writtenBy(number()));
    }

    void update(String election, StoredRow row) {
        StoredRow old = Objects.requireNonNull(tables.elections.get(election));
        note(election);
        tables.elections.put(election, row.writtenBy(number()));
        remember(election, old, row);
        if (old.holder().isPresent() && disturbs(old, row)) {
            disturb(old.session(), Optional.of(election));
        }
    }

    void delete(String election) {
        StoredRow old = Objects.requireNonNull(tables.elections.get(election));
        note(election);
        tables.elections.remove(election);
        close(election, now, StoredTerm.REMOVED, false);
        tables.resignations.removeIf((term, request) -> term.election().equals(election));
        if (old.holder().isPresent()) {
            disturb(old.session(), Optional.of(election));
        }
    }

    void truncateElections() {
        List.copyOf(tables.elections.keys()).forEach(this::note);
        tables.elections.removeIf((name, row) -> true);
        disturb(Optional.empty(), Optional.empty());
    }

    private void note(String election) {
        elections.add(election);
        written = true;
    }

    // The trigger that finds out whether the holder must be told

    private boolean disturbs(StoredRow old, StoredRow row) {
        boolean same = isSameLeader(old, row);
        boolean library = writer == Witness.Writer.LIBRARY && row.ownHand();
        boolean emptied = library && row.holder().isEmpty();
        boolean takenOverTheDead = library
                && row.term() > old.term()
                && row.holder().isPresent()
                && !tables.runs(old.session().orElseThrow(), now);
        return !same && !emptied && !takenOverTheDead;
    }

    private void disturb(Optional<Integer> session, Optional<String> election) {
        tables.disturbed.removeIf((id, each) -> each.at().isBefore(now.minus(DISTURBED_FOR)));
        lastDisturbance++;
        tables.disturbed.put(number() * 1_000_000L + lastDisturbance, new Disturbed(session, election, number(), now));
        written = true;
    }

    // The trigger that writes the history

    private void remember(String election, StoredRow old, StoredRow row) {
        boolean taken = row.holder().isPresent() && row.term() != old.term();
        if (taken) {
            boolean expired =
                    old.session().isEmpty() || !tables.runs(old.session().orElseThrow(), now);
            Instant end = old.session()
                    .map(tables.sessions::get)
                    .map(StoredSession::expiresAt)
                    .filter(now::isAfter)
                    .orElse(now);
            Term former = new Term(election, old.term());
            if (old.holder().isPresent()) {
                close(former, end, expired ? "expired" : "deposed", true);
            } else if (tables.history.contains(former) && old.released() < old.term()) {
                tables.history.put(
                        former,
                        Objects.requireNonNull(tables.history.get(former)).outwaited());
            }
            // Those whose row was truncated, or came back from a dump.
            close(election, now, StoredTerm.REMOVED, false);
            StoredRow.Holder holder = row.holder().get();
            Term term = new Term(election, row.term());
            if (tables.history.contains(term)) {
                throw new DuplicateKeyException(term + " is issued twice");
            }
            tables.history.put(
                    term,
                    new StoredTerm(
                            election,
                            row.term(),
                            holder.candidate(),
                            row.lease(),
                            Optional.empty(),
                            Optional.empty(),
                            false));
            prune(election, row);
        } else if (old.holder().isPresent() && !isSameLeader(old, row)) {
            boolean library = writer == Witness.Writer.LIBRARY && row.holder().isEmpty();
            close(
                    new Term(election, old.term()),
                    now,
                    library ? text(row.ending().orElseThrow()) : StoredTerm.REMOVED,
                    library && row.released() == row.term());
        }
    }

    private static boolean isSameLeader(StoredRow old, StoredRow row) {
        return old.term() == row.term()
                && old.session().equals(row.session())
                && old.candidate().equals(row.candidate());
    }

    private void close(Term term, Instant at, String ending, boolean settled) {
        Optional.ofNullable(tables.history.get(term))
                .filter(StoredTerm::isOpen)
                .ifPresent(open -> tables.history.put(term, open.ended(at, ending, settled)));
    }

    /** Ends all terms of an election that are open. */
    private void close(String election, Instant at, String ending, boolean settled) {
        List<StoredTerm> open =
                tables.termsOf(election).filter(StoredTerm::isOpen).toList();
        open.forEach(term -> close(new Term(election, term.term()), at, ending, settled));
    }

    /** A statement has failed, as the server would have it fail, and has changed nothing. */
    static final class DuplicateKeyException extends RuntimeException {

        private static final long serialVersionUID = 1;

        DuplicateKeyException(String what) {
            super("duplicate key: " + what);
        }
    }

    private void prune(String election, StoredRow row) {
        List<StoredTerm> newestFirst = tables.termsOf(election)
                .sorted(Comparator.comparingLong(StoredTerm::term).reversed())
                .toList();
        for (StoredTerm old : newestFirst.subList(Math.min(row.termsKept(), newestFirst.size()), newestFirst.size())) {
            tables.history.remove(new Term(election, old.term()));
        }
        tables.resignations.removeIf((term, request) -> term.election().equals(election) && term.term() < row.term());
    }

    private static String text(Loss loss) {
        return loss.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    void remember(StoredTerm term) {
        tables.history.put(new Term(term.election(), term.term()), term);
        written = true;
    }

    // The other tables

    void put(int session, StoredSession row) {
        sessions.add(session);
        tables.sessions.put(session, row.writtenBy(number()));
        written = true;
    }

    void removeSession(int session) {
        sessions.add(session);
        tables.sessions.remove(session);
        written = true;
    }

    /** Drops the table of the sessions. */
    void dropSessions() {
        tables.sessionsDropped = true;
        written = true;
    }

    /** Drops the schema and creates it anew. */
    void startAnew() {
        List.copyOf(tables.elections.keys()).forEach(this::note);
        sessions.addAll(tables.sessions.keys());
        tables.becomeNew(server.identity());
        written = true;
    }

    int nextSession() {
        tables.lastSession++;
        written = true;
        return tables.lastSession;
    }

    void put(Newest newest) {
        tables.server = newest;
        written = true;
    }

    /** Puts a candidate on the list; one that is on it stays as it is, but for the session of its process. */
    void enroll(int session, Session.Enrolment who) {
        Tables.Standing key = new Tables.Standing(who.election(), who.candidate());
        Tables.Listed listed = tables.candidates.get(key);
        tables.candidates.put(key, new Tables.Listed(session, listed == null ? who : listed.who()));
        written = true;
    }

    void withdraw(String election, java.util.UUID candidate) {
        tables.candidates.remove(new Tables.Standing(election, candidate));
        written = true;
    }

    void emptyList() {
        tables.candidates.removeIf((key, listed) -> true);
        written = true;
    }

    void forgetCandidates() {
        emptyList();
        tables.resignations.removeIf((key, request) -> true);
    }

    void withdrawAllOf(int session) {
        tables.candidates.removeIf((key, listed) -> listed.session() == session);
        written = true;
    }

    /** Asks a leader for something, and disturbs it. */
    void ask(String election, long term, dev.pgleader.internal.election.Succession.Request request) {
        tables.resignations.put(new Term(election, term), request);
        StoredRow row = tables.elections.get(election);
        if (row != null && row.term() == term && row.holder().isPresent()) {
            disturb(row.session(), Optional.of(election));
        }
        announce(election, News.CHANGED);
        told.add(() -> server.witness().asked(server, election, term, request));
        written = true;
    }

    /** Has an election announced when this commits. */
    void announce(String election, News news) {
        announced.put(election, news);
    }

    /** Has the witness told something when this commits, before it is told of the rows. */
    void tell(Runnable what) {
        told.add(what);
    }

    // Its end

    /**
     * Commits.
     *
     * @param durable whether the commit waits for the disk
     */
    void commit(boolean durable) {
        if (!written) {
            announced.forEach(server::announce);
            return;
        }
        Map<String, Change> changes = new LinkedHashMap<>();
        for (String election : elections) {
            changes.put(election, new Change(before.elections.get(election), tables.elections.get(election)));
        }
        told.forEach(Runnable::run);
        server.publish(tables, durable);
        for (int session : sessions) {
            server.witness()
                    .sessionWritten(
                            server,
                            session,
                            Optional.ofNullable(before.sessions.get(session)),
                            Optional.ofNullable(tables.sessions.get(session)),
                            writer);
        }
        changes.forEach((election, change) -> server.witness()
                .committed(
                        server,
                        election,
                        change.before() == null ? Optional.empty() : before.shown(election, now),
                        change.after() == null ? Optional.empty() : tables.shown(election, now),
                        writer));
        announced.forEach(server::announce);
    }

    private record Change(@Nullable StoredRow before, @Nullable StoredRow after) {}
}
