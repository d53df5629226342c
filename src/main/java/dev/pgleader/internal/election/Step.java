package dev.pgleader.internal.election;

import java.util.List;

/**
 * What an event leads to. Immutable.
 *
 * @param next the state from now on
 * @param commands what to do, in this order
 */
public record Step(State next, List<Command> commands) {

    static Step to(State next, Command... commands) {
        return new Step(next, List.of(commands));
    }
}
