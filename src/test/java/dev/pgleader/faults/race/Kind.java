package dev.pgleader.faults.race;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What fails in a race. In every kind candidates pause, server processes stop, answers and questions come late, and leaders
 * resign. What else fails is chosen so that no promise excludes it: see {@code docs/guarantees.md}.
 */
enum Kind {
    /** Sessions are ended, and processes killed. */
    LOCKS(Sessions.REAL, Trouble.ENDS),

    /** The same without locks, as behind a pooler. */
    ROW_ONLY(Sessions.ROW_ONLY, Trouble.ENDS),

    /** The same with locks, where the end of a session counts before its lease is over. */
    ON_SESSION_END(Sessions.REAL, Trouble.ENDS),

    /** Rows of elections are edited, removed and put back, and rows of sessions removed. */
    ELECTIONS_BY_HAND(Sessions.MIXED, Trouble.ENDS, Trouble.ELECTION_EDITS),

    /** Sessions are ended, and their rows edited. */
    SESSIONS_BY_HAND(Sessions.MIXED, Trouble.ENDS, Trouble.SESSION_EDITS),

    /** The database's clock steps, by seconds and by hours. */
    CLOCK(Sessions.MIXED, Trouble.CLOCK_STEPS),

    /** The schema is dropped and migrated anew. Only locks tell of its leaders then. */
    DROPPED(Sessions.REAL, Trouble.DROPS),

    /** Servers crash, unheard by some, and standbys are promoted that do not know what was committed last. */
    PROMOTION(Sessions.MIXED, Trouble.PROMOTIONS);

    /** What stands behind sessions. */
    private enum Sessions {
        REAL,
        ROW_ONLY,
        MIXED
    }

    /** What fails. */
    enum Trouble {
        ENDS,
        ELECTION_EDITS,
        SESSION_EDITS,
        CLOCK_STEPS,
        DROPS,
        PROMOTIONS
    }

    private final Sessions sessions;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of
    private final Set<Trouble> troubles;

    Kind(Sessions sessions, Trouble... troubles) {
        this.sessions = sessions;
        this.troubles = Set.of(troubles);
    }

    boolean has(Trouble trouble) {
        return troubles.contains(trouble);
    }

    /** Returns whether the sessions of this racer are row-only. */
    boolean isRowOnly(int racer) {
        return sessions == Sessions.ROW_ONLY || (sessions == Sessions.MIXED && racer % 2 == 1);
    }

    boolean countsSessionEnds() {
        return this == ON_SESSION_END;
    }

    /**
     * Returns for how long after the end of its session a leader is sure to be alone at least, if that is not for the whole of its
     * lease: what is promised where the end of a session counts, or where a second fault takes away what speaks for a leader.
     */
    Optional<Duration> aloneAfterSession() {
        if (countsSessionEnds()) {
            return Optional.of(Lengths.WORK);
        }
        return has(Trouble.ENDS) || has(Trouble.PROMOTIONS) ? Optional.empty() : Optional.of(Duration.ZERO);
    }
}
