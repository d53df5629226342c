package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Candidate;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.State;
import dev.pgleader.internal.election.Step;

/** Something that happens to an election: one of the methods of {@link State}, with what it has to be told. */
public interface Event {

    /** Has it happen now. */
    Step happen(State state, Candidate me, Reading now);
}
