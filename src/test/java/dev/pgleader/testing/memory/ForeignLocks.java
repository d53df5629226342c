package dev.pgleader.testing.memory;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** The locks that transactions outside the library hold on one server. One thread. */
final class ForeignLocks {

    private final Set<String> rows = new HashSet<>();
    private final Set<String> fencedRows = new HashSet<>();
    private final Set<String> registering = new HashSet<>();
    private final Set<Integer> sessions = new HashSet<>();
    private final Set<FencedTransaction> transactions = new LinkedHashSet<>();
    private boolean table;

    void lockRow(String election) {
        rows.add(election);
    }

    void fenceRow(String election) {
        fencedRows.add(election);
    }

    void register(String election) {
        registering.add(election);
    }

    void lockSession(int session) {
        sessions.add(session);
    }

    void lockTable() {
        table = true;
    }

    void add(FencedTransaction transaction) {
        transactions.add(transaction);
    }

    boolean remove(FencedTransaction transaction) {
        return transactions.remove(transaction);
    }

    Set<FencedTransaction> transactions() {
        return Set.copyOf(transactions);
    }

    void unlockRow(String election) {
        rows.remove(election);
    }

    void unlockSession(int session) {
        sessions.remove(session);
    }

    void unlockTable() {
        table = false;
    }

    void release() {
        rows.clear();
        fencedRows.clear();
        registering.clear();
        sessions.clear();
        table = false;
    }

    boolean isTableLocked() {
        return table;
    }

    boolean isLocked(String election) {
        return rows.contains(election);
    }

    boolean isFenced(String election) {
        return fencedRows.contains(election)
                || transactions.stream().anyMatch(open -> open.election().equals(election));
    }

    boolean isRegistering(String election) {
        return registering.contains(election);
    }

    boolean isSessionLocked(int session) {
        return sessions.contains(session);
    }
}
