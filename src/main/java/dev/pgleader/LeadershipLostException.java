package dev.pgleader;

/** Something needed a leadership that is over, or that cannot be guaranteed for as long as was asked. */
public final class LeadershipLostException extends ElectionException {

    private static final long serialVersionUID = 1L;

    /** The term that was lost. */
    private final long term;

    /**
     * Says that a leadership is over.
     *
     * @param election the election
     * @param term the term that was lost
     * @param why how it was lost
     */
    public LeadershipLostException(String election, long term, String why) {
        super(election, "term " + term + ": " + why);
        this.term = term;
    }

    /**
     * Says that a leadership is over, because something else says so.
     *
     * @param election the election
     * @param term the term that was lost
     * @param why how it was lost
     * @param cause what says so
     */
    public LeadershipLostException(String election, long term, String why, Throwable cause) {
        this(election, term, why);
        initCause(cause);
    }

    /** {@return the term that was lost} */
    public long term() {
        return term;
    }
}
