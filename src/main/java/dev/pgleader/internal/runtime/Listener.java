package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.News;
import java.time.Duration;
import java.util.Map;

/** A connection that hears announcements. Listening thread only, except {@link #abort}. */
public interface Listener extends AutoCloseable {

    /**
     * Waits for announcements.
     *
     * @param atMost how long
     * @return the names of elections of which something was announced, and what was last; empty when the time was up
     * @throws SessionException if the connection is over
     */
    Map<String, News> await(Duration atMost) throws SessionException;

    /**
     * Asks the server for a sign of life.
     *
     * @throws SessionException if there is none
     */
    void ping() throws SessionException;

    /** Closes the connection at once, from any thread, even while another waits for an answer. */
    void abort();

    /** Closes the connection. Never throws. */
    @Override
    void close();
}
