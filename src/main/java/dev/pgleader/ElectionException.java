package dev.pgleader;

/** What can go wrong in an election at run time. The message says which election and why. */
public abstract sealed class ElectionException extends RuntimeException
        permits NoLeaderException, LeaderUnknownException, LeadershipLostException {

    private static final long serialVersionUID = 1L;

    /** The election that this is about. */
    private final String election;

    ElectionException(String election, String message) {
        super("election '" + election + "': " + message);
        this.election = election;
    }

    /** {@return the election that this is about} */
    public final String election() {
        return election;
    }
}
