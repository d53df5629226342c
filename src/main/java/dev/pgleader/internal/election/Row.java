package dev.pgleader.internal.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the table says of one election. Immutable.
 *
 * @param lockId the second half of the election's advisory key
 * @param term the newest term that was taken; 0 when nobody ever led
 * @param beat grows with every write, so that {@code (term, beat)} names one version of the row
 * @param writtenOn the server on which it was last taken or, before that, created
 * @param holder who holds the row, perhaps beyond the end of the lease; empty when vacant
 * @param succession who shall be next
 */
public record Row(int lockId, long term, long beat, Server writtenOn, Optional<Holder> holder, Succession succession) {

    /** Returns whether this is the same version of the row as {@code other}. */
    public boolean sameVersionAs(Row other) {
        return term == other.term && beat == other.beat;
    }

    /** Returns whether others than {@code me} are to go first if this row may be taken. */
    boolean isMeantForOthersThan(Candidate me) {
        Optional<String> heir = holder.isEmpty() ? succession.heir() : Optional.empty();
        return heir.map(named -> !me.isNamedBy(named))
                .orElse(succession.bestRival().orElse(Integer.MIN_VALUE)
                        > me.preference().priority());
    }

    /**
     * Returns whether {@code me} has better grounds to lead than this row's holder, and so may ask it to resign. Not one to
     * whom somebody has handed over, nor one for whom {@code me} has made way: that would undo what people wanted, and two
     * candidates could depose each other for ever.
     */
    boolean isForthcomingTo(Candidate me) {
        boolean lower = holder.filter(
                        leader -> leader.priority() < me.preference().priority())
                .isPresent();
        return lower
                && me.preference().preempts()
                && !me.preference().neverLeads()
                && succession.heir().isEmpty()
                && succession.request().isEmpty()
                && !succession.yieldedBy().equals(Optional.of(me.id()));
    }

    /**
     * The leader that a row names.
     *
     * @param candidate the leader's identity
     * @param address where it serves
     * @param priority how much it is wanted
     * @param version which version of the service it is, for people; empty where it did not say
     * @param phase how far it has come
     * @param lease how long each of its heartbeats is good for
     * @param refractory the last part of the lease, in which it has already stopped
     * @param electedAt the database's stamp of its election
     * @param expiresAt the database's stamp at which its lease ends
     * @param backend the session that holds its advisory lock, on the server that the row was written on
     */
    public record Holder(
            UUID candidate,
            String address,
            int priority,
            String version,
            Phase phase,
            Duration lease,
            Duration refractory,
            Instant electedAt,
            Instant expiresAt,
            Backend backend) {}

    /**
     * One server process; a process id alone is used again.
     *
     * @param pid its process id
     * @param startedAtMicros when it started, in microseconds since 1970 on the server's clock
     */
    public record Backend(int pid, long startedAtMicros) {}
}
