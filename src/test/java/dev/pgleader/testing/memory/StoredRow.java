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
 * @param electedOn where the newest term was taken; kept when the row is vacated
 */
record StoredRow(Row row, Optional<Server> electedOn) {

    private static final long TERMS_PER_TIMELINE = 1_000_000_000_000L;

    static StoredRow registered(int lockId) {
        return new StoredRow(new Row(lockId, 0, 0, Optional.empty()), Optional.empty());
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
                backend,
                here);
        return new StoredRow(
                new Row(row.lockId(), nextTerm(here), row.beat() + 1, Optional.of(holder)), Optional.of(here));
    }

    /** Returns the term of a leadership that begins on {@code here}: the timeline stands in front of the count. */
    long nextTerm(Server here) {
        long front = row.term() / TERMS_PER_TIMELINE;
        if (electedOn.isEmpty()) {
            return (front + here.timeline()) * TERMS_PER_TIMELINE + 1;
        }
        Server there = electedOn.get();
        if (there.systemIdentifier() != here.systemIdentifier()) {
            return (front + 1) * TERMS_PER_TIMELINE + 1;
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
                held.backend(),
                held.electedOn());
        return new StoredRow(new Row(row.lockId(), row.term(), row.beat() + 1, Optional.of(holder)), electedOn);
    }

    StoredRow vacated() {
        return new StoredRow(new Row(row.lockId(), row.term(), row.beat() + 1, Optional.empty()), electedOn);
    }

    boolean isExpired(Instant now) {
        return row.holder().map(holder -> !holder.expiresAt().isAfter(now)).orElse(true);
    }

    boolean isHeldBy(UUID candidate, long term) {
        return row.term() == term
                && row.holder()
                        .map(holder -> holder.candidate().equals(candidate))
                        .orElse(false);
    }
}
