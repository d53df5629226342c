package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;

/** Somebody who wants to know the row of an election and stands for nothing: told by the next look. Loop thread only. */
interface Onlooker {

    /** Returns which election. */
    String election();

    /** The row. */
    void saw(Sighting seen);

    /** There is no such row: nobody has ever stood. */
    void sawNothing(Reading askedAt);

    /** Nobody can tell, and {@code why}. */
    void unanswerable(String why);
}
