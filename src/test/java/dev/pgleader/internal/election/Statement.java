package dev.pgleader.internal.election;

import java.util.List;

/** One thing that a process of a {@link ScenarioWorld} asks of the database. */
sealed interface Statement {

    /** The kinds, the most urgent first. */
    List<String> KINDS = List.of(
            "Heartbeat",
            "Check",
            "Vacate",
            "Detach",
            "Enter",
            "Bid",
            "Lead",
            "Announce",
            "AskToResign",
            "Register",
            "Look");

    /** What the core has ordered. */
    record Ordered(Command command) implements Statement {
        @Override
        public String kind() {
            return command.getClass().getSimpleName();
        }
    }

    /** Makes the session's row. */
    record Enter() implements Statement {
        @Override
        public String kind() {
            return "Enter";
        }
    }

    /** Extends the session's row. */
    record Heartbeat() implements Statement {
        @Override
        public String kind() {
            return "Heartbeat";
        }
    }

    /** Looks whether other hands have changed the election's row. */
    record Check() implements Statement {
        @Override
        public String kind() {
            return "Check";
        }
    }

    String kind();
}
