package dev.pgleader.simulation;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.runtime.Courier;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What observers of an election have been shown, and what follows from it as far as the documentation says. */
final class Sights {

    private final Duration patience;
    private final Optional<UUID> self;
    private final Map<Long, Shown> leaders = new HashMap<>();
    private Optional<Shown> last = Optional.empty();
    private Optional<Reading> nobodyUntil = Optional.empty();

    /**
     * What was shown.
     *
     * @param since when this version of it was shown first
     */
    record Shown(Sighting seen, Reading since) {

        Shown then(Sighting later) {
            boolean sameVersion =
                    seen.row().sameVersionAs(later.row()) && seen.seenOn().equals(later.seenOn());
            return new Shown(later, sameVersion ? since : later.answeredAt());
        }

        boolean stoodStill(Duration length) {
            return seen.answeredAt().since(since).compareTo(slowed(length)) >= 0;
        }
    }

    /**
     * Nothing yet.
     *
     * @param patience for how long it may be told that nobody leads
     * @param self the candidate whose observers these are
     */
    Sights(Duration patience, Optional<UUID> self) {
        this.patience = patience;
        this.self = self;
    }

    /** Brings to this process what its database has answered, when the answer is there. */
    Courier courierOn(Node node) {
        return new Courier() {
            @Override
            public void saw(Sighting seen, Runnable tell) {
                node.whenAnswered(() -> {
                    Sights.this.saw(seen);
                    tell.run();
                });
            }

            @Override
            public void sawNothing(Reading askedAt, Runnable tell) {
                node.whenAnswered(() -> {
                    Sights.this.sawNothing(askedAt);
                    tell.run();
                });
            }

            @Override
            public void unanswerable(Runnable tell) {
                node.whenAnswered(tell);
            }
        };
    }

    void saw(Sighting seen) {
        Shown shown = last.map(before -> before.then(seen)).orElse(new Shown(seen, seen.answeredAt()));
        last = Optional.of(shown);
        if (seen.row().holder().isPresent()) {
            leaders.put(seen.row().term(), shown);
        }
        if (saysNobody(seen) || shown.stoodStill(leaseOf(seen))) {
            nobodyUntil = Optional.of(seen.askedAt().plus(patience));
        } else {
            nobodyUntil = itself(seen.row())
                    .map(holder -> seen.askedAt().plus(seen.row().lease()));
        }
    }

    /** There is no row at all. */
    void sawNothing(Reading askedAt) {
        nobodyUntil = Optional.of(askedAt.plus(patience));
    }

    /** A heartbeat was answered: when that leadership is over, for so long this process knows of no other. */
    void renewed(long term, Reading now) {
        last.map(shown -> shown.seen().row())
                .filter(row -> row.term() == term)
                .filter(row -> itself(row).isPresent())
                .ifPresent(row -> nobodyUntil = Optional.of(now.plus(row.lease())));
    }

    private Optional<Row.Holder> itself(Row row) {
        return row.holder().filter(holder -> self.equals(Optional.of(holder.candidate())));
    }

    /** Returns whether the row says that nobody leads, and may say so. */
    private static boolean saysNobody(Sighting seen) {
        Row row = seen.row();
        return row.holder().isEmpty()
                ? row.ownHand() && row.released() == row.term() && seen.seenOn().hasHistoryOf(row.writtenOn())
                : row.session().isPresent() && !isPositive(seen.remaining());
    }

    /** Returns how long a row must stand still to say that nobody leads. */
    private Duration leaseOf(Sighting seen) {
        Row row = seen.row();
        Duration other = row.holder().isEmpty()
                ? patience
                : row.session().map(Row.HolderSession::lease).orElse(row.lease());
        return other.compareTo(row.lease()) < 0 ? row.lease() : other;
    }

    private static Duration slowed(Duration lease) {
        return lease.plus(lease.dividedBy(100));
    }

    private static boolean isPositive(Duration length) {
        return !length.isNegative() && !length.isZero();
    }

    /** Returns whether by these clocks it may still be told that nobody leads; empty if nobody has ever said so. */
    Optional<Boolean> nobodyLeads(Reading now) {
        return nobodyUntil.map(
                until -> now.monotonicNanos() < until.monotonicNanos() && now.wallNanos() < until.wallNanos());
    }

    /** Returns how the leader of that term was shown last, perhaps before another. */
    Optional<Shown> lastOf(long term) {
        return Optional.ofNullable(leaders.get(term));
    }

    /**
     * Returns whether a leader may still be believed in where the database's clock gives it more time than it has: as long as
     * that clock said, and until the row has been seen to stand still for a whole lease.
     */
    boolean mayBeMisledBy(Shown shown, Reading now) {
        Sighting seen = shown.seen();
        return now.since(shown.since()).compareTo(slowed(leaseOf(seen))) <= 0
                && now.since(seen.askedAt()).compareTo(seen.remaining()) <= 0;
    }
}
