package dev.pgleader.internal.runtime;

/** Where sessions come from. Thread-safe: the loop opens sessions, the listening thread opens listeners. */
public interface Database {

    /**
     * Opens the session of this process, on a server that accepts writes and has the schema.
     *
     * @throws SessionException if that cannot be done now; nothing is left open
     */
    Session openSession(Guard guard) throws SessionException;

    /**
     * Opens a connection that hears announcements from now on.
     *
     * @throws SessionException if that cannot be done now; nothing is left open
     */
    Listener openListener(Guard guard) throws SessionException;

    /** Returns what checks a term inside a user's own transaction. */
    Fencing fence();
}
