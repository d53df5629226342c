package dev.pgleader.internal.runtime;

/** A statement had no effect because somebody holds a lock in its way. The session is as good as before. */
public final class BusyException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Tells what the database said. */
    public BusyException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
