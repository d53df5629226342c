package dev.pgleader.internal.election;

/**
 * The right to try for an election, as a sighting gave it. Immutable.
 *
 * @param basis what the right rests on
 * @param row the version of the row that must still stand when it is taken
 */
public record Claim(Basis basis, Row row) {

    /** What gives a candidate the right to take an election, once it holds the lock. */
    public enum Basis {
        /** Nobody holds the row. */
        VACANT,
        /** The lease is over on the database's clock, and a free lock on the leader's own server is the second witness. */
        LEASE_OVER,
        /** The row stood still for a whole lease on the candidate's own clock. */
        STOOD_STILL,
        /** The leader's session has ended, and the candidate has waited one refractory period since. */
        SESSION_ENDED
    }

    /** Returns whether the lease may still run on the database's clock when the row is taken. */
    public boolean mayPrecedeExpiry() {
        return basis == Basis.STOOD_STILL || basis == Basis.SESSION_ENDED;
    }
}
