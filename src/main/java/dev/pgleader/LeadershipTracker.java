package dev.pgleader;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Promises about the near future of one candidacy: for work that takes a while and must not begin unless this process will
 * lead until it is done. Made by {@link Leader#tracker}.
 *
 * <p>Thread-safe. Tickets are given at once, whatever the database does. While all is well none of them costs a statement:
 * they are answered from the last heartbeat. Whoever was elected leads, {@link ProcessState#RECOVERING} or not.
 */
public interface LeadershipTracker extends AutoCloseable {

    /** {@return the election} */
    String electionName();

    /** {@return how far ahead this tracker promises} */
    Duration guarantee();

    /**
     * Asks whether leading is certain for {@link #guarantee()} from now on: from the moment at which the ticket is answered,
     * so it is worth nothing when read much later. True is as good as {@link Leadership#isHeld()} at every moment of that
     * time.
     *
     * <p>Answered at once, without a statement: true where enough of the last heartbeat is left, false where this process does
     * not lead. Where a heartbeat is late one is sent first, and the answer comes with its answer; false when there is none
     * before the leadership is over, so after less than {@link #guarantee()}.
     *
     * @return a ticket for the answer
     */
    Ticket<Boolean> claimLeader();

    /**
     * Waits for this process to lead.
     *
     * @return a ticket that is answered by true when it does, at once if it does already; by false when the tracker is closed
     *     before
     */
    Ticket<Boolean> waitLeader();

    /**
     * Waits until leading for {@link #guarantee()} from now on is no longer certain: when the leadership is lost, or, where
     * heartbeats are not answered, {@link #guarantee()} before it would be lost. So whoever stops within that time has stopped
     * before this process ceases to lead, even while the database hangs.
     *
     * @return a ticket that is answered by the reason
     */
    Ticket<FollowerReason> waitFollower();

    /**
     * Does {@code work} on this thread, and interrupts it when this process begins or ceases to lead. It ceases, here, when
     * {@link #waitFollower()} would be answered.
     *
     * @param work what to do; told whether this process leads, which stays so until it is interrupted
     * @param <T> its result
     * @param <X> what it throws
     * @return its result
     * @throws X if the work failed and nothing had changed before
     * @throws LeadershipChangedException if the work was interrupted because something has changed, whether it minded or not;
     *     what it threw then is the cause
     * @throws IllegalStateException if this tracker is closed
     */
    <T extends @Nullable Object, X extends Exception> T withStableLeadership(StableWork<T, X> work) throws X;

    /** Answers every ticket that is open. The candidacy goes on, and a leadership with it. Safe to call more than once. */
    @Override
    void close();
}
