package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Command;
import dev.pgleader.internal.election.DatabaseTime;
import dev.pgleader.internal.election.Evidence;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.election.Timings;
import dev.pgleader.internal.election.Vigil;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Between the core's words and the database's: what a candidate claims when it bids, and what it has seen then. */
final class Bids {

    private Bids() {}

    /**
     * Returns what a candidate may take, by what it has seen, in a statement that is sent at {@code sentAt}.
     *
     * @param atMost how long that statement takes at most
     */
    static Session.Bid of(Contender contender, Command.Bid bid, Reading sentAt, Duration atMost) {
        Evidence evidence = bid.evidence();
        boolean holdsBack = !bid.holdBack().isOver(sentAt);
        return new Session.Bid(
                contender.enrolment(),
                contender.config().termsKept(),
                evidence.vigil().map(Bids::version),
                evidence.vigil().filter(vigil -> vigil.isOver(sentAt)).isPresent(),
                evidence.freed().filter(freed -> freed.isOver(sentAt)).isPresent(),
                evidence.former()
                        .filter(had -> had.isSureAt(sentAt, atMost))
                        .map(had -> new Session.Former(had.term(), had.session())),
                bid.claims(),
                evidence.vigil()
                        .map(vigil -> OptionalLong.of(vigil.clockTrustedUntil(sentAt)))
                        .orElse(OptionalLong.empty()),
                evidence.insistsFrom(contender.candidate())
                        .filter(sentAt::hasReached)
                        .isPresent(),
                holdsBack ? OptionalLong.of(bid.holdBack().term()) : OptionalLong.empty());
    }

    private static Session.Version version(Vigil vigil) {
        return new Session.Version(vigil.row(), vigil.last().server());
    }

    /**
     * Returns what was seen of a row, by a statement that was sent at {@code askedAt} and answered at {@code now}. A row is this
     * session's own by id and process: after a promotion that lost the last commits an id is given out again.
     */
    static Sighting sighting(
            Session.Found row, Session.Looked looked, SessionLease lease, Reading askedAt, Reading now) {
        DatabaseTime time = new DatabaseTime(looked.server(), looked.micros(), askedAt, now);
        boolean own = lease.runs()
                && row.row()
                        .holder()
                        .filter(holder -> holder.sessionId() == lease.id())
                        .flatMap(Row.Holder::session)
                        .filter(session -> session.process().equals(lease.process()))
                        .isPresent();
        return new Sighting(row.row(), time, row.remaining(), row.lockFree(), own);
    }

    /** Returns what the row says now that {@code contender} has won it. */
    static Sighting afterWinning(
            Contender contender, Sighting before, Session.Won won, SessionLease lease, Instant expiresAt) {
        Timings timings = lease.timings();
        Row.HolderSession session =
                new Row.HolderSession(lease.process(), 0, true, 0, true, timings.lease(), expiresAt, before.seenOn());
        Row.Holder holder = new Row.Holder(
                contender.candidate().id(),
                contender.config().address(),
                contender.config().priority(),
                contender.config().version(),
                Phase.RECOVERING,
                timings.refractory(),
                won.electedAt(),
                lease.id(),
                Optional.of(session));
        Row row = new Row(
                won.term(),
                before.row().released(),
                true,
                0,
                before.seenOn(),
                timings.lease(),
                Optional.of(holder),
                Succession.OPEN);
        return new Sighting(row, before.time(), timings.lease(), Optional.empty());
    }
}
