package dev.pgleader;

/**
 * The database answered that nobody leads: the election is vacant or its leader's lease has run out. Usually there is a
 * leader again a moment later. Not to be mixed up with {@link LeaderUnknownException}.
 */
public final class NoLeaderException extends ElectionException {

    private static final long serialVersionUID = 1L;

    /**
     * Says that nobody leads.
     *
     * @param election the election
     * @param why what was found instead
     */
    public NoLeaderException(String election, String why) {
        super(election, why);
    }
}
