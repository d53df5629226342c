package dev.pgleader;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One leadership of this process in one election, from its election to its loss. Once lost it stays lost.
 *
 * <p>Thread-safe. Nothing here reads the database, except that {@link #ensure} waits for a heartbeat where it must, and what
 * fences: {@link #fence(Connection)}, {@link #inTransaction}, {@link #once}.
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
     * clocks do and however long this process is paused. To be called first in the transaction; heartbeats are not hindered,
     * and it holds at every isolation level, unless another {@linkplain ElectionConfig.Builder#fenceForm form} was chosen.
     *
     * <p>A transaction that stands still would keep a successor waiting. So the database ends it after the {@linkplain
     * ElectionConfig.Builder#fenceTimeout time-out} (30 s) without a statement, and from PostgreSQL 17 on after as much in
     * all, unless the session has stricter bounds of its own. The SQL function {@code pgleader.fence(election, term, at_most)}
     * does the same with a bound of the caller's choice.
     *
     * @param connection with autocommit off, to the database of the elections; its role needs usage on the schema
     * @throws LeadershipLostException if the leadership is over; the transaction can only be rolled back
     * @throws SQLException if the database could not tell
     * @throws IllegalStateException if the connection is in autocommit mode
     */
    void fence(Connection connection) throws SQLException;

    /**
     * Returns this leadership's right to write as a value, to be handed to another process or service: whoever has it fences
     * a transaction with the SQL function {@code pgleader.fence(token)}. To be had even after the loss, when the database
     * refuses it.
     *
     * @return the election and the term
     */
    Fence fence();

    /**
     * Does {@code work} in a transaction of its own that is {@linkplain #fence(Connection) fenced} before anything else:
     * borrows a connection, begins, fences, does the work, commits, and gives the connection back as it was. When the work
     * throws, the transaction is rolled back and the exception thrown on.
     *
     * <p>The work gets a view of the connection, for the length of the call. What would end the transaction or outlive it is
     * refused: {@code commit}, {@code rollback} but to a savepoint, {@code close}, {@code unwrap}, and all that sets the
     * connection's state, such as {@code setAutoCommit} and {@code setSchema}. When the work has returned, neither the view nor a statement or result set that came from it does anything
     * more. {@code statement.getConnection()} gives the view; {@code resultSet.getStatement()} alone gives the pool's own
     * object. The text {@code commit} sent as SQL is found out right after: the call then fails with an {@link SQLException}.
     *
     * <p>A call inside another is a transaction of its own, on another connection.
     *
     * @param dataSource of the elections' database, best a pool; one that shares an open transaction is refused
     * @param work what to do
     * @param <X> what it throws
     * @throws X when the work fails
     * @throws LeadershipLostException if the leadership was over before the work began, or a statement of the work was
     *     refused for it; nothing was written
     * @throws SQLException if there was no connection, or the commit failed. Where the connection broke during the commit,
     *     the transaction may have been committed or not: {@link #once} can be called again to find out
     * @throws IllegalStateException if the data source gave a connection with a transaction open
     */
    <X extends Exception> void inTransaction(DataSource dataSource, FencedWork<X> work) throws SQLException, X;

    /**
     * Does {@code work} as {@link #inTransaction} does, and returns its result.
     *
     * @param dataSource of the elections' database
     * @param work what to do
     * @param <T> the result
     * @param <X> what it throws
     * @return what the work returned, once it is committed
     * @throws X when the work fails
     * @throws LeadershipLostException as {@link #inTransaction}
     * @throws SQLException as {@link #inTransaction}
     * @throws IllegalStateException as {@link #inTransaction}
     */
    <T extends @Nullable Object, X extends Exception> T inTransactionResult(
            DataSource dataSource, FencedFunction<T, X> work) throws SQLException, X;

    /**
     * Does {@code work} exactly once per election and key, whatever crashes in between and whoever leads then. The key is
     * written in the same fenced transaction as the work, so either both are committed or neither is; whoever tries again
     * finds it and does nothing. What the work does outside that transaction, such as sending a mail, is not covered.
     *
     * <p>Two calls with the same key at the same time wait for each other: if the first fails, the second does the work.
     * Keys stay in the table {@code pgleader.done} until somebody deletes them. For once per term, put {@link #term()} into
     * the key.
     *
     * @param key what is to be done, such as {@code close-books-2026-11}: 1 to 255 characters, not blank
     * @param work as for {@link #inTransaction}, on the data source that was given to {@link Elections#connect}
     * @param <X> what it throws
     * @return true if the work was done by this call, false if it had been done before
     * @throws X when the work fails
     * @throws LeadershipLostException as {@link #inTransaction}
     * @throws SQLException as {@link #inTransaction}; after a commit whose outcome is open, call again with the same key
     * @throws IllegalArgumentException if the key is blank or too long, or holds what PostgreSQL cannot store
     */
    <X extends Exception> boolean once(String key, FencedWork<X> work) throws SQLException, X;

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

    /**
     * Has {@code listener} called each time that heartbeats are not answered and the time is running out: when no more than
     * {@code beforeEnd} {@linkplain #remaining remains}, or at once if that is so already. The place to begin nothing more that
     * takes longer, for instance. Nothing is lost yet: a heartbeat that is answered after all brings the time back, and when it
     * falls once more the listener is called again.
     *
     * <p>Not every loss is preceded by a danger. A session that ends, a resignation, and a pause of this process that is longer
     * than what remained lose the leadership without one. Nor is a listener called once the leadership is lost, though the
     * loss may follow while it runs.
     *
     * <p>The listeners of a leadership are called one at a time, in the order in which their dangers came, on threads from the
     * configured factory. A graceful hand-over waits for them, and the loss does not interrupt them: they should be short. One
     * that throws is logged. Where the factory gives no thread, that is logged, and the calls are dropped.
     *
     * @param beforeEnd how long before the end; positive, and at most {@linkplain ElectionConfig#trust() the trust} less one
     *     heartbeat interval and one statement timeout, 1.465 s by default, since more than that would be a danger while all
     *     is well
     * @param listener told what remains when it is called; that is more than {@code beforeEnd} if a heartbeat has been
     *     answered meanwhile
     * @throws IllegalArgumentException if {@code beforeEnd} is not within those bounds; the message names the values
     */
    void onDanger(Duration beforeEnd, Consumer<Duration> listener);
}
