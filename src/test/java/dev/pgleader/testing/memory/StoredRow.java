package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * A row as the table holds it. Immutable.
 *
 * @param row what sessions see of it
 * @param ending how the last term ended, while the row is vacant
 */
record StoredRow(Row row, Optional<Loss> ending) {

    private static final Set<Loss> YIELDING = EnumSet.of(Loss.RESIGNED, Loss.HANDED_OVER, Loss.PREEMPTED, Loss.FAILED);

    private static final long TERMS_PER_TIMELINE = 1_000_000_000_000L;

    static StoredRow registered(int lockId, Server here) {
        return new StoredRow(new Row(lockId, 0, 0, here, Optional.empty(), Succession.OPEN), Optional.empty());
    }

    StoredRow taken(Session.Bid bid, Row.Backend backend, Server here, Instant now) {
        Row.Holder holder = new Row.Holder(
                bid.who().candidate(),
                bid.who().address(),
                bid.who().priority(),
                bid.who().version(),
                Phase.RECOVERING,
                bid.lease(),
                bid.refractory(),
                now,
                now.plus(bid.lease()),
                backend);
        Row taken = new Row(row.lockId(), nextTerm(here), row.beat() + 1, here, Optional.of(holder), after(bid.who()));
        return new StoredRow(taken, Optional.empty());
    }

    /** Who is known to have been named, and to have made way, once {@code next} has taken the row. */
    private Succession after(Session.Enrolment next) {
        if (row.holder().isPresent()) {
            return Succession.OPEN;
        }
        return new Succession(appointed(next), row.succession().yieldedBy(), Optional.empty(), OptionalInt.empty());
    }

    private Optional<String> appointed(Session.Enrolment next) {
        String id = next.candidate().toString();
        boolean named = row.succession()
                .heir()
                .filter(heir -> heir.equals(next.address()) || heir.equals(id))
                .isPresent();
        if (named) {
            return row.succession().heir().filter(heir -> ending.equals(Optional.of(Loss.HANDED_OVER)));
        }
        return row.succession()
                .heir()
                .filter(heir -> ending.equals(Optional.of(Loss.PREEMPTED)))
                .map(cameNot -> id);
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
                held.priority(),
                held.version(),
                phase,
                held.lease(),
                held.refractory(),
                held.electedAt(),
                now.plus(held.lease()),
                held.backend());
        return new StoredRow(nextVersion(Optional.of(holder), row.succession()), Optional.empty());
    }

    StoredRow vacated(Loss loss, Optional<String> presentHeir) {
        Optional<UUID> yieldedBy = YIELDING.contains(loss) ? row.holder().map(Row.Holder::candidate) : Optional.empty();
        Succession next = new Succession(presentHeir, yieldedBy, Optional.empty(), OptionalInt.empty());
        return new StoredRow(nextVersion(Optional.empty(), next), Optional.of(loss));
    }

    private Row nextVersion(Optional<Row.Holder> holder, Succession succession) {
        return new Row(row.lockId(), row.term(), row.beat() + 1, row.writtenOn(), holder, succession);
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
