package dev.pgleader.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges what one database has taken, in the order of its commits (promise A). One thread only.
 *
 * <p>A term is taken by one candidate, later than every smaller term; a fenced write comes after its own term was taken and
 * before the next one is, and from whoever took it. Writes without the fence may come late, and are counted.
 */
final class History {

    private final Map<Long, String> owners = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long newest;
    private long lastNumber;
    private long fenced;
    private long unfenced;
    private long late;

    /** What can be committed. */
    enum Kind {
        TAKEN,
        FENCED,
        UNFENCED
    }

    /**
     * Something that was committed. Immutable.
     *
     * @param number its place in the order of commits
     * @param who the candidate
     */
    record Entry(long number, Kind kind, long term, String who) {}

    void add(Entry entry) {
        if (entry.number() <= lastNumber) {
            violations.add("the order of commits is broken at " + entry);
        }
        lastNumber = entry.number();
        switch (entry.kind()) {
            case TAKEN -> taken(entry);
            case FENCED -> fenced(entry);
            case UNFENCED -> unfenced(entry);
        }
    }

    private void taken(Entry entry) {
        if (entry.term() <= newest) {
            violations.add("term %d was taken after term %d: %s".formatted(entry.term(), newest, entry));
        }
        owners.put(entry.term(), entry.who());
        newest = Math.max(newest, entry.term());
    }

    private void fenced(Entry entry) {
        fenced++;
        if (entry.term() != newest) {
            violations.add("a fenced write after term %d was taken: %s".formatted(newest, entry));
        } else if (!entry.who().equals(owners.get(entry.term()))) {
            violations.add("a fenced write in a term of %s: %s".formatted(owners.get(entry.term()), entry));
        }
    }

    private void unfenced(Entry entry) {
        unfenced++;
        if (entry.term() < newest) {
            late++;
        }
    }

    long lastNumber() {
        return lastNumber;
    }

    long fenced() {
        return fenced;
    }

    long unfenced() {
        return unfenced;
    }

    /** Returns how many writes without the fence came after a later term had been taken. */
    long late() {
        return late;
    }

    int terms() {
        return owners.size();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Returns a sentence for each term that two histories give to different candidates. */
    static List<String> contradictions(History one, History other) {
        List<String> found = new ArrayList<>();
        one.owners.forEach((term, owner) -> {
            String elsewhere = other.owners.getOrDefault(term, owner);
            if (!elsewhere.equals(owner)) {
                found.add("term %d was issued twice: to %s and to %s".formatted(term, owner, elsewhere));
            }
        });
        return found;
    }
}
