package dev.pgleader;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What an {@link ElectionObserver} knows of an election at a moment. Immutable.
 *
 * <p>"Nobody leads" and "cannot tell" are different answers: the first is {@link State#FOLLOWER} without a leader, the second
 * {@link State#UNKNOWN}.
 *
 * @param state what this process is to the election
 * @param leader who leads; empty where nobody does, and where it is unknown
 */
public record ElectionState(State state, Optional<LeaderInfo> leader) {

    /** Nothing is known. */
    private static final ElectionState NOTHING_KNOWN = new ElectionState(State.UNKNOWN, Optional.empty());

    /** What a process is to an election. The text form is the name in lower case. */
    public enum State {
        /** Nothing was read yet, or the database has been out of reach for longer than the lease. */
        UNKNOWN,
        /** This process does not lead. Somebody else does, or nobody. */
        FOLLOWER,
        /** This process leads; to be seen only through {@link Leader#observe()}. */
        LEADER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks that state and leader go together.
     *
     * @param state what is known
     * @param leader who leads
     * @throws IllegalArgumentException if somebody is said to lead where nothing is known, or nobody where this process does
     */
    public ElectionState {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(leader, "leader");
        boolean fits =
                switch (state) {
                    case UNKNOWN -> leader.isEmpty();
                    case FOLLOWER -> true;
                    case LEADER -> leader.isPresent();
                };
        if (!fits) {
            throw new IllegalArgumentException("state " + state + " with leader " + leader);
        }
    }

    /** {@return the state in which nothing is known} */
    public static ElectionState unknown() {
        return NOTHING_KNOWN;
    }

    /** {@return such as {@code follower of 10.0.0.7:8080 (leading, term 1000000000042)}, {@code follower, nobody leads}} */
    @Override
    public String toString() {
        if (state == State.UNKNOWN) {
            return state.toString();
        }
        return leader.map(this::describe).orElseGet(() -> state + ", nobody leads");
    }

    private String describe(LeaderInfo known) {
        String where = state == State.LEADER ? " at " : " of ";
        return state + where + known.address() + " (" + known.phase() + ", term " + known.term() + ")";
    }
}
