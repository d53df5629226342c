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
 * @param settled whether nobody leads under it any more, beyond doubt
 */
public record StoredTerm(
        String election,
        long term,
        UUID candidate,
        Duration lease,
        Optional<Instant> endedAt,
        Optional<String> ending,
        boolean settled) {

    static final String REMOVED = "removed";

    StoredTerm ended(Instant at, String how, boolean beyondDoubt) {
        return new StoredTerm(election, term, candidate, lease, Optional.of(at), Optional.of(how), beyondDoubt);
    }

    /** It was outwaited, unless other hands had a part in its end. */
    StoredTerm outwaited() {
        return new StoredTerm(election, term, candidate, lease, endedAt, ending, !ending.equals(Optional.of(REMOVED)));
    }

    boolean isOpen() {
        return endedAt.isEmpty();
    }
}
