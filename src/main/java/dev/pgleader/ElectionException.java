package dev.pgleader;

/** What can go wrong in an election at run time. The message says which election and why. */
public abstract sealed class ElectionException extends RuntimeException
        permits NoLeaderException, LeaderUnknownException, LeadershipLostException, LeadershipChangedException {

    private static final long serialVersionUID = 1L;

    /** The election that this is about. */
    private final String election;

    /** What {@link #getMessage()} returns, which is never null here. */
    private final String message;

    ElectionException(String election, String why) {
        super("election '" + election + "': " + why);
        this.election = election;
        this.message = "election '" + election + "': " + why;
    }

    /** {@return which election this is about, and why} */
    @Override
    public final String getMessage() {
        return message;
    }

    /** {@return the election that this is about} */
    public final String election() {
        return election;
    }
}
