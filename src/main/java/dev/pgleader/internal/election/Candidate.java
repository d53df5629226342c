package dev.pgleader.internal.election;

import java.util.UUID;

/**
 * Who stands, how much wanted, and by which lengths. Immutable.
 *
 * @param id a random identity for this start of this process in this election
 * @param address where it serves
 * @param preference how much it is wanted
 * @param timings the candidate's own lengths
 */
public record Candidate(UUID id, String address, Preference preference, Timings timings) {

    /** Returns whether {@code named}, the identity or the address of a candidate, means this candidate. */
    public boolean isNamedBy(String named) {
        return named.equals(id.toString()) || named.equals(address);
    }
}
