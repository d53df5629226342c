package dev.pgleader;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * This process's candidacy in one election, whether it leads at the moment or not.
 *
 * <p>Thread-safe. {@link #state()} and {@link #current()} do no I/O and never block.
 */
public interface Leader extends AutoCloseable {

    /**
     * Stands in the election named {@code default} with a session of its own. Returns at once; whatever keeps this
     * process from being elected is logged, shown by {@link #problem()}, and tried again.
     *
     * @param dataSource where to connect to. Two connections are opened from it, never kept from its pool
     * @param address where this process serves, for others to forward requests to: 1 to 1000 characters, not blank
     * @param lead the work of a leader
     * @return the candidacy, to be closed when this process ends
     * @throws IllegalArgumentException if the address is blank or too long
     */
    static Leader run(DataSource dataSource, String address, LeadFunction lead) {
        return Elections.runAlone(dataSource, CandidateConfig.at(address), lead);
    }

    /** {@return the election} */
    String election();

    /** {@return this candidacy's identity, random for each start, by which others can hand over to it} */
    UUID candidate();

    /**
     * Returns what this process is to the election at this moment, judged anew at each call like
     * {@link Leadership#isHeld()}. Allocates nothing.
     *
     * @return the state
     */
    ProcessState state();

    /**
     * Asks the database where the current leader serves. The answer was read after the question was put, and an expired
     * leader is none. Waits for one statement timeout at most.
     *
     * @return the leader's address, possibly this process's own
     * @throws NoLeaderException if nobody leads
     * @throws LeaderUnknownException if the database could not be asked in time, or this candidacy is closed
     */
    String address();

    /**
     * Returns the leader that was last seen, without asking anybody. It may have been replaced since; it is never one
     * whose lease is over.
     *
     * @return the last known leader, or empty if there was none or its lease has run out since
     */
    Optional<LeaderInfo> current();

    /**
     * Watches the election that this process stands in, as {@link Elections#observe} does; to the observer, this process is
     * {@link ElectionState.State#LEADER} for as long as {@link #state()} says that it leads, even before the database has told
     * anybody.
     *
     * @return an observer, to be closed when it is not needed any more; it ends with the {@link Elections}, not with this
     *     candidacy
     */
    ElectionObserver observe();

    /**
     * Makes promises about the near future of this candidacy.
     *
     * @param guarantee how far ahead; {@linkplain ElectionConfig#trust() trust}, less a heartbeat interval and a statement
     *     timeout, at most, so that heartbeats that are on time keep every promise: 1.465 s by default. Lengthen the lease for
     *     more
     * @return a tracker, to be closed when it is not needed any more, and closed with this candidacy
     * @throws IllegalArgumentException if {@code guarantee} is not positive, or too long
     */
    LeadershipTracker tracker(Duration guarantee);

    /**
     * Gives the leadership up, if this process has it, and lets others go first: cancels the work, waits for it to
     * return while heartbeats go on, and only then releases the row and the lock. This process stays a candidate and
     * stands again after one retry interval, so for that long nobody leads where nobody else can.
     *
     * <p>Waits for {@link ElectionConfig#drainTimeout()} at most. If the work has not returned by then nothing is
     * released: heartbeats stop and the lease runs out. Called from the work itself or from one of its listeners it does
     * not wait. An interrupt does not cut the wait short; it is kept for the caller.
     *
     * @return whether this process does not lead any more and nothing is left to release
     */
    boolean resign();

    /**
     * Gives the leadership up as {@link #resign()} does, in favour of a named successor: others leave the election to it for
     * one and a quarter of their retry interval, 2.5 s by default. If it is not there, or does not take over by then, anybody
     * may be next; then this process holds back for its own retry interval only. A candidate that preempts others does not
     * undo this.
     *
     * <p>Like {@link #resign()} in all else: stop comes before release, it waits for the work, and it does nothing where this
     * process does not lead or where it is named itself. To move the leadership from outside there is the SQL function
     * {@code pgleader.request_resignation(election, successor)}.
     *
     * @param successor the address that the successor serves on, or its {@linkplain #candidate() identity} as text
     * @return whether this process does not lead any more and nothing is left to release
     * @throws IllegalArgumentException if the text is blank, longer than 1000 characters, or cannot be stored
     */
    boolean handOverTo(String successor);

    /**
     * Gives the leadership up in favour of one candidate.
     *
     * @param successor its {@linkplain #candidate() identity}
     * @return whether this process does not lead any more and nothing is left to release
     * @see #handOverTo(String)
     */
    default boolean handOverTo(UUID successor) {
        return handOverTo(successor.toString());
    }

    /** {@return what keeps this process from standing} */
    Optional<Problem> problem();

    /**
     * Resigns as {@link #resign()} does, and ends this candidacy for good. Safe to call more than once, from any thread,
     * and from the work itself, where it does not wait. After it nothing comes back to life.
     */
    @Override
    void close();
}
