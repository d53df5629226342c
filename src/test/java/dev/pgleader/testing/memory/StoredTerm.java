package dev.pgleader.testing.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A term as the history tells of it. Immutable.
 *
 * @param election in which election
 * @param term which
 * @param candidate who led
 * @param lease by which lease
 * @param endedAt when it ended; empty while it is open
 * @param ending how it ended; empty while it is open
 */
public record StoredTerm(
        String election,
        long term,
        UUID candidate,
        Duration lease,
        Optional<Instant> endedAt,
        Optional<String> ending) {

    static final String REMOVED = "removed";

    StoredTerm ended(Instant at, String how) {
        return new StoredTerm(election, term, candidate, lease, Optional.of(at), Optional.of(how));
    }

    boolean isOpen() {
        return endedAt.isEmpty();
    }

    /** Returns whether somebody may lead under it although the election has no row. */
    boolean speaksForALeader() {
        return isOpen() || ending.equals(Optional.of(REMOVED));
    }
}
