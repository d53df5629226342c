package dev.pgleader.internal.election;

import java.util.UUID;

/**
 * Who stands, and by which lengths. Immutable.
 *
 * @param id a random identity for this start of this process in this election
 * @param timings the candidate's own lengths
 */
public record Candidate(UUID id, Timings timings) {}
