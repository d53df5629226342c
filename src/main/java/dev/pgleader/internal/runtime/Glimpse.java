package dev.pgleader.internal.runtime;

import dev.pgleader.LeaderInfo;
import dev.pgleader.ProcessState;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Observation;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import java.time.Instant;
import java.util.Optional;

/**
 * What was seen of an election, in the users' words. Immutable.
 *
 * @param leader who leads; empty where nobody does
 * @param goodUntil until when by this machine's clocks it can be told
 */
record Glimpse(Optional<LeaderInfo> leader, Deadline goodUntil) {

    /** Returns what an observation comes to. */
    static Glimpse of(Observation observed) {
        return new Glimpse(observed.led().map(row -> leader(row, row.holder().orElseThrow())), observed.goodUntil());
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
                holder.session().orElseThrow().expiresAt());
    }

    /** Returns the same leader with a longer lease. */
    Glimpse renewed(Instant expiresAt, Deadline until) {
        return new Glimpse(leader.map(known -> with(known, known.phase(), expiresAt)), until);
    }

    /** Returns {@code leader} as it is in another phase. */
    static LeaderInfo inPhase(LeaderInfo leader, ProcessState phase) {
        return with(leader, phase, leader.expiresAt());
    }

    /** Returns whether two leaders are the same one as far as anybody needs to be told: not for how long. */
    static boolean isSame(LeaderInfo one, LeaderInfo other) {
        return with(one, one.phase(), other.expiresAt()).equals(other);
    }

    private static LeaderInfo with(LeaderInfo leader, ProcessState phase, Instant expiresAt) {
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
