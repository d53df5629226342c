package dev.pgleader.internal.runtime;

import dev.pgleader.CandidateConfig;
import dev.pgleader.internal.election.Candidate;
import dev.pgleader.internal.election.Command;
import dev.pgleader.internal.election.Preference;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Stage;
import dev.pgleader.internal.election.State;
import dev.pgleader.internal.election.Step;
import dev.pgleader.internal.election.Timings;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One election that this process stands in: the core's state and the one place where it is replaced. Loop thread only. */
public final class Contender {

    private final String election;
    private final CandidateConfig config;
    private final Candidate candidate;
    private final Principal principal;
    private State state;
    private @Nullable Contenders others;
    private long number;

    /** Stands in an election under a random identity {@code id}; nothing happens before the first event. */
    public Contender(
            String election, CandidateConfig config, UUID id, Timings timings, Principal principal, Reading now) {
        this.election = election;
        this.config = config;
        this.candidate = new Candidate(
                id,
                config.address(),
                new Preference(config.priority(), config.preempts(), config.neverLeads()),
                timings);
        this.principal = principal;
        this.state = State.initial(now);
    }

    /** Is one of these from now on, the one of that number, and tells them when it moves on. */
    void join(Contenders all, long itsNumber) {
        others = all;
        number = itsNumber;
    }

    /** Returns a number that is higher the later it came. */
    long number() {
        return number;
    }

    /**
     * Lets an event happen. What concerns the work is done here and now; the rest goes into the round.
     *
     * @param event a method of {@link State}
     */
    void step(Round round, Reading now, Event event) {
        State before = state;
        Step step = event.happen(before, candidate, now);
        state = step.next();
        if (others != null) {
            others.moved(this, before.stage(), before.wakesAt());
        }
        Transitions.log(election, before, step);
        for (Command command : step.commands()) {
            carryOut(command, round);
        }
        if (stage().isAtRest() && !before.stage().isAtRest()) {
            principal.atRest();
        }
        if (stage() == Stage.CLOSED && before.stage() != Stage.CLOSED) {
            round.forget(this);
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

    CandidateConfig config() {
        return config;
    }

    Session.Enrolment enrolment() {
        return new Session.Enrolment(
                election, candidate.id(), config.address(), config.priority(), config.neverLeads(), config.version());
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
