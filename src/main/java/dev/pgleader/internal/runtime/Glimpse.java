package dev.pgleader.internal.runtime;

import dev.pgleader.LeaderInfo;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Sighting;
import java.time.Instant;
import java.util.Optional;

/**
 * A leader that was seen. Immutable.
 *
 * @param leader the leader
 * @param goodUntil until when by this machine's clocks it can be told
 */
record Glimpse(LeaderInfo leader, Deadline goodUntil) {

    /** Returns whom a look has shown, be its lease over or not; empty where nobody holds the row. */
    static Optional<Glimpse> of(Sighting seen) {
        return seen.row()
                .holder()
                .map(holder ->
                        new Glimpse(leader(seen.row(), holder), Deadline.after(seen.askedAt(), seen.remaining())));
    }

    private static LeaderInfo leader(Row row, Row.Holder holder) {
        return new LeaderInfo(
                holder.address(),
                holder.candidate(),
                holder.version(),
                holder.priority(),
                row.term(),
                holder.phase() == Phase.LEADING ? ProcessState.LEADING : ProcessState.RECOVERING,
                holder.electedAt(),
                holder.expiresAt());
    }

    /** Returns the same leader with a longer lease. */
    Glimpse renewed(Instant expiresAt, Deadline until) {
        return new Glimpse(with(leader.phase(), expiresAt), until);
    }

    /** Returns the same leader further on. */
    Glimpse inPhase(ProcessState phase) {
        return new Glimpse(with(phase, leader.expiresAt()), goodUntil);
    }

    private LeaderInfo with(ProcessState phase, Instant expiresAt) {
        return new LeaderInfo(
                leader.address(),
                leader.candidate(),
                leader.version(),
                leader.priority(),
                leader.term(),
                phase,
                leader.electedAt(),
                expiresAt);
    }
}
