package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Server;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a statement sees: everything that had been committed when it began, whatever happens until it acts. Immutable.
 *
 * @param tables the tables
 * @param now what {@code now()} says: the clock before the tables were read
 * @param commits how many commits it sees
 * @param here the server, as the session knows it
 */
record Snapshot(Tables tables, Instant now, int commits, Server here) {

    long micros() {
        return micros(now);
    }

    static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }
}
