package dev.pgleader.internal.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the tables say of one election. Immutable.
 *
 * @param term the newest term that was taken; 0 when nobody ever led
 * @param released the term that the library itself gave back, so that the row is free at once; anything else must stand still
 * @param ownHand whether the row is the library's own writing, and was not edited, copied or restored by other hands
 * @param writing which transaction wrote it
 * @param writtenOn the server on which the library last wrote it; of its life only the history counts
 * @param lease the last holder's lease, for rows whose session is not to be found
 * @param holder who holds the row, perhaps beyond the end of the lease; empty when vacant
 * @param succession who shall be next
 */
public record Row(
        long term,
        long released,
        boolean ownHand,
        long writing,
        Server writtenOn,
        Duration lease,
        Optional<Holder> holder,
        Succession succession) {

    /** The largest term that survives JSON. A row beyond it was edited, and is taken by nobody. */
    public static final long LARGEST_TERM = (1L << 53) - 1;

    /** Returns the holder's session, where there is a holder and its session has a row. */
    public Optional<HolderSession> session() {
        return holder.flatMap(Holder::session);
    }

    /** Returns this row with its holder's session as it is now. */
    public Row withSession(Optional<HolderSession> now) {
        return new Row(
                term,
                released,
                ownHand,
                writing,
                writtenOn,
                lease,
                holder.map(held -> new Holder(
                        held.candidate,
                        held.address,
                        held.priority,
                        held.version,
                        held.phase,
                        held.refractory,
                        held.electedAt,
                        held.sessionId,
                        now)),
                succession);
    }

    /**
     * Returns whether this is the same version of the row, and of its holder's session, as {@code other}. Each writing makes a new
     * one, so that an old row which other hands put back is not taken for one that has stood still.
     */
    public boolean sameVersionAs(Row other) {
        return term == other.term
                && writing == other.writing
                && sameBeatAs(other)
                && session().map(HolderSession::writing).equals(other.session().map(HolderSession::writing));
    }

    /** Returns whether the holder's session has sent a heartbeat that {@code earlier} does not know of. */
    boolean isRenewedSince(Row earlier) {
        boolean sameSession =
                holder().map(Holder::sessionId).equals(earlier.holder().map(Holder::sessionId));
        return session().isPresent() && !(sameSession && sameBeatAs(earlier));
    }

    private boolean sameBeatAs(Row other) {
        return session().map(HolderSession::beat).equals(other.session().map(HolderSession::beat));
    }

    /** Returns whether this row and that of the holder's session are the library's own writing. */
    boolean isUntouched() {
        return ownHand && session().map(HolderSession::ownHand).orElse(true);
    }

    /** Returns whether the library itself vacated this row, or registered it where nobody could have led. */
    boolean isReleased() {
        return holder.isEmpty() && ownHand && released == term;
    }

    /**
     * Returns how long the row must stand still on a clock of one's own before it proves that nobody leads by it: the holder's
     * lease, or where none is named the longer of the last one and {@code ownLease}.
     */
    Duration outwaited(Duration ownLease) {
        Duration length = holder.isEmpty() ? longer(lease, ownLease) : lease;
        return session()
                .map(HolderSession::lease)
                .map(used -> longer(used, lease))
                .orElse(length);
    }

    /**
     * Returns for how long a heartbeat of the holder may be believed in at most: its lease, even while its session is extended by
     * more; empty where there is no holder, or its session is not to be found.
     */
    Optional<Duration> believed() {
        return session().map(HolderSession::lease).map(used -> used.compareTo(lease) < 0 ? used : lease);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** Returns whether others than {@code me} are to go first if this row may be taken. */
    boolean isMeantForOthersThan(Candidate me) {
        Optional<String> successor = holder.isEmpty() ? succession.successor() : Optional.empty();
        return successor
                .map(named -> !me.isNamedBy(named))
                .orElse(succession.bestRival().orElse(Integer.MIN_VALUE)
                        > me.preference().priority());
    }

    /** Returns whether the last leader handed this vacant row over to {@code me}. */
    boolean isHandedTo(Candidate me) {
        return holder.isEmpty() && succession.successor().filter(me::isNamedBy).isPresent();
    }

    /** Returns whether the row names {@code me}. */
    boolean names(Candidate me) {
        return holder.filter(leader -> leader.candidate().equals(me.id())).isPresent();
    }

    /**
     * Returns whether {@code me} has better grounds to lead than this row's holder, and so may ask it to resign. A leader is
     * not preempted if it was named as the successor, or if {@code me} resigned in its favour: that would undo what people
     * wanted, and two candidates could depose each other for ever.
     */
    boolean isForthcomingTo(Candidate me) {
        boolean lower = holder.filter(
                        leader -> leader.priority() < me.preference().priority())
                .isPresent();
        return lower
                && me.preference().preempts()
                && !me.preference().neverLeads()
                && succession.successor().isEmpty()
                && succession.request().isEmpty()
                && !succession.resignedBy().equals(Optional.of(me.id()));
    }

    /**
     * The leader that a row names.
     *
     * @param candidate the leader's identity
     * @param address where it serves
     * @param priority how much it is wanted
     * @param version which version of the service it is, for people; empty where it did not say
     * @param phase how far it has come
     * @param refractory the last part of its lease, in which it has already stopped
     * @param electedAt the database's stamp of its election
     * @param sessionId the session by which it leads
     * @param session that session's row; empty where there is none, or none that may be seen
     */
    public record Holder(
            UUID candidate,
            String address,
            int priority,
            String version,
            Phase phase,
            Duration refractory,
            Instant electedAt,
            int sessionId,
            Optional<HolderSession> session) {}

    /**
     * The row of the session by which a leader leads.
     *
     * @param process the process whose session it is
     * @param beat grows at each heartbeat, so that it names one version of the row
     * @param ownHand whether the row is the library's own writing
     * @param writing which transaction wrote the row
     * @param locked whether an advisory lock stands behind it
     * @param lease the length by which it was last extended
     * @param expiresAt the database's stamp at which it is over
     * @param server the server on which it lives
     */
    public record HolderSession(
            UUID process,
            long beat,
            boolean ownHand,
            long writing,
            boolean locked,
            Duration lease,
            Instant expiresAt,
            Server server) {}
}
