package dev.pgleader.faults;

/**
 * What one candidate has proved about one leadership. Immutable.
 *
 * <p>A moment counts as proved when it was read before {@code isHeld()} was asked and the answer was yes: a leadership that
 * is held at any moment of the call was held before the call, because one that is over never comes back. So neither a pause
 * inside the call nor one after it can make an interval longer than it was.
 *
 * @param candidate its number
 * @param term the leadership
 * @param first the first moment proved, by {@link System#nanoTime}
 * @param last the last moment proved
 */
record Reign(int candidate, long term, long first, long last) {

    @Override
    public String toString() {
        return "candidate %d in term %d from %.3f to %.3f s".formatted(candidate, term, first / 1e9, last / 1e9);
    }
}
