package dev.pgleader;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One leadership of this process in one election, from its election to its loss. Once lost it stays lost.
 *
 * <p>Thread-safe. Nothing here reads the database, except that {@link #ensure} waits for a heartbeat where it must.
 *
 * <p><b>What {@link #isHeld()} promises.</b> At most one process has a leadership that says it is held, given that the
 * clocks of two machines differ in <i>rate</i> by less than 1 % (what they show does not matter) and that the work stops
 * within the refractory period after it was cancelled. A pause of this process between the question and whatever is done
 * upon the answer can be of any length; only a check that the database itself makes at the time of the write is safe
 * against that.
 */
public interface Leadership {

    /** {@return the election that is led} */
    String election();

    /**
     * Returns the fencing token: it grows at every new leadership of this election and is never issued twice. It is the
     * server's timeline and a count, a trillion apart: {@code 1000000000042} is the 42nd term on timeline 1.
     *
     * @return the term
     */
    long term();

    /**
     * Returns whether this process leads at this moment, judged anew at each call from the last answered heartbeat and
     * this machine's clocks. Takes about the time of two clock readings, and allocates nothing. Once false, always false.
     *
     * @return whether the leadership is held
     */
    boolean isHeld();

    /** {@return for how long {@link #isHeld()} will stay true even if no further heartbeat succeeds} */
    Duration remaining();

    /**
     * Makes sure of the leadership for some time ahead: returns at once if at least {@code length} {@linkplain #remaining
     * remains}, else after a heartbeat has brought it about. Waits for one statement timeout at most.
     *
     * @param length the time for which the leadership is needed
     * @throws LeadershipLostException if the leadership is lost, or could not be extended in time
     * @throws IllegalArgumentException if {@code length} is more than a fresh heartbeat gives
     * @throws InterruptedException if this thread was interrupted while it waited, for instance because the leadership
     *     was lost
     */
    void ensure(Duration length) throws InterruptedException;

    /**
     * Lets the open transaction of {@code connection} commit only while no other leadership has been taken: until the
     * transaction ends no successor can be elected, and where one has been this fails. The database decides, whatever the
     * clocks do and however long this process is paused. To be called first in the transaction; it holds at every isolation
     * level, and heartbeats are not hindered.
     *
     * <p>A transaction that stands still would keep a successor waiting. So the database ends it after 30 s without a
     * statement, and from PostgreSQL 17 on after 30 s in all, unless the session has stricter bounds of its own. The SQL
     * function {@code pgleader.fence(election, term, at_most)} does the same with a bound of the caller's choice.
     *
     * @param connection with autocommit off, to the database of the elections; its role needs usage on the schema
     * @throws LeadershipLostException if the leadership is over; the transaction can only be rolled back
     * @throws SQLException if the database could not tell
     * @throws IllegalStateException if the connection is in autocommit mode
     */
    void fence(Connection connection) throws SQLException;

    /**
     * Says that the state is restored: the process is {@link ProcessState#LEADING} from now on. Returning from the
     * {@link LeadFunction} says the same. Does nothing when said before, or after the loss.
     */
    void recovered();

    /**
     * Waits until the leadership is lost.
     *
     * @return why it was lost
     * @throws InterruptedException if this thread was interrupted first; the loss itself interrupts the thread that the
     *     {@link LeadFunction} runs on, and either may come first there
     */
    LossReason awaitLoss() throws InterruptedException;

    /**
     * Has {@code listener} called once when the leadership is lost, or now and on this thread if it is lost already.
     *
     * <p>The listeners of a leadership are called one after the other in the order in which they came, on a thread of
     * their own from the configured factory, at the same time as the {@link LeadFunction} is interrupted. By then
     * {@link #isHeld()} is false. A graceful hand-over waits for all of them, so this is the place to stop what the
     * function has started. A listener that throws is logged and keeps no other from being called.
     *
     * @param listener told why the leadership was lost
     */
    void onLoss(Consumer<LossReason> listener);
}
