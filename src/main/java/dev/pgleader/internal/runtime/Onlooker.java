package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import java.util.Optional;

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

    /** Returns when it wants to be told once more, although nothing was announced; empty for the next routine look, if any. */
    default Optional<Reading> wakesAt() {
        return Optional.empty();
    }
}
