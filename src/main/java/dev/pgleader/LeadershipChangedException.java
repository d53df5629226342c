package dev.pgleader;

/** A process has begun or ceased to lead while it did {@linkplain LeadershipTracker#withStableLeadership what needed neither}. */
public final class LeadershipChangedException extends ElectionException {

    private static final long serialVersionUID = 1L;

    /**
     * Says that work was interrupted by a change.
     *
     * @param election the election
     * @param why what has changed
     */
    public LeadershipChangedException(String election, String why) {
        super(election, why);
    }

    /**
     * Says that work was interrupted by a change, and how it ended.
     *
     * @param election the election
     * @param why what has changed
     * @param cause what the work threw
     */
    public LeadershipChangedException(String election, String why, Throwable cause) {
        this(election, why);
        initCause(cause);
    }
}
