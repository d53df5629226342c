package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Candidate;
import dev.pgleader.internal.election.Command;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Stage;
import dev.pgleader.internal.election.State;
import dev.pgleader.internal.election.Step;
import java.util.Optional;
import java.util.function.BiFunction;

/** One election that this process stands in: the core's state and the one place where it is replaced. Loop thread only. */
public final class Contender {

    private final String election;
    private final String address;
    private final Candidate candidate;
    private final Principal principal;
    private State state;

    /** Stands in an election; nothing happens before the first event. */
    public Contender(String election, String address, Candidate candidate, Principal principal, Reading now) {
        this.election = election;
        this.address = address;
        this.candidate = candidate;
        this.principal = principal;
        this.state = State.initial(now);
    }

    /**
     * Lets an event happen. What concerns the work is done here and now; the rest goes into the round.
     *
     * @param event a method of {@link State}
     */
    void step(Round round, BiFunction<State, Candidate, Step> event) {
        State before = state;
        Step step = event.apply(before, candidate);
        state = step.next();
        Transitions.log(election, before, step);
        for (Command command : step.commands()) {
            carryOut(command, round);
        }
        if (stage().isAtRest() && !before.stage().isAtRest()) {
            principal.atRest();
        }
        if (stage() == Stage.CLOSED && before.stage() != Stage.CLOSED) {
            principal.closed();
        }
    }

    private void carryOut(Command command, Round round) {
        if (command instanceof Command.StartWork start) {
            principal.elected(start.tenure(), start.basis());
        } else if (command instanceof Command.ExtendTrust extend) {
            principal.extended(extend.tenure());
        } else if (command instanceof Command.StopWork stop) {
            principal.lost(stop.term(), stop.loss());
        } else {
            round.add(this, command);
        }
    }

    String election() {
        return election;
    }

    String address() {
        return address;
    }

    Candidate candidate() {
        return candidate;
    }

    Principal principal() {
        return principal;
    }

    Optional<Reading> wakesAt() {
        return state.wakesAt();
    }

    Stage stage() {
        return state.stage();
    }
}
