package dev.pgleader.internal.election;

import java.time.Duration;

/**
 * One look at an election's row. Immutable.
 *
 * @param row what it said
 * @param seenOn the server that said it
 * @param remaining the time left of the lease on the database's clock, negative when over; meaningless when vacant
 * @param askedAt this machine's clocks before the question was sent
 * @param answeredAt this machine's clocks after the answer came
 */
public record Sighting(Row row, Server seenOn, Duration remaining, Reading askedAt, Reading answeredAt) {}
