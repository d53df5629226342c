package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;

/** Brings what a simulated database has answered to those who watch, by running {@code tell} when the answer is there. */
public interface Courier {

    /** A row. */
    void saw(Sighting seen, Runnable tell);

    /** That there is no row. */
    void sawNothing(Reading askedAt, Runnable tell);

    /** That nobody can tell. */
    void unanswerable(Runnable tell);
}
