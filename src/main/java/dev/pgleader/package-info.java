/**
 * Leader election for JDBC services on nothing but the PostgreSQL they already run.
 *
 * <p><b>Use.</b> {@link dev.pgleader.Leader#run} stands in an election and calls your {@link dev.pgleader.LeadFunction}
 * when this process is elected; {@link dev.pgleader.Elections} stands in any number over one session. {@link
 * dev.pgleader.Leadership#isHeld()} tells the work whether it still leads, {@link dev.pgleader.Leader#address()} tells
 * everybody where the leader serves. {@link dev.pgleader.Schema#migrate} creates the tables.
 *
 * <p><b>How it works.</b> An election is a row. Its leader holds a session-level advisory lock and extends the row's lease
 * by a heartbeat through the session that holds the lock, so that one answer proves session, lock and row. The leader
 * trusts a heartbeat for less than the lease, counted on its own clock from before it was sent; between the end of trust
 * and the end of the lease lies the refractory period, in which nobody leads and the old leader's work stops. A candidate
 * may take the row when it holds the lock and the row is vacant, or when the lease is over and a second witness agrees:
 * the lock, if the server is still the one on which the leader was elected, else the candidate's own clock, on which the
 * row has stood still for a whole lease. Each leadership gets a new term, which is its fencing token.
 *
 * <p><b>Giving up.</b> A graceful end cancels the work, waits for it to return while heartbeats go on, commits the vacant
 * row, and only then frees the lock and announces the change. Any doubt about the session ends the leadership at once.
 *
 * <p><b>Who goes first.</b> A leader may hand over to a {@linkplain dev.pgleader.Leader#handOverTo named successor}, candidates
 * have {@linkplain dev.pgleader.CandidateConfig priorities}, and anybody with the right may ask a leader to resign in SQL. All
 * of that makes candidates wait for others, or leaders resign; it gives nobody the right to take an election.
 *
 * <p><b>Writing as leader.</b> Between the question whether one leads and the write there can be a pause of any length, so what
 * two leaders must never write goes {@linkplain dev.pgleader.Leadership#inTransaction under the fence}: the database itself
 * lets the transaction commit only while the term has not been succeeded.
 *
 * <p><b>What is not promised.</b> That callbacks never overlap needs clocks whose rates differ by less than 1 % and work
 * that stops within the refractory period. A standby that was behind when it was promoted has forgotten the last commits.
 * A pooler in transaction mode has no sessions to hold a lock in.
 */
@NullMarked
package dev.pgleader;

import org.jspecify.annotations.NullMarked;
