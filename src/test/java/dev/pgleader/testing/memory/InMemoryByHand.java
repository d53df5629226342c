package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.ByHand;
import dev.pgleader.internal.runtime.SessionFixture;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What other hands than the library's do to the tables of one simulated server. One thread. */
public final class InMemoryByHand implements ByHand {

    private final InMemoryServer server;

    InMemoryByHand(InMemoryServer server) {
        this.server = server;
    }

    private void write(Consumer<Transaction> what) {
        Transaction write = new Transaction(server, Witness.Writer.OTHERS);
        what.accept(write);
        write.commit(true);
    }

    private void edit(String election, UnaryOperator<StoredRow> how) {
        write(tables ->
                tables.update(election, how.apply(Objects.requireNonNull(tables.tables.elections.get(election)))));
    }

    private void edit(int session, UnaryOperator<StoredSession> how) {
        write(tables -> tables.put(session, how.apply(Objects.requireNonNull(tables.tables.sessions.get(session)))));
    }

    // The elections

    /**
     * Says whether a statement that deletes a row, or changes its key, would have to wait for a fenced transaction.
     *
     * @param election which row
     * @return whether it would
     */
    public boolean mustWaitFor(String election) {
        return server.foreign().isFenced(election) || server.foreign().isLocked(election);
    }

    /**
     * Says whether there is something to edit.
     *
     * @param election which row
     * @return whether the row exists and has a holder
     */
    public boolean isHeld(String election) {
        StoredRow row = server.tables().election(election);
        return row != null && row.holder().isPresent();
    }

    /**
     * Says whether there is something to delete.
     *
     * @param election which row
     * @return whether the row exists
     */
    public boolean exists(String election) {
        return server.tables().election(election) != null;
    }

    /** {@code delete from candidate}. */
    public void emptyList() {
        write(Transaction::emptyList);
    }

    @Override
    public void deleteElection(String election) {
        write(tables -> tables.delete(election));
    }

    @Override
    public void truncateElections() {
        write(Transaction::truncateElections);
    }

    @Override
    public void rewrite(String election) {
        edit(election, StoredRow::byHand);
    }

    @Override
    public void empty(String election) {
        edit(election, StoredRow::emptied);
    }

    @Override
    public void give(String election, int session) {
        edit(election, row -> row.heldBy(session));
    }

    @Override
    public void setTerm(String election, long term) {
        edit(election, row -> row.atTerm(term));
    }

    @Override
    public void setHistory(String election, long systemIdentifier, int timeline) {
        edit(election, row -> row.writtenOn(new Server(systemIdentifier, timeline, 0)));
    }

    /**
     * Puts a row back as it was some time ago: deletes it if it is there, and copies the old one in.
     *
     * @param election which row
     * @param commitsAgo how many statements ago
     * @return whether there was one then
     */
    public boolean restoreElection(String election, int commitsAgo) {
        StoredRow old = server.tablesBefore(commitsAgo).election(election);
        if (old == null) {
            return false;
        }
        if (exists(election)) {
            deleteElection(election);
        }
        write(tables -> tables.insert(election, old.byHand()));
        return true;
    }

    /** Drops the schema and migrates anew. */
    public void dropAndMigrate() {
        write(Transaction::startAnew);
    }

    // The sessions

    @Override
    public void deleteSession(int session) {
        write(tables -> tables.removeSession(session));
    }

    @Override
    public void truncateSessions() {
        write(tables -> List.copyOf(tables.tables.sessions.keys()).forEach(tables::removeSession));
    }

    /**
     * Puts the row of a session back as it was some time ago.
     *
     * @param session which row
     * @param commitsAgo how many statements ago
     * @return whether there was one then
     */
    public boolean restoreSession(int session, int commitsAgo) {
        StoredSession old = server.tablesBefore(commitsAgo).sessions.get(session);
        if (old != null) {
            write(tables -> tables.put(session, old.byHand()));
        }
        return old != null;
    }

    /**
     * Copies the row of a session as it is now.
     *
     * @param session which row
     * @return what puts it back, as long as there is a row; empty where there is none
     */
    public Optional<Runnable> copied(int session) {
        return Optional.ofNullable(server.tables().sessions.get(session))
                .map(copy -> () -> edit(session, any -> copy.byHand()));
    }

    /**
     * Says whether there is something to edit.
     *
     * @param session which row
     * @return whether it exists
     */
    public boolean exists(int session) {
        return server.tables().sessions.get(session) != null;
    }

    /** {@return the ids of all sessions that have a row} */
    public List<Integer> sessions() {
        return List.copyOf(server.tables().sessions.keys());
    }

    @Override
    public void rewriteSession(int session) {
        edit(session, StoredSession::byHand);
    }

    @Override
    public void setRemaining(int session, Duration remaining) {
        edit(session, row -> row.endingAt(server.now().plus(remaining)));
    }

    @Override
    public void setLease(int session, Duration lease) {
        edit(session, row -> row.goodFor(lease));
    }

    @Override
    public void setProcess(int session, UUID process) {
        edit(session, row -> row.of(process));
    }

    @Override
    public void raiseBeat(int session) {
        edit(session, row -> row.atBeat(row.beat() + 1));
    }

    @Override
    public void setUnlocked(int session) {
        edit(session, StoredSession::unlocked);
    }

    @Override
    public void setServer(int session, Server other) {
        edit(session, row -> row.livingOn(other));
    }

    /** Empties the lists of candidates and of what leaders are asked for. */
    public void forgetCandidates() {
        write(Transaction::forgetCandidates);
    }

    @Override
    public void dropSessions() {
        write(Transaction::dropSessions);
    }

    // What is remembered

    @Override
    public void setServerSince(Duration ago) {
        write(tables -> {
            Tables.Newest newest = tables.tables.server;
            tables.put(new Tables.Newest(newest.history(), tables.now().minus(ago), newest.front()));
        });
    }

    @Override
    public void setFront(int front) {
        write(tables -> {
            Tables.Newest newest = tables.tables.server;
            tables.put(new Tables.Newest(newest.history(), newest.since(), front));
        });
    }

    @Override
    public void remember(String election, long term, Optional<Duration> endedAgo, String ending) {
        write(tables -> tables.remember(new StoredTerm(
                election,
                term,
                SessionFixture.OTHER,
                SessionFixture.LEASE,
                endedAgo.map(ago -> tables.now().minus(ago)),
                endedAgo.map(ago -> ending),
                endedAgo.isPresent() && !ending.equals(StoredTerm.REMOVED))));
    }
}
