package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.DatabaseTime;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.testing.memory.VirtualTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Makes observed elections whose time is virtual, and what looks at their rows have shown. Thread-safe. */
final class Looks {

    static final Duration LEASE = Duration.ofSeconds(5);
    static final Duration NANO = Duration.ofNanos(1);

    /** For how long it may be told that nobody leads: another length than the lease. */
    static final Duration PATIENCE = Duration.ofSeconds(7);

    static final Duration GRACE = Duration.ofMillis(600);
    static final long TERM = 1_000_000_000_042L;
    static final UUID LEADER = new UUID(0, 9);

    private static final Server HERE = new Server(1, 1, 1);

    private final AtomicLong nanos = new AtomicLong();
    final VirtualTicker ticker = new VirtualTicker(nanos::get);

    void elapse(Duration length) {
        nanos.addAndGet(length.toNanos());
    }

    /** Returns an election of which nothing is known yet, as somebody sees it who does not stand in it. */
    ObservedElection observed() {
        return observed("orders", ObservedElection.Self.NOBODY);
    }

    ObservedElection observed(String election, ObservedElection.Self self) {
        return new ObservedElection(election, self, ticker, PATIENCE, GRACE);
    }

    /** Nobody leads; answered at once. */
    Sighting vacant() {
        Row row = new Row(TERM, TERM, true, 0, HERE, LEASE, Optional.empty(), Succession.OPEN);
        return new Sighting(row, time(ticker.read(), ticker.read()), Duration.ZERO, Optional.empty());
    }

    /** Somebody leads with a fresh lease; answered at once. */
    Sighting leader(long term) {
        return leader(term, Phase.LEADING, LEASE, Duration.ZERO);
    }

    /** Somebody leads with so much of its lease left; asked {@code ago} and answered now. */
    Sighting leader(long term, Phase phase, Duration remaining, Duration ago) {
        Reading now = ticker.read();
        return leader(term, phase, LEASE, remaining, now.plus(ago.negated()), now);
    }

    /** Somebody leads, in the row that was asked for and answered at these times. */
    static Sighting leader(
            long term, Phase phase, Duration lease, Duration remaining, Reading askedAt, Reading answeredAt) {
        long beat = answeredAt.monotonicNanos();
        Row.HolderSession session = new Row.HolderSession(
                LEADER,
                beat,
                true,
                beat,
                true,
                lease,
                Instant.EPOCH.plusNanos(beat).plus(remaining),
                HERE);
        Row.Holder holder =
                new Row.Holder(LEADER, "there", 0, "", phase, Duration.ZERO, Instant.EPOCH, 1, Optional.of(session));
        Row row = new Row(term, 0, true, 0, HERE, lease, Optional.of(holder), Succession.OPEN);
        return new Sighting(row, time(askedAt, answeredAt), remaining, Optional.empty());
    }

    /** The same version of the same row, looked at once more, and with a whole lease left on the database's clock. */
    Sighting again(Sighting before) {
        return new Sighting(before.row(), time(ticker.read(), ticker.read()), LEASE, Optional.empty());
    }

    /** The database's clock is this machine's. */
    private static DatabaseTime time(Reading askedAt, Reading answeredAt) {
        return new DatabaseTime(HERE, answeredAt.monotonicNanos() / 1000, askedAt, answeredAt);
    }
}
