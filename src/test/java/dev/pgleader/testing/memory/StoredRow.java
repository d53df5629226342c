package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Session;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A row as the table holds it. Immutable.
 *
 * @param row what sessions see of it
 */
record StoredRow(Row row) {

    private static final long TERMS_PER_TIMELINE = 1_000_000_000_000L;

    static StoredRow registered(int lockId, Server here) {
        return new StoredRow(new Row(lockId, 0, 0, here, Optional.empty()));
    }

    StoredRow taken(Session.Bid bid, Row.Backend backend, Server here, Instant now) {
        Row.Holder holder = new Row.Holder(
                bid.candidate(),
                bid.address(),
                Phase.RECOVERING,
                bid.lease(),
                bid.refractory(),
                now,
                now.plus(bid.lease()),
                backend);
        return new StoredRow(new Row(row.lockId(), nextTerm(here), row.beat() + 1, here, Optional.of(holder)));
    }

    /** Returns the term of a leadership that begins on {@code here}: the timeline stands in front of the count. */
    long nextTerm(Server here) {
        if (row.term() == 0) {
            return here.timeline() * TERMS_PER_TIMELINE + 1;
        }
        long front = row.term() / TERMS_PER_TIMELINE;
        Server there = row.writtenOn();
        if (there.systemIdentifier() != here.systemIdentifier()) {
            return (front + here.timeline()) * TERMS_PER_TIMELINE + 1;
        }
        if (there.timeline() == here.timeline()) {
            return row.term() + 1;
        }
        return (front + Math.max(here.timeline() - there.timeline(), 1)) * TERMS_PER_TIMELINE + 1;
    }

    StoredRow renewed(Phase phase, Instant now) {
        Row.Holder held = row.holder().orElseThrow();
        Row.Holder holder = new Row.Holder(
                held.candidate(),
                held.address(),
                phase,
                held.lease(),
                held.refractory(),
                held.electedAt(),
                now.plus(held.lease()),
                held.backend());
        return new StoredRow(nextVersion(Optional.of(holder)));
    }

    StoredRow vacated() {
        return new StoredRow(nextVersion(Optional.empty()));
    }

    private Row nextVersion(Optional<Row.Holder> holder) {
        return new Row(row.lockId(), row.term(), row.beat() + 1, row.writtenOn(), holder);
    }

    boolean isExpired(Instant now) {
        return row.holder().map(holder -> !holder.expiresAt().isAfter(now)).orElse(true);
    }

    boolean isLedUnder(long term) {
        return row.term() == term && row.holder().isPresent();
    }

    boolean isHeldBy(UUID candidate, long term) {
        return row.term() == term
                && row.holder()
                        .map(holder -> holder.candidate().equals(candidate))
                        .orElse(false);
    }
}
