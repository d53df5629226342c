package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.StrictSessions.require;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The terms of a {@link StrictDatabase}'s election, of which none is given out twice. */
final class StrictHistory {

    private final Set<Long> terms = new HashSet<>();
    private long highest;
    private Optional<Term> last = Optional.empty();

    private record Term(long number, OptionalLong endedAt, boolean removed) {}

    void begin(long number, StrictSessions.Connection by) {
        require(terms.add(number), by, "is given a term a second time: " + number);
        highest = Math.max(highest, number);
        last = Optional.of(new Term(number, OptionalLong.empty(), false));
    }

    void end(long number, long clock) {
        close(number, clock, false);
    }

    void remove(long number, long clock) {
        close(number, clock, true);
    }

    private void close(long number, long clock, boolean removed) {
        last = last.map(term -> term.number == number && term.endedAt.isEmpty()
                ? new Term(number, OptionalLong.of(clock), removed)
                : term);
    }

    long highest() {
        return highest;
    }

    /** Returns whether a leader may trust in a row that is gone: its term is open, or was removed. */
    boolean speaksForALeader() {
        return last.filter(term -> term.endedAt.isEmpty() || term.removed).isPresent();
    }
}
