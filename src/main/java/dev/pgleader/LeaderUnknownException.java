package dev.pgleader;

/**
 * The database could not be asked who leads, so that nobody here can tell. There may well be a leader. Not to be mixed up
 * with {@link NoLeaderException}.
 */
public final class LeaderUnknownException extends ElectionException {

    private static final long serialVersionUID = 1L;

    /**
     * Says that the leader could not be found out.
     *
     * @param election the election
     * @param why what stands in the way
     */
    public LeaderUnknownException(String election, String why) {
        super(election, why);
    }
}
