package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.StrictSessions.require;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The terms of a {@link StrictDatabase}'s election, of which none is given out twice. */
final class StrictHistory {

    private final Set<Long> terms = new HashSet<>();
    private long highest;
    private Optional<Term> last = Optional.empty();

    private record Term(long number, boolean open, boolean removed) {}

    void begin(long number, StrictSessions.Connection by) {
        require(terms.add(number), by, "is given a term a second time: " + number);
        highest = Math.max(highest, number);
        last = Optional.of(new Term(number, true, false));
    }

    void end(long number) {
        close(number, false);
    }

    void remove(long number) {
        close(number, true);
    }

    private void close(long number, boolean removed) {
        last = last.map(term -> term.number == number && term.open ? new Term(number, false, removed) : term);
    }

    long highest() {
        return highest;
    }

    /** Returns whether a leader may trust in a row that is gone: its term is open, or was removed. */
    boolean speaksForALeader() {
        return last.filter(term -> term.open || term.removed).isPresent();
    }
}
