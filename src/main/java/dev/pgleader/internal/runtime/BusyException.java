package dev.pgleader.internal.runtime;

/** A statement had no effect: somebody holds a lock in its way, or it took too long. The session is as good as before. */
public final class BusyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean slow;

    private BusyException(Throwable cause, boolean slow) {
        super(cause.getMessage(), cause);
        this.slow = slow;
    }

    /** Tells what the database said where something was in the way. */
    public static BusyException inTheWay(Throwable cause) {
        return new BusyException(cause, false);
    }

    /** Tells what the database said of a statement that took too long. */
    public static BusyException slow(Throwable cause) {
        return new BusyException(cause, true);
    }

    /** Returns whether the statement took too long. */
    public boolean isSlow() {
        return slow;
    }
}
