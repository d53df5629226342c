package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Basis;
import dev.pgleader.internal.election.Command;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Stage;
import dev.pgleader.internal.election.State;
import dev.pgleader.internal.election.Step;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line per transition: election, from, to, term, why. */
final class Transitions {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private Transitions() {}

    static void log(String election, State before, Step step) {
        Stage from = before.stage();
        Stage to = step.next().stage();
        if (from == to || name(from).equals(name(to))) {
            LOG.trace("election '{}': {}, {}", election, step.next(), step.commands());
            return;
        }
        LOG.info("election '{}': {} -> {}{}", election, name(from), name(to), why(step));
    }

    private static String why(Step step) {
        for (Command command : step.commands()) {
            if (command instanceof Command.StartWork start) {
                return ", term " + start.tenure().term() + ", " + because(start.basis());
            }
            if (command instanceof Command.StopWork stop) {
                return ", term " + stop.term() + ", " + because(stop.loss());
            }
            if (command instanceof Command.Vacate vacate) {
                return ", term " + vacate.term() + ", work has stopped";
            }
        }
        return "";
    }

    private static String name(Stage stage) {
        return switch (stage) {
            case STANDING -> "following";
            case UNWINDING, OUTLIVED -> "stopping";
            case RECOVERING, LEADING, DRAINING, CLOSED -> stage.name().toLowerCase(Locale.ROOT);
        };
    }

    static String because(Basis basis) {
        return switch (basis) {
            case VACANT -> "nobody led";
            case CLAIMED -> "it had led, and lost its session";
            case LEASE_OVER -> "the leader's lease was over and its lock free";
            case STOOD_STILL -> "the leader has not renewed for a whole lease";
            case SESSION_ENDED -> "the leader's session had ended";
        };
    }

    static String because(Loss loss) {
        return switch (loss) {
            case RESIGNED -> "resigned";
            case HANDED_OVER -> "handed over";
            case PREEMPTED -> "a candidate of higher priority asked for it";
            case CLOSED -> "closed";
            case FAILED -> "the work failed";
            case DEPOSED -> "the database no longer names this leader, or its lease was over";
            case EXPIRED -> "no heartbeat was answered in time";
            case SESSION_LOST -> "the session ended";
        };
    }
}
