package dev.pgleader.internal.runtime;

import dev.pgleader.Problem;

/**
 * A session could not be opened, or can no longer be relied on: a statement's outcome may be unknown, and a lock may have
 * been granted that nobody knows of. The session must be closed, and the database read before acting again.
 */
public final class SessionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** Tells what is the matter. */
    public SessionException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    /** Tells what is the matter where no other exception did. */
    public SessionException(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    /** Returns what is the matter and what to do about it. */
    public Problem problem() {
        return problem;
    }
}
