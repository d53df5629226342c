package dev.pgleader;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What {@link Elections#diagnose()} has found out about the surroundings, and what follows. Immutable.
 *
 * @param mode how elections can be held there
 * @param findings what was found, in the order in which it was looked for
 */
public record Diagnosis(Mode mode, List<Finding> findings) {

    /** How elections can be held. */
    public enum Mode {
        /** With advisory locks and notifications: the connection has a session of its own. */
        SESSIONS,
        /**
         * By the row and two clocks alone, since a pooler lends out server processes for single transactions. As safe; a
         * change is found out by looking, so a hand-over takes up to a retry interval, and {@link
         * Takeover#ON_SESSION_END} is the same as {@link Takeover#AFTER_LEASE}.
         */
        ROW_ONLY,
        /** Not at all, for the reason that the last finding names. */
        REFUSED
    }

    /** How much a finding matters. */
    public enum Level {
        /** As it should be. */
        GOOD,
        /** Safe, but slower or with less comfort than it could be. */
        NOTE,
        /** Keeps this process from taking part. */
        TROUBLE
    }

    /**
     * One thing that was found.
     *
     * @param level how much it matters
     * @param text what was found and, unless it is good, what to do about it
     */
    public record Finding(Level level, String text) {

        /**
         * Checks that nothing is missing.
         *
         * @param level how much it matters
         * @param text what was found
         */
        public Finding {
            Objects.requireNonNull(level, "level");
            Objects.requireNonNull(text, "text");
        }

        @Override
        public String toString() {
            return level + ": " + text;
        }
    }

    /**
     * Copies the findings.
     *
     * @param mode how elections can be held
     * @param findings what was found
     */
    public Diagnosis {
        Objects.requireNonNull(mode, "mode");
        findings = List.copyOf(findings);
    }

    /** {@return one line for the mode, and one for each finding} */
    @Override
    public String toString() {
        return findings.stream()
                .map(Finding::toString)
                .collect(Collectors.joining("\n", "elections can be held: " + mode + "\n", ""));
    }
}
