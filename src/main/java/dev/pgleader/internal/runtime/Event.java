package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Candidate;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.State;
import dev.pgleader.internal.election.Step;
import dev.pgleader.internal.election.Succession;

/** Something that happens to an election: one of the methods of {@link State}, with what it has to be told. */
public interface Event {

    /** Has it happen now. */
    Step happen(State state, Candidate me, Reading now);

    /** The work of a leadership has restored its state. */
    static Event recovered(long term) {
        return (state, me, now) -> state.recovered(me, term, now);
    }

    /** The work of a leadership has thrown an exception. */
    static Event workFailed(long term) {
        return (state, me, now) -> state.workFailed(me, term, now);
    }

    /** The work of a leadership that was lost has returned, all of it. */
    static Event workStopped(long term) {
        return (state, me, now) -> state.workStopped(me, term, now);
    }

    /** The watchdog has cancelled a leadership. */
    static Event trustEnded(long term) {
        return (state, me, now) -> state.trustEnded(me, term, now);
    }

    /** Somebody wants another to lead. */
    static Event resignAsked(Succession.Request request) {
        return (state, me, now) -> state.resignAsked(me, request, now);
    }
}
